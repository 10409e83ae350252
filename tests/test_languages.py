"""What nobody of the shop asks for is written in the shop's language."""

from unittest.mock import patch

from ..ledger import alerts
from ..ledger.flow import SciFlow
from ..ledger.sweep import TURN, Turn
from ..server.short_transactions import ShortTransactions
from .common_review import ReviewCommon


class TestLanguages(ReviewCommon):
    def setUp(self):
        super().setUp()
        self.let_speak(self.manager, "fr_FR")
        self.company.sci_keeper_ids = self.manager

    def in_french(self, text):
        return self.said_in("fr_FR", text)

    def test_a_day_without_an_answer(self):
        view = self.start()
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        self.age(view, "followed_at", 31)
        self.age(view, "sent_at", 25 * 3600)
        self.sweep()
        item = self.items()
        text = self.in_french("No final answer within 24 hours.")
        self.assertEqual((item.text, item.activity_ids.summary), (text, text))

    def test_a_start_that_was_interrupted(self):
        with patch.object(SciFlow, "_send", return_value=None):
            view = self.start()
        for column in ("create_date", "followed_at"):
            self.age(view, column, 60)
        self.sweep()
        text = "The request was interrupted. Nothing was charged."
        self.assertEqual(self.row(view).error_message, self.in_french(text))

    def test_a_review_that_a_crash_has_left(self):
        with self.crashing_before_reviews():
            self.approved(outcome="approve", approved_amount=1000)
        self.sweep()
        text = self.in_french("The bank approved %s only.")
        self.assertIn(text.split("%s")[0], self.items().text)

    def test_an_order_that_cannot_be_finished(self):
        order = self.order(state="draft")
        with patch.object(SciFlow, "_into_order", lambda _flow, view: view):
            view = self.approved()
        order.sudo().to_invoice = True
        self.age(view, "followed_at", 21)
        self.sweep()
        reason = self.in_french("the invoice needs a customer.")
        self.assertIn(reason, self.items().text)

    def test_each_shop_has_its_own(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        chef = self._user("chef", "point_of_sale.group_pos_manager", other)
        self.let_speak(chef, "de_DE")
        other.sci_keeper_ids = chef
        self.env.flush_all()
        self.env.invalidate_all()
        listed = [(self.company.id, 1), (other.id, 2), (self.company.id, 3)]
        short = ShortTransactions(self.env(context={"lang": "en_US"}))
        found = Turn(TURN).for_shops(short, lambda env: listed)
        said = [(own.run(lambda env: env.lang), number) for own, number in found]
        self.assertEqual(said, [("fr_FR", 1), ("de_DE", 2), ("fr_FR", 3)])
        self.assertEqual(short.run(lambda env: env.lang), "en_US")

    def test_a_shop_without_keepers(self):
        with patch.object(alerts, "keepers", return_value=self.env["res.users"]):
            for code in ("fr_FR", False):
                self.company.partner_id.lang = code
                self.assertEqual(alerts.language(self.company), code or None)

    def test_a_language_that_is_not_installed(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'fr_FR'")
        self.env.registry.clear_cache("stable")
        self.assertFalse(alerts.language(self.company))

from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..kiosk.view import PATIENCE, sentences
from ..ledger import asking
from .common import SciCommon

ROUTE = "/mx51_sci/kiosk/"


@tagged("-standard", "sci_all_modules")
class KioskCommon(SciCommon, HttpCase):
    """A kiosk of ``pos_self_order`` whose only method is the card."""

    def registry_enter_test_mode(self, **kwargs):
        """HttpCase has done so for the whole class."""

    def setUp(self):
        super().setUp()
        self.kiosk = self.register
        self.kiosk.write(
            {
                "self_ordering_mode": "kiosk",
                "self_ordering_pay_after": "each",
                "self_ordering_service_mode": "counter",
                "self_ordering_default_user_id": self.cashier.id,
                "use_presets": False,
            }
        )
        self.open_session()
        self.pair()
        self.order = self.ordered()

    def ordered(self, uuid="order-1", total=12.5):
        order = self.draft(total, uuid=uuid)
        order.write({"source": "kiosk", "tracking_number": "K1-001"})
        return order

    def call(self, call, **changes):
        """What the kiosk's page sends; ``None`` stands for a refusal."""
        order = changes.pop("order", self.order)
        params = {
            "access_token": self.kiosk.access_token,
            "order_uuid": order.uuid,
            "order_token": order.access_token,
            **changes,
        }
        self.env.flush_all()
        answer = self.url_open(ROUTE + call, json={"params": params}, method="POST")
        self.env.invalidate_all()
        return answer.json().get("result")

    def pay(self, **changes):
        return self.call("start", **{"payment_method_id": self.method.id, **changes})

    def poll(self, view, **changes):
        version, state = view["version"], view["state"]
        return self.call("poll", version=version, state=state, **changes)

    def until(self, state, view):
        for _poll in range(20):
            if view["state"] == state:
                return view
            view = self.poll(view)
        self.fail(f"never {state}: {view}")

    def rows(self):
        return self.env["pos.sci.transaction"].search([], order="id")


class TestKiosk(KioskCommon):
    SHOWN = {
        *("id", "version", "held", "wait", "may_cancel"),
        *("state", "text", "number", "cancel_state"),
    }

    def test_approved_paid_and_numbered(self):
        view = self.pay()
        self.assertEqual((view["state"], view["number"]), ("waiting", False))
        self.present()
        view = self.until("paid", view)
        self.assertEqual(view["number"], "K1-001")
        self.assertEqual(self.order.state, "paid")
        self.assertEqual(self.order.payment_ids.amount, 12.5)
        self.assertFalse(self.env["pos.sci.review"].search([]))

    def test_a_surcharge_is_the_registers(self):
        self.kiosk.sci_surcharge_rate = 2
        view = self.pay()
        self.present()
        self.until("paid", view)
        self.assertEqual(self.order.state, "paid")
        self.assertEqual(self.order.amount_total, 12.75)

    def test_declined_then_approved(self):
        view = self.pay()
        self.present("decline")
        view = self.until("not_paid", view)
        self.assertTrue(view["text"])
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.pay()["id"], view["id"], "a late duplicate")
        view = self.pay(known=view["id"])
        self.present()
        self.until("paid", view)
        self.assertEqual(self.rows().mapped("attempt"), [1, 2])
        self.assertEqual(len(self.order.payment_ids), 1)

    def test_one_live_payment(self):
        views = [self.pay(), self.pay()]
        self.assertEqual(views[0]["id"], views[1]["id"])
        self.assertEqual(len(self.upstream()), 1)
        self.present()
        self.until("paid", views[0])
        again = self.pay()
        self.assertEqual(again["state"], "paid")
        self.assertEqual(len(self.upstream()), 1)

    def test_cancelled(self):
        view = self.pay()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.call("cancel")
        self.until("not_paid", view)
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.sandbox.get("charges"))

    def test_what_becomes_of_cancel(self):
        view = self.pay()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.fault("/v1/transactions/.+/cancel", "drop_before", method="POST")
        view = self.call("cancel")
        self.assertEqual(
            (view["state"], view["cancel_state"]), ("waiting", "no_answer")
        )
        self.assertIn("Please press Cancel again", view["text"])
        self.assertTrue(view["may_cancel"])
        view = self.call("cancel")
        self.assertIn(view["cancel_state"], ("sent", "accepted"))
        self.assertIn("is being cancelled", view["text"])
        self.assertFalse(view["may_cancel"])
        self.until("not_paid", view)

    def test_a_page_that_wakes_is_answered_at_once(self):
        view = self.pay()
        with patch.object(asking, "held") as held:
            self.assertEqual(self.poll(view, hold=False)["state"], "waiting")
        self.assertFalse(held.called)

    def test_the_terminal_is_off(self):
        self.sandbox.terminal("online", on=False)
        view = self.pay()
        self.assertEqual(view["state"], "not_paid")
        self.assertEqual(self.order.state, "draft")

    def test_no_answer_calls_the_staff(self):
        register = self._register("Counter")
        self.open_session(register)
        view = self.pay()
        self.sandbox.fault("/v1/transactions/.+", "drop_before", method="GET", times=50)
        self.age(view, "silent_since", PATIENCE)
        view = self.until("staff", view)
        self.assertIn("staff", view["text"])
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.rows().status, "PENDING")

    def test_what_was_not_started_is_not_paid(self):
        for call in ("poll", "cancel"):
            changes = {"version": 0} if call == "poll" else {}
            view = self.call(call, **changes)
            self.assertEqual((view["state"], view["version"]), ("not_paid", 0))
            self.assertEqual(set(view), self.SHOWN)

    def test_other_payments_are_the_counters(self):
        journal = self.company_data["default_journal_bank"]
        bank = self.env["pos.payment.method"].create(
            {"name": "Bank", "journal_id": journal.id}
        )
        kiosk = self.kiosk.with_context(bypass_payment_method_ids_forbidden_change=True)
        kiosk.payment_method_ids += bank
        payment = {"amount": 11.5, "payment_method_id": bank.id}
        self.order.payment_ids = [(0, 0, {"uuid": "said", **payment})]
        view = self.pay()
        self.assertEqual(view["state"], "not_paid")
        self.assertEqual(view["text"], "Please pay at the counter.")
        self.assertFalse(self.upstream())

    def test_an_approval_whose_order_grew_meanwhile(self):
        view = self.pay()
        self.sync(self.payload("order-1", [("more", 5)], amount_total=17.5))
        self.present()
        view = self.until("staff", view)
        self.assertIn("approved", view["text"])
        self.assertEqual(self.order.state, "draft")

    def test_nothing_is_due(self):
        view = self.pay()
        self.present()
        self.until("paid", view)
        self.assertEqual(self.pay()["state"], "paid")

    # -- who may -----------------------------------------------------------------------

    def test_tokens(self):
        other = self.ordered("order-2")
        for changes in (
            {"access_token": "wrong"},
            {"access_token": None},
            {"access_token": {"$ne": 1}},
            {"order_token": "wrong"},
            {"order_token": other.access_token},
            {"order_token": False},
            {"order_uuid": "wrong"},
            {"order_uuid": [self.order.uuid]},
            {"payment_method_id": 0},
        ):
            with self.subTest(**changes):
                self.assertIsNone(self.pay(**changes))
        self.assertFalse(self.upstream())
        self.assertFalse(self.rows())

    def test_a_register_that_is_no_kiosk(self):
        self.kiosk.self_ordering_mode = "nothing"
        self.assertIsNone(self.pay())
        self.assertFalse(self.upstream())

    def test_an_order_of_another_register(self):
        bar = self._register("Counter")
        payload = self.payload("bar-order", [("line", 5)], register=bar)
        order = self.sync(payload)
        self.assertIsNone(self.pay(order=order))
        self.assertFalse(self.upstream())

    def test_what_a_customer_is_told(self):
        view = self.pay()
        self.present()
        view = self.until("paid", view)
        row = self.row(view)
        self.assertTrue(row.merchant_receipt)
        self.assertEqual(set(view), self.SHOWN)

    def test_what_a_kiosk_loads(self):
        data = self.kiosk.with_user(self.cashier).load_self_data()
        methods = data["pos.payment.method"]
        self.assertEqual([method["id"] for method in methods], self.method.ids)
        for told in (self.terminal.pairing_id, self.terminal.tid, "'sci_", "'_sci_"):
            self.assertNotIn(told, str(data))
        self.assertTrue(self.kiosk.has_valid_self_payment_method())

    def test_a_register_that_serves_by_qr_code_takes_no_card(self):
        self.kiosk.self_ordering_mode = "mobile"
        data = self.kiosk.with_user(self.cashier).load_self_data()
        self.assertFalse(data["pos.payment.method"])
        self.assertIsNone(self.pay())


class TestKioskLanguages(KioskCommon):
    """The customer reads the language chosen at the kiosk, the shop its own."""

    def setUp(self):
        super().setUp()
        self.let_speak(self.manager, "de_DE")
        self.company.sci_keeper_ids = self.manager
        activate = self.env["res.lang"]._activate_lang
        self.english, self.french = activate("en_US"), activate("fr_FR")
        self.kiosk.write(
            {
                "self_ordering_available_language_ids": (
                    self.english | self.french
                ).ids,
                "self_ordering_default_language_id": self.english.id,
            }
        )

    def choose(self, code):
        """What the kiosk's page does."""
        self.opener.cookies["frontend_lang"] = code

    def sentence(self, key, code):
        return sentences(self.env(context={"lang": code}))[key]

    def test_all_that_is_said(self):
        self.choose("fr_FR")
        for call, changes in (("poll", {"version": 0}), ("cancel", {})):
            text = self.call(call, **changes)["text"]
            self.assertEqual(text, self.sentence("not_made", "fr_FR"))
        view = self.pay()
        self.present()
        view = self.until("paid", view)
        self.assertEqual(view["text"], self.sentence("thanks_card", "fr_FR"))
        cancelled = self.ordered("order-2")
        cancelled.sudo().state = "cancel"
        text = self.pay(order=cancelled)["text"]
        self.assertEqual(text, self.sentence("order_cancelled", "fr_FR"))

    def test_what_is_kept_is_for_the_shop(self):
        self.sandbox.terminal("online", on=False)
        self.choose("fr_FR")
        text = self.pay()["text"]
        self.assertEqual(text, self.sentence("no_card", "fr_FR"))
        text = (
            "The terminal is not connected. "
            "Please check network and terminal connections and try again."
        )
        self.assertEqual(self.rows().error_message, self.said_in("de_DE", text))

    def test_a_language_that_the_kiosk_does_not_offer(self):
        gone = self.env["res.lang"].with_context(active_test=False)
        gone = gone.search([("code", "=", "es_ES")])
        for code in ("de_DE", "xx", ""):
            self.choose(code)
            for own, said in (
                (self.french, "fr_FR"),
                (self.english, "en_US"),
                (gone, "de_DE"),
            ):
                with self.subTest(code=code, own=own.code):
                    self.kiosk.self_ordering_default_language_id = own
                    text = self.call("cancel")["text"]
                    self.assertEqual(text, self.sentence("not_made", said))

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_doors import DoorsCommon


@tagged("-standard", "sci_all_modules")
class TestOnlinePayments(DoorsCommon):
    """A phone pays through ``pos_online_payment`` while a terminal asks for a card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Web", "code": "none", "state": "test", "is_published": True}
        )
        cls.online = cls.env["pos.payment.method"].create(
            {
                "name": "Online",
                "is_online_payment": True,
                "online_payment_provider_ids": cls.provider.ids,
            }
        )
        cls.register.payment_method_ids |= cls.online

    def leave_drafts(self):
        """The server finishes them here."""

    def phone_pays(self, order, amount=12.5):
        """The provider has the money: what Odoo does once it knows."""
        currency, partner = order.currency_id, self.env.user.partner_id
        payment = self.env["account.payment"].create(
            {
                "amount": amount,
                "payment_type": "inbound",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"Phone {order.id}",
                "amount": amount,
                "currency_id": currency.id,
                "partner_id": partner.id,
                "pos_order_id": order.id,
                "payment_id": payment.id,
                "state": "done",
            }
        )
        transaction._process_pos_online_payment()
        self.env.flush_all()

    def test_a_phone_is_not_asked_for_what_a_card_may_still_pay(self):
        order = self.order(state="draft")
        self.assertEqual(order.get_amount_unpaid(), 12.5)
        view = self.start()
        self.assertEqual(order.get_amount_unpaid(), 0)
        self.present("decline")
        self.follow(view)
        self.assertEqual(order.get_amount_unpaid(), 12.5)

    def test_a_phone_has_paid_and_the_card_is_approved_too(self):
        order = self.order(state="draft")
        view = self.start()
        self.phone_pays(order)
        self.assertEqual(order.state, "draft")
        self.assertIn(self.online, order.payment_ids.payment_method_id)
        self.assertFalse(self.items())
        self.present()
        self.follow(view)
        self.age(view, "followed_at", 21)
        self.sweep()
        self.assertEqual(self.items().mapped("kind"), ["order_unfinished"])

    def test_nobody_else_pays_meanwhile(self):
        order = self.in_state("open")
        paid = {
            "pos_order_id": order.id,
            "amount": 12.5,
            "payment_method_id": self.cash.id,
        }
        with self.assertRaises(UserError):
            self.call(order, "add_payment", paid, context={"sci_is_taken": True})

    def test_a_phone_has_paid_and_the_card_is_declined(self):
        order = self.order(state="draft")
        view = self.start()
        self.phone_pays(order)
        self.present("decline")
        self.follow(view)
        self.assertEqual(order.get_amount_unpaid(), 0)
        self.call(order, "action_pos_order_paid")
        self.assertEqual(order.payment_ids.payment_method_id, self.online)
        self.assertFalse(self.items())

    def test_a_phone_has_paid_an_order_that_a_card_has_finished(self):
        order = self.in_state("finished")
        self.phone_pays(order)
        self.assertEqual(self.items().mapped("kind"), ["changed_after"])

    def test_a_phone_has_paid_what_is_invoiced_already(self):
        order = self.in_state("finished")
        order.partner_id = self.env["res.partner"].create({"name": "Ada"})
        order.sudo().action_pos_order_invoice()
        self.let_speak(self.manager, "fr_FR")
        self.company.sci_keeper_ids = self.manager
        with self.assertLogs("odoo.addons.pos_mx51_sci.modules.online", "WARNING"):
            self.phone_pays(order)
        self.assertNotIn(self.online, order.payment_ids.payment_method_id)
        item = self.items().filtered(lambda it: it.kind == "order_unfinished")
        text = (
            "%(amount)s was paid online for %(order)s, but is not in the order: "
            "%(reason)s"
        )
        said = self.said_in("fr_FR", text).split("%(order)s")[1].split("%(reason)s")[0]
        self.assertIn(said, item.text, "the shop reads it, not the customer")

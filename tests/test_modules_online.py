from odoo.exceptions import UserError
from odoo.tests import tagged

from ..ledger.flow import SciFlow
from .common import SciCommon
from .common_doors import DoorsCommon
from .test_kiosk import KioskCommon


class OnlineCommon(SciCommon):
    """A register whose customers may also pay through ``pos_online_payment``."""

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
        cls.company.point_of_sale_update_stock_quantities = "real"

    def phone_pays(self, order, amount=12.5, name="Phone"):
        """The provider has the money: what Odoo does once it knows.

        :return: the transaction
        """
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
                "reference": f"{name} {order.id}",
                "amount": amount,
                "currency_id": currency.id,
                "partner_id": partner.id,
                "pos_order_id": order.id,
                "payment_id": payment.id,
                "state": "done",
            }
        )
        transaction._post_process()
        self.env.flush_all()
        return transaction


@tagged("-standard", "sci_all_modules")
class TestOnlinePayments(OnlineCommon, DoorsCommon):
    """A phone pays while a terminal asks for a card."""

    def leave_drafts(self):
        """The server finishes them here."""

    def assert_paid_online(self, order):
        self.assertEqual(order.state, "paid")
        self.assertTrue(order.picking_ids)
        self.assertEqual(order.payment_ids.payment_method_id, self.online)
        self.assertFalse(self.items())

    def told(self):
        """Each text that somebody was told."""
        return self.items().activity_ids.mapped("summary")

    def test_a_phone_is_not_asked_for_what_a_card_may_still_pay(self):
        order = self.order(state="draft")
        self.assertEqual(order.get_amount_unpaid(), 12.5)
        view = self.start()
        self.assertEqual(order.get_amount_unpaid(), 0)
        self.present("decline")
        self.follow(view)
        self.assertEqual(order.get_amount_unpaid(), 12.5)

    def test_a_phone_is_asked_for_a_part_whatever_a_register_saves(self):
        order = self.order(state="draft")
        order.get_and_set_online_payments_data(7.5)
        self.sync(order, next_online_payment_amount=0)
        self.assertEqual(order._get_checked_next_online_payment_amount(), 7.5)

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
        self.assertTrue(self.phone_pays(order).is_post_processed)
        self.assertEqual(order.state, "draft")
        self.present("decline")
        self.assertEqual(self.follow(view)["order_state"], "paid")
        self.assert_paid_online(order)

    def test_a_phone_has_paid_and_the_card_is_cancelled(self):
        order = self.order(state="draft")
        view = self.start()
        self.phone_pays(order)
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.follow(view)
        self.assert_paid_online(order)

    def test_a_phone_has_paid_and_the_card_was_not_according_to_a_person(self):
        order = self.order(state="draft")
        self.approved(outcome="unknown_charged")
        self.phone_pays(order)
        row = self.env["pos.sci.transaction"].search([])
        view = self.rpc(row, "sci_override", False, "Empty", user=self.cashier)
        self.assertEqual((view["order_state"], order.state), ("paid", "paid"))
        self.assertEqual(self.items().mapped("kind"), ["unverified"])

    def test_a_phone_has_paid_and_nobody_follows_the_card(self):
        order = self.order(state="draft")
        view = self.start()
        self.phone_pays(order)
        self.present("decline")
        flow = SciFlow(self.env(user=self.cashier))
        while view["unresolved"]:
            view = flow.poll(view["id"], view["version"], finish=False)
        self.sweep()
        self.assertEqual(order.state, "draft", "the register may validate it")
        self.age(view, "followed_at", 21)
        self.sweep()
        self.assert_paid_online(order)

    def gift_cards(self):
        Program = self.env["loyalty.program"].sudo()
        program = Program.browse(Program.create_from_template("gift_card")["res_id"])
        reports = self.env["ir.actions.report"].sudo()
        of_cards = [("model", "=", "loyalty.card")]
        program.pos_report_print_id = reports.search(of_cards, limit=1)
        return program

    def finished_with(self, card, points, program):
        """A phone has paid an order with coupons, and no register has booked them."""
        values = {"points": points, "program_id": program.id, "barcode": ""}
        order = self.order(state="draft")
        coupons = {str(card): {**values, "coupon_id": card}}
        self.assertTrue(self.rpc(order, "sci_keep_coupons", coupons)["successful"])
        view = self.start()
        self.phone_pays(order)
        self.present("decline")
        self.follow(view)
        self.assert_paid_online(order)
        return order

    def test_a_gift_card_that_a_phone_has_paid_is_issued(self):
        program = self.gift_cards()
        order = self.finished_with(-1, 12.5, program)
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date - interval '30 s'"
        )
        self.sweep()
        card = self.env["loyalty.card"].sudo().search([("program_id", "=", program.id)])
        self.assertEqual((card.points, card.source_pos_order_id), (12.5, order))
        self.assertFalse(self.items())

    def test_what_a_phone_has_paid_holds_its_gift_card(self):
        program = self.gift_cards()
        values = {"program_id": program.id, "points": 30}
        card = self.env["loyalty.card"].sudo().create(values)
        self.finished_with(card.id, -20, program)
        asked = {str(card.id): -20}, []
        Order = self.env["pos.order"]
        answer = self.rpc(Order, "validate_coupon_programs", *asked)
        self.assertFalse(answer["successful"])

    def test_a_phone_has_paid_a_part_and_the_card_is_declined(self):
        order = self.order(state="draft")
        view = self.start()
        self.phone_pays(order, 5)
        self.present("decline")
        self.age(self.follow(view), "followed_at", 21)
        self.sweep()
        self.assertEqual((order.state, order.get_amount_unpaid()), ("draft", 7.5))
        self.assertFalse(self.items())

    def test_a_phone_has_paid_what_cannot_be_finished(self):
        order = self.order(state="draft")
        view = self.start()
        self.phone_pays(order)
        order.sudo().to_invoice = True
        self.present("decline")
        self.follow(view)
        self.assertEqual(order.state, "draft")
        (told,) = self.told()
        self.assertIn("12.50 is paid", told)
        self.assertIn("the invoice needs a customer", told)
        order.sudo().to_invoice = False
        self.age(view, "followed_at", 21)
        self.sweep()
        self.assertEqual(order.state, "paid")

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
        logger = "odoo.addons.pos_mx51_sci.modules.online"
        with self.assertLogs(logger, "WARNING") as log:
            first = self.phone_pays(order)
            second = self.phone_pays(order, name="Another phone")
            first._process_pos_online_payment()
        self.assertNotIn(self.online, order.payment_ids.payment_method_id)
        item = self.items().filtered(lambda it: it.kind == "order_unfinished")
        self.assertIn("ValidationError in", log.output[0])
        reason = item.text.splitlines()[0].rpartition(": ")[2]
        self.assertNotIn(reason, "\n".join(log.output), "it may name a customer")
        text = (
            "%(amount)s was paid online for %(order)s, but is not in the order: "
            "%(reason)s"
        )
        said = self.said_in("fr_FR", text).split("%(order)s")[1].split("%(reason)s")[0]
        self.assertIn(said, item.text, "the shop reads it, not the customer")
        self.assertEqual(item.activity_ids.mapped("summary"), item.text.splitlines())
        for transaction, text in zip(
            first | second, item.text.splitlines(), strict=True
        ):
            self.assertIn(f"({transaction.reference})", text)

    def test_a_phone_that_pays_after_the_review(self):
        order = self.in_state("finished")
        order.partner_id = self.env["res.partner"].create({"name": "Ada"})
        order.sudo().action_pos_order_invoice()
        with self.assertLogs("odoo.addons.pos_mx51_sci.modules.online", "WARNING"):
            first = self.phone_pays(order)
            item = self.items().filtered(lambda it: it.kind == "order_unfinished")
            self.rpc(item, "action_fine")
            first._process_pos_online_payment()
            self.assertEqual(item.state, "done", "it was looked at")
            self.phone_pays(order, name="Another phone")
        self.assertEqual(item.state, "open")
        self.assertIn("Another phone", item.activity_ids.summary)


@tagged("-standard", "sci_all_modules")
class TestOnlineAtKiosk(OnlineCommon, KioskCommon):
    """A phone pays a kiosk's order while its terminal asks for a card."""

    def pay_by_both(self, by_phone=12.5):
        view = self.pay()
        self.phone_pays(self.order, by_phone)
        self.assertEqual(self.order.state, "draft")
        return view

    def test_the_card_is_declined(self):
        view = self.pay_by_both()
        self.present("decline")
        view = self.until("paid", view)
        self.assertEqual(view["number"], "K1-001")
        self.assertEqual(view["text"], "Thank you. Your order is paid.")
        self.assertEqual(self.order.state, "paid")
        self.assertEqual(self.pay(known=view["id"])["state"], "paid")
        self.assertEqual(len(self.upstream()), 1)

    def test_the_card_is_cancelled(self):
        view = self.pay_by_both()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.call("cancel")
        self.until("paid", view)

    def test_a_part_is_paid_by_phone(self):
        view = self.pay_by_both(5)
        self.present("decline")
        view = self.until("not_paid", view)
        self.assertIn("declined", view["text"])
        view = self.pay(known=view["id"])
        self.assertEqual(view["text"], "Please pay at the counter.")

    def test_the_order_cannot_be_finished(self):
        """Nobody is asked to pay again."""
        view = self.pay_by_both()
        self.order.sudo().to_invoice = True
        self.present("decline")
        view = self.until("staff", view)
        self.assertEqual(view["text"], "Please call our staff.")
        self.assertEqual(self.pay(known=view["id"])["state"], "staff")
        self.order.sudo().to_invoice = False
        self.until("paid", view)

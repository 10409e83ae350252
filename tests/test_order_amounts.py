from odoo.exceptions import UserError

from .common import SciCommon


class TestOrderAmounts(SciCommon):
    """What is asked of the terminal is what the order on the server says."""

    def setUp(self):
        super().setUp()
        self.pair()
        cards = [("payment-1", 12.5)]
        self.order = self.draft(12.5, cards, "order-of-payment-1")

    def test_another_amount_is_refused(self):
        self.assertEqual(self.start(amount=1)["error"]["code"], "wrong_amount")
        self.assertFalse(self.upstream())

    def test_a_started_payment_ties_its_order_down(self):
        view = self.start()
        self.assertEqual(view["status"], "PENDING")
        with self.assertRaises(UserError):
            self.order.payment_ids.unlink()
        with self.assertRaises(UserError):
            self.order.action_pos_order_cancel()
        with self.assertRaises(UserError):
            self.order.unlink()
        (resumed,) = self.rpc(
            self.env["pos.sci.transaction"],
            "sci_resume",
            self.register.id,
            user=self.cashier,
        )
        self.assertEqual(resumed["id"], view["id"])

    def test_a_tip_is_part_of_the_payment_and_goes_apart(self):
        on_top = {"purchase_amount": 1250, "tip_amount": 100}
        self.assertEqual(self.start(amounts=on_top)["error"]["code"], "wrong_amount")
        amounts = {"purchase_amount": 1150, "tip_amount": 100}
        self.assertEqual(self.start(attempt=2, amounts=amounts)["status"], "PENDING")
        (create,) = self.upstream()
        sent = create["request_body"]["purchase_details"]
        self.assertEqual(sent, {**amounts, "surcharge_amount": 0})

    def test_a_surcharge_comes_on_top_of_the_payment(self):
        self.register.sci_surcharge_rate = 2
        amounts = {"purchase_amount": 1250, "surcharge_amount": 25}
        self.assertEqual(self.start(amounts=amounts)["status"], "PENDING")

    def test_a_customer_is_needed_before_the_charge(self):
        customer = self.env["res.partner"].create({"name": "Ada"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_payment_method SET split_transactions = TRUE WHERE id = %s",
            [self.method.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.start()["error"]["code"], "customer_required")
        self.assertFalse(self.upstream())
        self.order.partner_id = customer
        self.assertEqual(self.start(attempt=2)["status"], "PENDING")

    def test_an_invoice_needs_a_customer_before_the_charge(self):
        self.order.to_invoice = True
        self.assertEqual(self.start()["error"]["code"], "customer_required")
        self.assertFalse(self.upstream())

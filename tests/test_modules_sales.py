from odoo.tests import tagged

from .common import SciCommon


@tagged("-standard", "sci_all_modules")
class TestQuotations(SciCommon):
    """Quotations of ``pos_sale`` that a card is to pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        product = cls.env["product.product"].create(
            {"name": "Table", "list_price": 100, "taxes_id": False}
        )
        cls.quotation = (
            cls.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": cls.env["res.partner"].create({"name": "Ada"}).id,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "tax_ids": False})
                    ],
                }
            )
        )
        cls.register.down_payment_product_id = cls.env["product.product"].create(
            {"name": "Down payment", "type": "service", "taxes_id": False}
        )

    def setUp(self):
        super().setUp()
        self.pair()

    def deposit(self, amount=12.5, **changes):
        payload = self.payload(
            "order-of-payment-1",
            [("deposit", amount)],
            [("payment-1", amount)],
            **changes,
        )
        values = payload["lines"][0][2]
        values["product_id"] = self.register.down_payment_product_id.id
        values["sale_order_origin_id"] = self.quotation.id
        return payload

    def settling(self):
        payload = self.payload(
            "order-of-payment-1", [("all", 100)], [("payment-1", 100)]
        )
        values = payload["lines"][0][2]
        values["product_id"] = self.quotation.order_line.product_id.id
        values["sale_order_origin_id"] = self.quotation.id
        values["sale_order_line_id"] = self.quotation.order_line.id
        return payload

    def declined(self, amount=1250):
        view = self.start(amount=amount)
        self.present("decline", response_code="051")
        self.assertEqual(self.follow(view)["financial_status"], "DECLINED")

    def assert_as_before(self):
        self.assertEqual(len(self.quotation.order_line), 1)
        self.assertEqual(self.quotation.amount_unpaid, 100)
        self.assertEqual(self.quotation.amount_to_invoice, 100)
        self.assertEqual(self.quotation.state, "draft")
        self.assertFalse(self.quotation.pos_order_line_ids)

    def test_a_down_payment_that_nobody_paid(self):
        order = self.sync(self.deposit())
        self.declined()
        self.assertEqual(len(self.quotation.order_line), 1)
        self.rpc(order, "action_pos_order_cancel", user=self.cashier)
        self.assert_as_before()

    def test_a_down_payment_that_was_saved_before_the_card_was_chosen(self):
        order = self.sync(self.deposit(payment_ids=[]))
        self.assertEqual(len(self.quotation.order_line), 3)
        self.rpc(order, "action_pos_order_cancel", user=self.cashier)
        self.assert_as_before()

    def test_a_down_payment_that_was_paid(self):
        order = self.sync(self.deposit())
        view = self.start()
        self.present()
        self.follow(view)
        self.sync({**self.deposit(), "state": "paid", "lines": [], "payment_ids": []})
        self.assertEqual(order.state, "paid")
        section, deposit = self.quotation.order_line[1:]
        self.assertEqual(section.display_type, "line_section")
        self.assertEqual(deposit.pos_order_line_ids, order.lines)
        self.assertEqual(deposit.price_unit, 12.5)
        self.assertEqual(self.quotation.amount_unpaid, 87.5)

    def test_a_settling_that_nobody_paid(self):
        order = self.sync(self.settling())
        self.declined(10000)
        self.assertEqual(self.quotation.amount_unpaid, 0)
        self.rpc(order, "action_pos_order_cancel", user=self.cashier)
        self.assert_as_before()

    def test_a_settling_leaves_older_down_payments(self):
        self.test_a_down_payment_that_was_paid()
        deposit = self.quotation.order_line[2]
        payload = self.payload(
            "order-of-payment-2", [("less", -12.5)], [("payment-2", 0)]
        )
        values = payload["lines"][0][2]
        values["sale_order_origin_id"] = self.quotation.id
        values["sale_order_line_id"] = deposit.id
        order = self.sync(payload)
        self.rpc(order, "action_pos_order_cancel", user=self.cashier)
        self.assertEqual(self.quotation.order_line[2:], deposit)
        self.assertEqual(self.quotation.amount_unpaid, 87.5)

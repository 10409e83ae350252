from odoo.tests import tagged

from .common_tours import SciTourCommon


@tagged("post_install", "-at_install")
class TestTours(SciTourCommon):
    """Real Chromium at the register, somebody at the virtual terminal."""

    def test_pair_test_and_sell(self):
        shown = self.sandbox.terminal("start_pairing")

        def merchant(person):
            person.see("confirm_pairing")
            person.touch("confirm")

        with self.customer(merchant):
            self.start_tour(
                f"/odoo/pos.sci.terminal/{self.terminal.id}",
                "pos_mx51_sci.pair",
                login="pos_admin",
                cookies={"sci_pairing_code": shown["pairing_code"]},
            )
        self.terminal.invalidate_recordset()
        self.assertEqual(self.terminal.state, "paired")
        self.main_pos_config.sci_close_after = 4
        self.sell("pos_mx51_sci.sale", lambda person: person.present("approve"))
        order = self.assert_sold("Card")
        self.assert_charged(510)
        row = self.rows()
        self.assertEqual(row.payment_uuid, order.payment_ids.uuid)
        self.assertEqual(row.pos_order_id, order)
        self.assertIn(row.customer_receipt, order.payment_ids.ticket)

    def test_decline_then_approve(self):
        self.pair()

        def story(person):
            person.present("decline", response_code="051")
            person.present("approve")

        self.sell("pos_mx51_sci.decline", story)
        self.assert_sold("Card")
        self.assert_charged(510)
        self.assertEqual(self.rows().mapped("attempt"), [1, 2])
        self.assertEqual(
            self.rows().mapped("financial_status"), ["DECLINED", "APPROVED"]
        )

    def test_unpaired_from_outside(self):
        self.pair()
        self.sell("pos_mx51_sci.unpaired", lambda person: person.present("approve"))
        self.assert_sold("Cash")
        self.assert_charged(510)
        self.assertEqual(self.rows().mapped("status"), ["FINALISED", "not_sent"])
        self.terminal.invalidate_recordset()
        self.assertEqual(self.terminal.state, "unpaired")

    def test_cancel_from_the_register(self):
        self.pair()
        self.sell("pos_mx51_sci.cancel")
        self.assert_sold("Cash")
        self.assert_charged()
        self.assertEqual(self.rows().financial_status, "CANCELLED")
        self.assertTrue(self.rows().cancel_requested_at)

    def test_put_aside(self):
        """Another customer is served while the first one looks for a card."""
        self.pair()
        self.sell("pos_mx51_sci.put_aside")
        self.assert_charged(510)
        orders = self.env["pos.order"].search([], limit=2, order="id desc")
        self.assertEqual(orders.mapped("state"), ["paid", "paid"])
        first = orders.filtered(lambda order: order.uuid == self.rows().order_uuid)
        self.assertEqual(first.payment_ids.payment_status, "done")

    def test_goods_added_meanwhile_are_another_sale(self):
        self.pair()
        self.sell("pos_mx51_sci.goods_added_meanwhile")
        self.assert_charged(510)
        orders = self.env["pos.order"].search([], limit=2, order="id")
        self.assertEqual(orders.mapped("state"), ["paid", "paid"])
        self.assertEqual(orders.mapped("amount_total"), [5.10, 5.28])
        methods = [order.payment_ids.payment_method_id.name for order in orders]
        self.assertEqual(methods, ["Card", "Cash"])

    def test_customer_display(self):
        register = self.main_pos_config
        self.start_tour(
            f"/pos_customer_display/{register.id}/{register.access_token}",
            "pos_mx51_sci.customer_display",
            login="pos_user",
        )

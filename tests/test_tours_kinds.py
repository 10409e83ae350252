from odoo.tests import tagged

from .common_tours import SciTourCommon


@tagged("post_install", "-at_install")
class TestToursOfKinds(SciTourCommon):
    """More than a sale: at the register, with somebody at the virtual terminals."""

    def setUp(self):
        super().setUp()
        self.pair()

    def order(self):
        """The last order, which is paid and balances to the cent."""
        order = self.env["pos.order"].search([], limit=1, order="id desc")
        self.assertIn(order.state, ("paid", "done"))
        self.assertAlmostEqual(
            sum(order.payment_ids.mapped("amount")), order.amount_total
        )
        self.assertFalse(self.env["pos.sci.review"].search([]))
        return order

    def amounts(self, order):
        return sorted(order.payment_ids.mapped("amount"))

    def added(self, order):
        lines = order.lines.filtered("sci_line_kind").sorted("sci_line_kind")
        return [(line.sci_line_kind, line.price_subtotal_incl) for line in lines]

    def test_refund_to_the_card(self):
        def story(person):
            person.present("approve")
            person.present("decline")
            person.present("approve")

        self.sell("pos_mx51_sci.refund", story)
        order = self.order()
        self.assertEqual(order.amount_total, -5.10)
        self.assertEqual(order.payment_ids.payment_method_id, self.card)
        sale, declined, refund = self.rows()
        self.assertEqual((declined | refund).original_id, sale)
        self.assertEqual(refund.kind, "refund")
        self.assertEqual(refund.result_amounts["refund_amount"], 510)
        self.assert_charged(510, 510)

    def test_refund_of_a_sale_that_was_paid_in_cash(self):
        self.sell("pos_mx51_sci.refund_in_cash")
        self.assertEqual(self.order().payment_ids.payment_method_id.name, "Cash")
        self.assertFalse(self.rows())

    def tip_and_surcharge(self, tour):
        self.let_terminal_ask(tip_prompt=True, surcharge_rate=150)

        def story(person):
            person.see("tip")
            person.touch("tip", amount=100)
            person.present("approve")

        self.sell(tour, story)
        order = self.order()
        self.assertEqual(self.added(order), [("surcharge", 0.09), ("tip", 1.00)])
        self.assertEqual(order.lines.sci_transaction_id, self.rows())
        self.assertAlmostEqual(order.payment_ids.amount, 6.19)
        self.assertEqual(order.tip_amount, 1.00)
        self.assert_charged(619)

    def test_tip_and_surcharge_of_the_terminal(self):
        self.tip_and_surcharge("pos_mx51_sci.tip")

    def test_tip_and_surcharge_once_after_a_reload(self):
        self.main_pos_config.auto_validate_terminal_payment = False
        self.tip_and_surcharge("pos_mx51_sci.tip_reload")

    def test_surcharge_of_the_shop(self):
        self.main_pos_config.sci_surcharge_rate = 2
        self.sell(
            "pos_mx51_sci.own_surcharge", lambda person: person.present("approve")
        )
        self.assertEqual(self.added(self.order()), [("surcharge", 0.10)])
        self.assertEqual(
            self.rows().amounts, {"purchase_amount": 510, "surcharge_amount": 10}
        )
        self.assert_charged(520)

    def test_cash_out(self):
        self.main_pos_config.sci_cashout = True

        def story(person):
            for _sale in range(3):
                person.present("approve")

        self.sell("pos_mx51_sci.cashout", story)
        last = self.order()
        without_sale, alone, mixed = last.search([], limit=3, order="id desc")
        self.assertEqual(self.amounts(without_sale), [-40.00, 40.00])
        self.assertEqual(self.amounts(alone), [-30.00, 5.10, 30.00])
        self.assertEqual(mixed.amount_total, 5.10)
        self.assertEqual(self.amounts(mixed), [-20.00, 25.10])
        change = mixed.payment_ids.filtered("is_change")
        self.assertTrue(change.payment_method_id.is_cash_count)
        self.assertEqual(
            self.rows().mapped("kind"), ["purchase_with_cashout", "cashout", "cashout"]
        )
        self.assert_charged(2510, 3000, 4000)
        self.close_session(cash=5.10 - 20 - 30 - 40)

    def close_session(self, cash):
        """The books balance: closing finds the cash that is expected."""
        session = self.main_pos_config.current_session_id
        session.post_closing_cash_details(session.cash_register_balance_start + cash)
        session.close_session_from_ui()
        self.assertEqual(session.state, "closed")
        self.assertAlmostEqual(session.cash_register_difference, 0)

    def test_mail_or_telephone_order(self):
        self.main_pos_config.sci_moto = True

        def story(person):
            person.see("moto")
            person.touch("card", outcome="approve")

        self.sell("pos_mx51_sci.moto", story)
        self.order()
        self.assertEqual(self.rows().kind, "moto")
        self.assert_charged(510)

    def test_split_over_two_terminals(self):
        bistro = self.add_bistro()
        self.sell("pos_mx51_sci.split", login="pos_admin")
        self.assertEqual(self.main_pos_config.sci_terminal_id, bistro)
        refund = self.order()
        self.assertEqual(self.amounts(refund), [-3.1, -2.0])
        sale = refund.search([], limit=1, offset=1, order="id desc")
        self.assertEqual(self.amounts(sale), [2.0, 3.1])
        first, second, *refunds = self.rows()
        self.assertEqual(
            [first.terminal_id, second.terminal_id], [bistro, self.terminal]
        )
        self.assertEqual([row.terminal_id for row in refunds], [bistro, bistro])
        self.assertEqual([row.original_id for row in refunds], [second, first])
        self.assert_charged(200, 310, 310, 200)

    def test_a_part_is_approved_and_the_rest_is_paid_in_cash(self):
        self.sell("pos_mx51_sci.part_approved")
        order = self.assert_sold("Cash", "Card")
        self.assertEqual(self.amounts(order), [2.0, 3.1])
        self.assert_charged(200)
        review = self.env["pos.sci.review"].search([])
        self.assertEqual(review.kind, "other_amount")

    def test_tip_of_the_cashier(self):
        self.main_pos_config.write(
            {
                "iface_tipproduct": True,
                "tip_product_id": self.env.ref("point_of_sale.product_product_tip").id,
            }
        )
        self.sell("pos_mx51_sci.own_tip")
        order = self.order()
        self.assertEqual((order.amount_total, order.tip_amount), (6.10, 1.00))
        self.assertFalse(self.added(order))
        self.assertEqual(
            self.rows().amounts, {"purchase_amount": 510, "tip_amount": 100}
        )
        self.assert_charged(610)

    def test_closing_asks_for_an_unresolved_payment(self):
        self.sell("pos_mx51_sci.closing")
        self.assertEqual(self.order().payment_ids.payment_method_id.name, "Cash")
        self.assertEqual(self.rows().financial_status, "CANCELLED")

    def test_a_manager_closes_anyway(self):
        self.sell("pos_mx51_sci.closing_anyway", login="pos_admin")
        self.assertEqual(self.rows().session_id.state, "closed")
        review = self.env["pos.sci.review"].search([])
        self.assertEqual(review.kind, "open_at_close")
        order = self.env["pos.order"].search([("uuid", "=", self.rows().order_uuid)])
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.session_id)
        self.assertEqual(order.config_id, self.main_pos_config)

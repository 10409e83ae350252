from odoo.tools import float_round, mute_logger

from ..ledger.flow import SciFlow
from .common_posting import PostingCommon


class TestFinishing(PostingCommon):
    """An order that nothing is due of is marked paid, whether or not a browser is there
    (``docs/ledger.md`` "Finishing")."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.finishing")
        self.mute("ledger.posting")

    def company_customer(self):
        return self.env["res.partner"].create({"name": "Pub Ltd", "is_company": True})

    def assert_unfinished(self, order, *words):
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.items().mapped("kind"), ["order_unfinished"])
        self.assertTrue(self.items().activity_ids)
        for word in words:
            self.assertIn(word, self.items().text)

    # -- finished --------------------------------------------------------------------

    def test_before_the_register_has_the_answer(self):
        order = self.cart()
        result = {"purchase_amount": 1250, "tip_amount": 100, "surcharge_amount": 19}
        view = self.sold(result=result)
        self.assertEqual((view["order_id"], view["order_state"]), (order.id, "paid"))
        self.assertEqual(order.state, "paid")
        self.assertNotEqual(order.name, "/")
        self.assertEqual(order.amount_paid, 13.69)
        self.assertEqual(order.user_id, self.cashier)
        self.assertFalse(self.items())

    def test_by_the_next_poll_where_the_register_wants_its_answer_first(self):
        order = self.cart()
        view = self.start()
        self.present()
        flow = SciFlow(self.env(user=self.cashier))
        self.env.flush_all()
        while not view["paid"]:
            view = flow.poll(view["id"], view["version"], finish=False)
        self.env.invalidate_all()
        self.assertEqual((view["order_state"], order.state), ("draft", "draft"))
        self.assertTrue(view["posted"])
        row = self.row(view)
        view = self.rpc(row, "sci_poll", view["version"], user=self.cashier)
        self.assertEqual((view["order_state"], order.state), ("paid", "paid"))

    def test_every_way_to_an_approval(self):
        order = self.order(state="draft")
        self.assertEqual(self.overridden(True)["order_state"], "paid")
        self.assertEqual(order.state, "paid")

    def test_not_what_a_person_has_said_was_not_paid(self):
        """Cash may have been taken for it since."""
        order = self.cart()
        self.overridden(False)
        row = self.env["pos.sci.transaction"].search([])
        view = self.bank_says(self.rpc(row, "sci_poll", 0, user=self.cashier))
        self.assertTrue(view["paid"])
        self.sweep()
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.items().mapped("kind"), ["contradicted"])

    def test_a_browser_that_validates_as_well_is_ignored(self):
        order = self.cart()
        self.sold()
        write_date = order.write_date
        self.sync(self.cart_payload([], [], state="paid", amount_total=12.5))
        self.assertEqual(order.write_date, write_date)
        self.assertEqual(len(order.payment_ids), 1)
        self.assertFalse(self.items())

    def test_a_refund(self):
        self.register.sci_free_refund = True
        order = self.cart((-12.5,))
        values = self.values(kind="refund", amounts={"refund_amount": 1250})
        Transaction = self.env["pos.sci.transaction"]
        self.bank_says(self.rpc(Transaction, "sci_start", values))
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.payment_ids.amount, -12.5)

    def test_with_an_invoice(self):
        partner = self.company_customer()
        order = self.cart(partner_id=partner.id, to_invoice=True)
        self.assertEqual(self.sold()["order_state"], "done")
        self.assertEqual(order.account_move.amount_residual, 0)
        self.assertEqual(order.account_move.partner_id, partner)

    def test_a_cash_out_alone_has_nothing_to_invoice(self):
        partner = self.company_customer()
        order, view = self.cashed_out((), partner_id=partner.id, to_invoice=True)
        self.assertEqual(view["order_state"], "paid")
        self.assertFalse(order.account_move)
        self.assertEqual(order.amount_paid, 0)
        self.assertEqual(order.amount_return, 50)
        self.assertFalse(self.items())

    def test_lines_that_did_not_pay_are_left_behind(self):
        payments = [
            ("payment-1", 12.5, self.method),
            ("never-sent", 12.5, self.method),
        ]
        order = self.sync(self.cart_payload(payments=payments))
        self.sold()
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.payment_ids.uuid, "payment-1")
        self.assertFalse(self.items())

    def test_split_with_cash(self):
        payments = [("cash-1", 5, self.cash), ("payment-1", 7.5, self.method)]
        order = self.sync(self.cart_payload(payments=payments))
        self.sold({"purchase_amount": 750})
        self.assertEqual(order.state, "paid")

    # -- not yet ---------------------------------------------------------------------

    def test_a_rest_is_due(self):
        order = self.cart(card=5)
        self.sold({"purchase_amount": 500})
        self.assertEqual(order.state, "draft")
        self.assertFalse(self.items())

    def test_change_is_due(self):
        order = self.sync(self.cart_payload(payments=[("payment-1", 7.5, self.method)]))
        view = self.start(amounts={"purchase_amount": 750})
        cash = [("cash-1", 20, self.cash)]
        self.sync(self.cart_payload([], cash, amount_total=12.5))
        self.bank_says(view)
        self.assertEqual(order.state, "draft")
        self.assertFalse(self.items())

    def test_another_card_payment_is_running(self):
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second, "bistro")
        payments = [("payment-1", 7.5, self.method), ("payment-2", 5, self.method)]
        order = self.sync(self.cart_payload(payments=payments))
        other = self.start(
            "payment-2",
            amount=500,
            order_uuid="order-of-payment-1",
            terminal_id=second.id,
        )
        self.sold({"purchase_amount": 750}, terminal_id=self.terminal.id)
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.bank_says(other)["order_state"], "paid")
        self.assertFalse(self.items())

    def test_another_terminals_payment_is_running(self):
        payments = [("payment-1", 7.5, self.method), ("other", 5, self.cash)]
        order = self.sync(self.cart_payload(payments=payments))
        order.payment_ids.filtered(
            lambda line: line.uuid == "other"
        ).payment_status = "waiting"
        self.sold({"purchase_amount": 750})
        self.assertEqual(order.state, "draft")

    # -- not by the server -----------------------------------------------------------

    def test_more_than_asked_is_never_given_as_change(self):
        order = self.cart()
        self.sold(result={"purchase_amount": 5000})
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.items().mapped("kind"), ["more_than_asked"])

    def test_more_is_paid_than_it_costs(self):
        order = self.cart()
        view = self.start()
        order.lines.sudo().write({"price_unit": 10, "price_subtotal_incl": 10})
        order.sudo().amount_total = 10
        self.bank_says(view)
        self.assert_unfinished(order, "more is paid")

    def test_a_customer_is_missing(self):
        order = self.cart()
        view = self.start()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_payment_method SET split_transactions = TRUE WHERE id = %s",
            [self.method.id],
        )
        self.env.invalidate_all()
        self.bank_says(view)
        self.assert_unfinished(order, "needs a customer")

    def test_the_customer_of_the_invoice_is_missing(self):
        order = self.cart()
        view = self.start()
        order.sudo().to_invoice = True
        self.bank_says(view)
        self.assert_unfinished(order, "the invoice needs a customer")

    def test_no_session_is_open(self):
        order = self.cart()
        view = self.start()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_session SET state = 'closed' WHERE id = %s", [self.session.id]
        )
        self.env.invalidate_all()
        self.bank_says(view)
        self.assert_unfinished(order, "no session is open")

    def test_another_obstacle_after_the_review(self):
        order = self.cart()
        view = self.start()
        order.sudo().to_invoice = True
        self.bank_says(view)
        item = self.items()
        self.rpc(item, "action_fine")
        self.age(view, "followed_at", 21)
        self.sweep()
        self.assertEqual(item.state, "done", "this was looked at")
        order.sudo().write({"to_invoice": False, "shipping_date": "2026-12-24"})
        self.env.flush_all()
        self.sweep()
        self.assertEqual((self.items(), item.state), (item, "open"))
        self.assertIn("shipping needs a customer", item.activity_ids.summary)

    def test_an_order_that_is_left_for_the_next_session(self):
        order = self.cart(card=12.5)
        view = self.start()
        order.sudo().session_id = False
        view = self.bank_says(view)
        self.assertEqual(view["order_state"], "paid")
        self.assertEqual(order.session_id, self.session)

    def test_odoo_refuses(self):
        order = self.cart(partner_id=self.company_customer().id, to_invoice=True)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_config SET invoice_journal_id = NULL WHERE id = %s",
            [self.register.id],
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            view = self.sold()
            self.sweep()
        self.assertTrue(view["paid"] and view["posted"])
        self.assert_unfinished(order, "No invoice journal")
        self.assertEqual(len(self.items()), 1)

    # -- without a browser -----------------------------------------------------------

    def test_the_register_gets_time_to_validate(self):
        order = self.cart(card=5)
        view = self.sold({"purchase_amount": 500})
        cash = [("cash-1", 7.5, self.cash)]
        self.sync(self.cart_payload([], cash, amount_total=12.5))
        self.sweep()
        self.assertEqual(order.state, "draft")
        self.age(view, "followed_at", 21)
        self.sweep()
        self.assertEqual(order.state, "paid")
        self.assertFalse(self.items())

    def test_an_approval_whose_tablet_is_gone(self):
        order = self.order(state="draft")
        view = self.start()
        self.present()
        self.sandbox.get("wait", terminal="front-bar", screen="result")
        self.age(view, "followed_at", 31)
        self.sweep()
        self.assertEqual(order.state, "paid")
        self.assertFalse(self.items())

    def test_a_refused_order_does_not_hold_up_the_next(self):
        refused = self.cart()
        payments = [("payment-2", 12.5, self.method)]
        order = self.sync(
            self.cart_payload(payments=payments, order="order-of-payment-2")
        )
        for payment, sold in (("payment-1", refused), ("payment-2", order)):
            view = self.start(payment=payment)
            sold.sudo().to_invoice = True
            self.bank_says(view)
            self.age(view, "followed_at", 21)
            self.sandbox.terminal("cancel")
        self.assertEqual((refused.state, order.state), ("draft", "draft"))
        order.sudo().to_invoice = False
        self.env.flush_all()
        self.sweep()
        self.assertEqual((refused.state, order.state), ("draft", "paid"))


class TestFinishingRounded(PostingCommon):
    """What a terminal adds is charged to the cent, also where the rest is rounded."""

    def setUp(self):
        super().setUp()
        accounts = self.company_data
        self.rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Rounding",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "add_invoice_line",
                "profit_account_id": accounts["default_account_revenue"].id,
                "loss_account_id": accounts["default_account_expense"].id,
            }
        )
        self.register.write(
            {
                "cash_rounding": True,
                "rounding_method": self.rounding.id,
                "only_round_cash_method": False,
                "sci_surcharge_rate": 1.5,
            }
        )

    def test_every_method_and_step(self):
        number = 0
        for step, method in ((0.05, "HALF-UP"), (0.10, "HALF-UP"), (0.05, "UP")):
            values = {"rounding": step, "rounding_method": method}
            self.rounding = self.rounding.copy(values)
            self.register.rounding_method = self.rounding
            for total in (0.37, 12.48, 12.67):
                number += 1
                with self.subTest(step=step, method=method, total=total):
                    self.sells(f"payment-{number}", total)

    def sells(self, payment, total):
        due = float_round(
            total,
            precision_rounding=self.rounding.rounding,
            rounding_method=self.rounding.rounding_method,
        )
        main = round(due * 100)
        on_top = (main * 150 + 5000) // 10000
        payments = [(payment, due, self.method)]
        order = self.sync(self.cart_payload([total], payments, f"order-of-{payment}"))
        # As Odoo leaves it when a payment is written.
        order.sudo()._compute_prices()
        amounts = {"purchase_amount": main, "surcharge_amount": on_top}
        view = self.sold(amounts, payment=payment)
        self.sandbox.terminal("cancel")
        self.assertEqual(view["order_state"], "paid")
        self.assertAlmostEqual(order.amount_paid, due + on_top / 100)
        self.assertAlmostEqual(order.amount_total, total + on_top / 100)
        self.assertFalse(self.items())

    def test_a_register_that_validates(self):
        self.register.sci_surcharge_rate = 5
        payments = [("payment-1", 0.2, self.method)]
        order = self.sync(self.cart_payload([0.37], payments))
        self.sold({"purchase_amount": 20, "surcharge_amount": 1})
        cash = [("cash-1", 0.2, self.cash)]
        change = {"amount_return": -0.05, "amount_total": 0.38}
        self.sync(self.cart_payload([], cash, state="paid", **change))
        self.assertEqual(order.state, "paid")
        self.assertAlmostEqual(order.amount_total, 0.38)

    def test_only_cash_is_rounded(self):
        self.register.only_round_cash_method = True
        payments = [("cash-1", 5, self.cash), ("payment-1", 7.48, self.method)]
        order = self.sync(self.cart_payload([12.48], payments))
        self.sold({"purchase_amount": 748, "surcharge_amount": 11})
        self.assertEqual(order.state, "paid")
        self.assertAlmostEqual(order.amount_total, 12.59)

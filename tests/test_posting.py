from itertools import product
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from ..ledger import posting, pricing
from .common_posting import PostingCommon


class TestPosting(PostingCommon):
    """What the bank charged is in the order once the answer is (``docs/ledger.md``
    "Posting")."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.posting")
        self.leave_drafts()

    def added(self, order):
        return {
            line.sci_line_kind: line.price_subtotal_incl
            for line in order.lines
            if line.sci_line_kind
        }

    def test_a_whole_story(self):
        order = self.order(state="draft")
        view = self.approved()
        line = order.payment_ids
        self.assertEqual((line.amount, line.payment_status), (12.5, "done"))
        self.assertIn("12.50", line.ticket)
        self.assertEqual(order.amount_paid, 12.5)
        self.assertTrue(view["posted"])
        self.assertEqual(view["order_id"], order.id)
        self.assertEqual(view["order_state"], "draft")
        self.assertFalse(self.row(view).posting_due)
        self.assertFalse(self.items())

    def test_part_of_the_amount(self):
        order = self.cart()
        self.sold(result={"purchase_amount": 1000})
        self.assertEqual(order.payment_ids.amount, 10)

    def test_tip_and_surcharge(self):
        order = self.cart()
        charged = {"purchase_amount": 1250, "tip_amount": 100, "surcharge_amount": 19}
        view = self.sold(result=charged)
        self.assertEqual(self.added(order), {"tip": 1.0, "surcharge": 0.19})
        self.assertEqual(order.lines.sci_transaction_id, self.row(view))
        self.assertEqual(order.amount_total, 13.69)
        self.assertEqual(order.payment_ids.amount, 13.69)
        self.assertTrue(order.is_tipped)
        self.assertEqual(order.tip_amount, 1.0)

    def test_a_tip_that_was_asked_for_is_in_the_order_already(self):
        order = self.cart()
        self.sold({"purchase_amount": 1150, "tip_amount": 100})
        self.assertFalse(self.added(order))

    def test_what_a_browser_has_brought_makes_way(self):
        order = self.cart()
        view = self.start()
        payload = self.cart_payload([], [])
        payload["amount_total"] = 13.5
        payload["lines"] = [
            (
                0,
                0,
                {
                    "uuid": f"sci-payment-1-{view['id']}-tip",
                    "product_id": self.tip.id,
                    "sci_line_kind": "tip",
                    "sci_transaction_id": view["id"],
                    "price_unit": 3,
                    "qty": 1,
                    "price_subtotal": 3,
                    "price_subtotal_incl": 3,
                },
            )
        ]
        self.sync(payload)
        self.assertFalse(self.added(order))
        self.bank_says(view, purchase_amount=1250, tip_amount=100)
        self.sync(payload)
        self.assertEqual(self.added(order), {"tip": 1.0})
        self.assertEqual(len(order.lines), 2)
        self.assertEqual(order.amount_total, 13.5)

    def test_what_the_server_has_written_is_not_written_again_by_a_browser(self):
        order = self.cart()
        view = self.sold(result={"purchase_amount": 1250, "tip_amount": 100})
        line = order.lines.filtered("sci_line_kind")
        again = {
            "uuid": line.uuid,
            "product_id": self.tip.id,
            "sci_line_kind": "tip",
            "sci_transaction_id": view["id"],
            "price_unit": 5,
            "qty": 1,
            "price_subtotal": 5,
            "price_subtotal_incl": 5,
        }
        payload = self.cart_payload([], [], state="paid", amount_total=13.5)
        self.sync({**payload, "lines": [(0, 0, again)]})
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.added(order), {"tip": 1.0})
        self.assertFalse(self.items())

    # -- cash-out --------------------------------------------------------------------

    def test_a_cash_out_leaves_as_change(self):
        order, _view = self.cashed_out()
        card, cash = order.payment_ids.sorted("amount", reverse=True)
        self.assertEqual((card.amount, cash.amount), (62.5, -50))
        self.assertEqual(cash.payment_method_id, self.cash)
        self.assertTrue(cash.is_change)
        self.assertEqual((order.amount_paid, order.amount_return), (12.5, 50))

    def validated(self, order, **values):
        """A register brings nothing new and marks the order paid."""
        total = order.amount_total
        values = {"state": "paid", "amount_total": total, **values}
        self.sync(self.cart_payload([], [], **values))
        self.assertEqual(order.state, "paid")
        return sorted(order.payment_ids.mapped("amount"))

    def test_change_that_a_browser_sends_is_the_same_cash(self):
        order, _view = self.cashed_out()
        self.assertEqual(self.validated(order, amount_return=-50), [-50, 62.5])

    def test_a_browser_that_knows_of_the_cash_sends_no_change(self):
        order, _view = self.cashed_out()
        self.assertEqual(self.validated(order), [-50, 62.5])

    def test_goods_after_a_cash_out_are_not_paid_by_it(self):
        order, _view = self.cashed_out()
        payload = self.cart_payload([7.5], [("cash-1", 10, self.cash)], state="paid")
        payload["lines"][0][2]["uuid"] = "cake"
        self.sync({**payload, "amount_total": 20, "amount_return": -52.5})
        self.assertEqual(order.state, "paid")
        amounts = sorted(order.payment_ids.mapped("amount"))
        self.assertEqual(amounts, [-50, -2.5, 10, 62.5])

    def test_without_a_cash_method(self):
        self.register.sci_cashout = True
        order = self.cart((), card=50)
        register = self.register.with_context(
            bypass_payment_method_ids_forbidden_change=True
        )
        register.payment_method_ids -= self.cash
        view = self.start(amounts={"cashout_amount": 5000}, kind="cashout")
        view = self.bank_says(view)
        self.assertTrue(view["paid"] and not view["posted"])
        self.assertEqual(self.items().kind, "order_unfinished")
        self.assertEqual(order.state, "draft")
        register.payment_method_ids |= self.cash
        self.sweep()
        self.assertFalse(self.row(view).posting_due)
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [-50, 50])

    # -- other ends ------------------------------------------------------------------

    def test_declined_may_be_tried_again(self):
        for outcome in ("DECLINED", "CANCELLED"):
            order = self.cart(order="order-of-" + outcome)
            self.sandbox.terminal("cancel")
            with self.subTest(outcome=outcome):
                order.payment_ids.sudo().uuid = outcome
                order.payment_ids.payment_status = "waitingCard"
                view = self.bank_says(self.start(outcome), outcome)
                self.assertEqual(order.payment_ids.payment_status, "retry")
                self.assertFalse(view["posted"])

    def test_a_stated_outcome_and_a_late_answer(self):
        order = self.order(state="draft")
        view = self.overridden(True)
        self.assertTrue(view["posted"])
        self.assertEqual(order.payment_ids.payment_status, "done")
        self.bank_says(view, purchase_amount=1250, surcharge_amount=25)
        self.assertEqual(order.payment_ids.amount, 12.75)
        self.assertEqual(self.added(order), {"surcharge": 0.25})

    def test_two_paid_attempts_are_not_both_in_one_line(self):
        order = self.order(state="draft")
        first = self.overridden(False)
        self.assertEqual(order.payment_ids.payment_status, "retry")
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET status = 'unknown' WHERE id = %s",
            [first["id"]],
        )
        self.env.invalidate_all()
        self.sandbox.terminal("online", on=True)
        self.sandbox.terminal("cancel")
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        second = self.start(attempt=2)
        self.bank_says(second)
        self.bank_says(first, purchase_amount=1200)
        self.assertEqual(order.payment_ids.amount, 12.5)
        self.assertIn("contradicted", self.items().mapped("kind"))

    def test_a_refund(self):
        self.register.sci_free_refund = True
        order = self.cart((-12.5,))
        values = self.values(kind="refund", amounts={"refund_amount": 1250})
        Transaction = self.env["pos.sci.transaction"]
        self.bank_says(self.rpc(Transaction, "sci_start", values))
        self.assertEqual(order.payment_ids.amount, -12.5)
        self.assertEqual(order.payment_ids.payment_status, "done")
        self.assertEqual(order.amount_paid, -12.5)

    # -- whatever is in the way ------------------------------------------------------

    def test_an_order_that_arrives_later(self):
        view = self.start()
        self.lose("payment-1")
        view = self.bank_says(view, purchase_amount=1250, tip_amount=100)
        self.assertFalse(view["posted"])
        self.assertFalse(self.items())
        order = self.cart()
        self.sweep()
        self.assertFalse(self.row(view).posting_due)
        self.assertEqual(self.added(order), {"tip": 1.0})

    def test_a_line_that_never_arrived(self):
        order = self.cart()
        view = self.start()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM pos_payment WHERE uuid = 'payment-1'")
        self.env.invalidate_all()
        self.bank_says(view)
        self.assertEqual(order.payment_ids.uuid, "payment-1")
        self.assertEqual(order.payment_ids.amount, 12.5)

    def locked(self, times):
        real, left = posting.lock, [None] * times

        def lock(env, uuid):
            if left:
                left.pop()
                raise LockNotAvailable
            return real(env, uuid)

        return patch.object(posting, "lock", lock)

    def test_an_order_that_is_being_written_to_does_not_hold_the_answer_up(self):
        order = self.cart()
        with self.locked(100):
            view = self.sold()
        self.assertEqual(view["financial_status"], "APPROVED")
        self.assertTrue(self.row(view).posting_due)
        self.assertFalse(self.items())
        self.sweep()
        self.assertEqual(order.payment_ids.payment_status, "done")
        self.assertFalse(self.row(view).posting_due)

    def test_posting_follows_at_once_where_the_answer_could_not_wait(self):
        order = self.cart()
        with self.locked(1):
            self.assertTrue(self.sold()["posted"])
        self.assertEqual(order.payment_ids.payment_status, "done")

    def test_an_answer_counts_although_posting_fails(self):
        order = self.cart()
        self.surcharge.unlink()
        charged = {"purchase_amount": 1250, "surcharge_amount": 19}
        view = self.sold(result=charged)
        self.assertEqual(view["financial_status"], "APPROVED")
        self.assertTrue(self.row(view).posting_due)
        self.assertEqual(self.items().kind, "order_unfinished")
        self.assertTrue(self.items().activity_ids)
        self.assertEqual(order.payment_ids.amount, 12.5)

    def test_more_than_asked(self):
        self.charged_50({"purchase_amount": 5000})

    def test_cash_that_nobody_asked_for(self):
        self.charged_50({"purchase_amount": 1250, "cashout_amount": 3750})

    def charged_50(self, result):
        order = self.cart()
        self.sold(result=result)
        self.assertEqual(self.items().kind, "more_than_asked")
        self.assertTrue(self.items().activity_ids)
        self.assertEqual(order.payment_ids.mapped("amount"), [50])


class TestPricing(PostingCommon):
    """What a terminal added costs, with its taxes, what was charged to the cent."""

    def tax(self, amount, include="tax_excluded", **values):
        """A tax with a name of its own."""
        self.taxes = getattr(self, "taxes", 0) + 1
        return self.env["account.tax"].create(
            {
                "name": f"Tax {self.taxes}",
                "amount": amount,
                "price_include_override": include,
                **values,
            }
        )

    def test_every_amount_with_every_tax(self):
        order = self.sync(self.cart_payload([12.34, 0.99], []))
        plain, fixed = self.tax(10), self.tax(0.03, amount_type="fixed")
        other = self.tax(3)
        included = self.tax(10, "tax_included", include_base_amount=True)
        group = self.env["account.tax"].create(
            {
                "name": "group",
                "amount_type": "group",
                "children_tax_ids": (self.tax(7) | self.tax(5.5)).ids,
            }
        )
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for taxes in (plain, included, plain | other, group, fixed | plain):
                self.surcharge.taxes_id = taxes
                for cents in (5, 9, 16, 17, 27, 38, 1005):
                    with self.subTest(method=method, taxes=taxes, cents=cents):
                        self.adds(order, cents / 100)

    def test_an_order_costs_what_odoo_says(self):
        """``pricing.totals`` leaves out what Odoo looks up for other purposes."""
        taxes = self.tax(10, "tax_included"), self.tax(7, include_base_amount=True)
        methods = ("round_per_line", "round_globally")
        carts = ((12.34, 0.99), (-12.34, -0.99), (-9.5, 3.33))
        for number, (method, goods) in enumerate(product(methods, carts)):
            self.company.tax_calculation_rounding_method = method
            order = self.sync(self.cart_payload(goods, order=f"order-{number}"))
            for line, tax in zip(order.lines, taxes, strict=True):
                line.write({"tax_ids": tax.ids, "discount": 15})
            order._compute_prices()
            with self.subTest(method=method, goods=goods):
                total, tax = pricing.totals(order)
                self.assertAlmostEqual(total, order.amount_total)
                self.assertAlmostEqual(tax, order.amount_tax)
                self.assertTrue(tax)

    def adds(self, order, amount):
        before, tax_before = pricing.totals(order)
        line = pricing.add_line(order, self.surcharge, amount, {"uuid": "new"})
        after, tax_after = pricing.totals(order)
        self.assertAlmostEqual(after - before, amount)
        self.assertAlmostEqual(line.price_subtotal_incl, amount)
        self.assertEqual(line.tax_ids, self.surcharge.taxes_id)
        tax = line.price_subtotal_incl - line.price_subtotal
        self.assertAlmostEqual(tax, tax_after - tax_before)
        line.unlink()

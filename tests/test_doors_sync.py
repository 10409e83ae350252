from odoo.exceptions import UserError

from .common_doors import DoorsCommon


class TestDoorsOfSyncs(DoorsCommon):
    """A register may save an order again and again, with whatever it has in mind: the
    ledger's part of it stays, the rest is saved."""

    def repeated(self, order, **values):
        return [
            (
                1,
                order.payment_ids.id,
                {"amount": 12.5, "payment_status": "done", **values},
            )
        ]

    def test_a_printed_order_is_saved_again(self):
        order = self.in_state("approved")
        self.call(order, "write", {"nb_print": 1})
        with self.undone():
            self.sync(order, payment_ids=self.repeated(order))
            self.assertEqual(order.payment_ids.payment_status, "done")
        for _time in range(2):
            self.sync(order, "paid", payment_ids=self.repeated(order))
            self.assertEqual(order.state, "paid")
        self.assertFalse(self.items())

    def test_a_printed_order_is_saved_with_a_card_line_that_waits(self):
        order = self.another_order()
        self.call(order, "write", {"nb_print": 1})
        values = {
            "uuid": "card",
            "amount": 12.5,
            "payment_method_id": self.method.id,
            "payment_status": "pending",
            "name": "2026-01-01 00:00:00",
        }
        for status in ("pending", "waiting", "waitingCard"):
            create = [(0, 0, {**values, "payment_status": status})]
            self.sync(order, payment_ids=create)
            line = order.payment_ids.filtered(lambda it: it.uuid == "card")
            self.assertEqual(line.payment_status, status)

    def test_another_payment_of_a_printed_order_stays_odoos_affair(self):
        order = self.in_state("approved")
        self.call(order, "write", {"nb_print": 1})
        foreign = {
            "amount": 1,
            "payment_method_id": self.cash.id,
            "payment_status": "done",
        }
        with self.assertRaisesRegex(UserError, "printed"):
            self.sync(order, payment_ids=[(0, 0, foreign)])

    def test_details_saved_as_they_are(self):
        """Odoo's form sends a payment's values although nobody has changed them."""
        order = self.in_state("finished")
        self.call(order, "write", {"nb_print": 1})
        line = order.payment_ids
        values = {
            "amount": line.amount,
            "payment_method_id": line.payment_method_id.id,
            "payment_status": line.payment_status,
        }
        self.call(order, "web_save", {"payment_ids": [(1, line.id, values)]}, {})
        self.assertFalse(self.items())

    def test_an_older_picture(self):
        order = self.in_state("approved")
        for values in (
            {"amount": 1, "payment_status": "waitingCard"},
            {"payment_status": "retry", "payment_method_id": self.cash.id},
            {"is_change": True, "uuid": "another", "pos_order_id": 1},
        ):
            with self.subTest(values=values), self.undone():
                self.sync(order, payment_ids=[(1, order.payment_ids.id, values)])
                self.assert_sound(order)
                self.assertEqual(order.payment_ids.payment_status, "done")
                self.sync(order, "paid")
                self.assertEqual(order.state, "paid")

    def test_what_the_terminal_is_doing_is_saved(self):
        order = self.in_state("open")
        for status, kept in (
            ("waitingCard", "waitingCard"),
            ("done", "waitingCard"),
            ("retry", "retry"),
        ):
            command = (1, order.payment_ids.id, {"payment_status": status, "amount": 1})
            self.sync(order, payment_ids=[command])
            self.assertEqual(order.payment_ids.payment_status, kept)
            self.assertEqual(order.payment_ids.amount, 12.5)

    def test_the_bank_decides_what_was_paid(self):
        order = self.order(state="draft")
        self.view = self.approved(outcome="approve", approved_amount=1000)
        self.sync(order, payment_ids=self.repeated(order))
        self.assertEqual(order.payment_ids.amount, 10)
        self.assertEqual(order.amount_paid, 10)
        with self.assertRaisesRegex(UserError, "not fully paid"):
            self.sync(order, "paid", payment_ids=self.repeated(order))

    def test_an_order_that_was_lost_comes_with_what_was_paid(self):
        order = self.in_state("approved")
        order.flush_recordset()
        self.env.cr.execute("DELETE FROM pos_order WHERE id = %s", [order.id])
        self.env.invalidate_all()
        again = self.order()
        self.assertEqual(again.state, "paid")
        self.assertEqual(again.payment_ids.payment_status, "done")
        self.assertFalse(self.items())

    def test_a_line_of_another_device_that_never_left(self):
        """One device adds a card line, another takes cash."""
        order = self.order(state="draft")
        cash = {
            "uuid": "in-cash",
            "amount": 12.5,
            "payment_method_id": self.cash.id,
            "name": "2026-01-01 00:00:00",
        }
        self.sync(order, "paid", payment_ids=[(0, 0, cash)])
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.payment_ids.mapped("uuid"), ["in-cash"])
        self.assertFalse(self.items())

    def test_a_card_line_that_the_ledger_has_never_heard_of(self):
        order = self.order(state="draft")
        self.sync(order, "paid")
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.items().kind, "missing_approval")

    def test_a_waiting_card_line_counts_nothing(self):
        order = self.in_state("open")
        self.assertEqual(order.amount_paid, 0)
        self.sync(order, payment_ids=self.repeated(order))
        self.assertEqual(order.amount_paid, 0)
        order._compute_prices()
        self.assertEqual((order.amount_paid, order.amount_difference), (0, -12.5))
        self.present()
        self.follow(self.view)
        self.sync(order, payment_ids=self.repeated(order))
        self.assertEqual(order.amount_paid, 12.5)

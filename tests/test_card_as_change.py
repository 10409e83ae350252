from odoo.tests import tagged

from .common_doors import DoorsCommon


@tagged("post_install", "-at_install")
class TestCardAsChange(DoorsCommon):
    """Cash that leaves an order as a negative payment line (a run of ``./dev/chaos`` in
    which somebody had split the order meanwhile)."""

    def finish_with_cash(self, price, *amounts):
        """The order that a card has paid with 12.50 now costs ``price``."""
        order = self.in_state("approved")
        cash = [
            (0, 0, {"amount": amount, "payment_method_id": self.cash.id})
            for amount in amounts
        ]
        prices = ("price_unit", "price_subtotal", "price_subtotal_incl")
        line = (1, order.lines.id, dict.fromkeys(prices, price))
        self.sync(order, "paid", amount_total=price, lines=[line], payment_ids=cash)
        self.assertEqual(order.state, "paid")
        return self.items().mapped("kind")

    def test_card_money_leaves_as_a_negative_payment(self):
        self.assertEqual(self.finish_with_cash(10, -2.5), ["card_as_change"])

    def test_all_of_it(self):
        self.assertEqual(self.finish_with_cash(0, -12.5), ["card_as_change"])

    def test_cash_that_came_in_may_leave(self):
        self.assertEqual(self.finish_with_cash(20, 10, -2.5), [])

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_posting import PostingCommon


@tagged("-standard", "sci_all_modules")
class TestGiftCards(PostingCommon):
    """Gift cards of ``pos_loyalty`` in orders that a card pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Program = cls.env["loyalty.program"].sudo()
        made = Program.create_from_template("gift_card")
        cls.program = Program.browse(made["res_id"])
        reports = cls.env["ir.actions.report"].sudo()
        domain = [("model", "=", "loyalty.card")]
        cls.program.pos_report_print_id = reports.search(domain, limit=1)

    def bought(self, points=12.5):
        """What the register says of a gift card that is sold."""
        values = {"points": points, "program_id": self.program.id, "barcode": ""}
        return {"-1": {**values, "coupon_id": -1, "expiration_date": False}}

    def redeemed(self, card, points=-20):
        values = {"points": points, "program_id": self.program.id, "coupon_id": card.id}
        return {str(card.id): {**values, "barcode": False, "line_codes": ["abc"]}}

    def gift_card(self, points=30):
        values = {"program_id": self.program.id, "points": points}
        return self.env["loyalty.card"].sudo().create(values)

    def keep(self, order, coupons):
        return self.rpc(order, "sci_keep_coupons", coupons, user=self.cashier)

    def issued(self):
        domain = [("program_id", "=", self.program.id)]
        return self.env["loyalty.card"].sudo().search(domain)

    def finished_without_a_browser(self, order):
        view = self.sold()
        self.age(view, "followed_at", 21)
        self.sweep()
        self.assertEqual(order.state, "paid")
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date - interval '30 s'"
        )
        self.env.invalidate_all()
        self.sweep()

    def test_a_gift_card_is_issued_whoever_finishes(self):
        order = self.cart()
        self.assertTrue(self.keep(order, self.bought())["successful"])
        self.finished_without_a_browser(order)
        self.assertEqual(self.issued().points, 12.5)
        self.assertEqual(self.issued().source_pos_order_id, order)
        self.assertFalse(self.items())
        # The register comes late.
        late = self.rpc(order, "confirm_coupon_programs", self.bought())
        self.assertEqual(list(late), list(order.sudo().sci_coupons["answer"]))
        # So does what it kept of the order.
        kept = order.sudo().sci_coupons
        self.assertTrue(self.keep(order, self.bought())["successful"])
        self.assertEqual(order.sudo().sci_coupons, kept)
        self.sweep()
        self.assertEqual(len(self.issued()), 1)

    def test_points_are_numbers(self):
        order = self.cart()
        for points in ("5", None, True, [1]):
            with self.subTest(points=points), self.assertRaises(UserError):
                self.keep(order, self.bought(points))

    def test_a_register_that_issues_is_not_repeated(self):
        order = self.cart()
        self.keep(order, self.bought())
        self.sold()
        self.sync(self.cart_payload([], [], state="paid", amount_total=12.5))
        self.rpc(order, "confirm_coupon_programs", self.bought(), user=self.cashier)
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date - interval '30 s'"
        )
        self.env.invalidate_all()
        self.sweep()
        self.assertEqual(self.issued().mapped("points"), [12.5])

    def test_another_browser_knows_of_no_gift_card(self):
        order = self.cart()
        self.keep(order, self.bought())
        self.sold()
        self.sync(self.cart_payload([], [], state="paid", amount_total=12.5))
        self.rpc(order, "confirm_coupon_programs", {}, user=self.cashier)
        self.assertEqual(self.issued().mapped("points"), [12.5])

    def test_what_was_sold_instead_issues_nothing(self):
        order = self.cart()
        self.keep(order, self.bought())
        view = self.start()
        order.lines.sudo().uuid = "something else"
        self.bank_says(view)
        self.age(view, "followed_at", 21)
        self.sweep()
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date - interval '30 s'"
        )
        self.env.invalidate_all()
        self.sweep()
        self.assertFalse(self.issued())
        self.assertEqual(self.items().mapped("kind"), ["order_unfinished"])
        self.assertIn("were not issued", self.items().text)

    def test_cash_after_a_decline_issues_what_the_register_says(self):
        order = self.cart()
        self.keep(order, self.bought())
        self.bank_says(self.start(), "DECLINED")
        self.rpc(order, "confirm_coupon_programs", {}, user=self.cashier)
        self.assertFalse(self.issued())

    def test_a_gift_card_at_two_registers(self):
        card = self.gift_card()
        order = self.cart()
        self.assertTrue(self.keep(order, self.redeemed(card))["successful"])
        other = self.sync(self.cart_payload(order="another", payments=[]))
        self.assertTrue(self.keep(other, self.redeemed(card))["successful"])
        view = self.start()
        answer = self.keep(other, self.redeemed(card))
        self.assertFalse(answer["successful"])
        self.assertIn("not enough points", answer["payload"]["message"])
        self.bank_says(view, "DECLINED")
        self.assertTrue(self.keep(other, self.redeemed(card))["successful"])

    def test_a_gift_card_that_is_empty(self):
        order = self.cart()
        self.assertFalse(
            self.keep(order, self.redeemed(self.gift_card(5)))["successful"]
        )
        self.assertFalse(order.sudo().sci_coupons)

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..modules import loyalty
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

    def redeem(self, order, card, points=20):
        """As the reward's line of an order says it."""
        values = {
            "is_reward_line": True,
            "reward_id": self.program.reward_ids.id,
            "coupon_id": card.id,
            "points_cost": points,
        }
        order.lines.sudo().write(values)

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

    def test_why_nothing_was_issued_is_in_the_review_only(self):
        order = self.cart()
        self.keep(order, self.bought())
        refused = patch.object(loyalty, "_issue", side_effect=UserError("Ada has it"))
        with self.assertLogs(loyalty.__name__, "WARNING") as log, refused:
            self.finished_without_a_browser(order)
        self.assertIn("UserError in", log.output[0])
        self.assertNotIn("Ada", log.output[0])
        self.assertIn("Ada has it", self.items().text)

    def test_what_is_kept_comes_through_no_other_door(self):
        order, forged = self.cart(), {"answer": {}}
        order.sudo().write({"sci_coupons": forged})
        self.assertFalse(order.sudo().sci_coupons)
        values = {"uuid": "forged", "sci_coupons": forged}
        self.assertFalse(order.sudo().copy(values).sci_coupons)
        with self.assertRaises(AccessError):
            self.rpc(order, "write", {"sci_coupons": forged}, user=self.cashier)

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
        self.let_speak(self.manager, "fr_FR")
        self.company.sci_keeper_ids = self.manager
        self.sweep()
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date - interval '30 s'"
        )
        self.env.invalidate_all()
        self.sweep()
        self.assertFalse(self.issued())
        self.assertEqual(self.items().mapped("kind"), ["order_unfinished"])
        text = "Coupons, gift cards or points of %(order)s were not issued: %(reason)s"
        reason = self.said_in("fr_FR", "its goods have changed.")
        said = self.said_in("fr_FR", text) % {"order": order.name, "reason": reason}
        self.assertEqual(self.items().text, said)

    def test_what_is_not_issued_is_said_also_after_another_review(self):
        self.mute("ledger.finishing")
        order = self.cart()
        self.keep(order, self.bought())
        view = self.start()
        self.set_session("closed")
        self.bank_says(view)
        item = self.items()
        self.assertIn("no session is open", item.text)
        self.rpc(item, "action_fine")
        self.set_session("opened")
        cash = [("cash-1", 5, self.cash)]
        self.sync(self.cart_payload((12.5, 5), cash, state="paid"))
        self.assertEqual(order.state, "paid")
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date - interval '30 s'"
        )
        self.env.invalidate_all()
        self.sweep()
        self.assertFalse(self.issued())
        self.assertEqual((self.items(), item.state), (item, "open"))
        self.assertIn("were not issued", item.activity_ids.summary)
        self.assertIn("no session is open", item.text)

    def set_session(self, state):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_session SET state = %s WHERE id = %s", [state, self.session.id]
        )
        self.env.invalidate_all()

    def test_cash_after_a_decline_issues_what_the_register_says(self):
        order = self.cart()
        self.keep(order, self.bought())
        self.bank_says(self.start(), "DECLINED")
        self.rpc(order, "confirm_coupon_programs", {}, user=self.cashier)
        self.assertFalse(self.issued())

    # -- redeemed ----------------------------------------------------------------------

    def at_another_register(self, card):
        """Another order that takes from ``card``, the rest by card."""
        payments = [("payment-2", 12.5, self.method)]
        order = self.sync(self.cart_payload(payments=payments, order="another"))
        self.assertTrue(self.keep(order, self.redeemed(card))["successful"])
        return order

    def start_another(self, attempt=1):
        return self.start("payment-2", attempt, order_uuid="another")

    def asked_by_a_register(self, card, order=None):
        """As a register that pays without a card asks."""
        return self.rpc(
            order or self.env["pos.order"],
            "validate_coupon_programs",
            {str(card.id): -20},
            [],
            user=self.cashier,
        )

    def test_a_gift_card_at_two_registers(self):
        card = self.gift_card()
        order = self.cart()
        self.assertTrue(self.keep(order, self.redeemed(card))["successful"])
        other = self.at_another_register(card)
        view = self.start()
        answer = self.keep(other, self.redeemed(card))
        self.assertFalse(answer["successful"])
        self.assertIn(
            "used for another order; $\xa010.00", answer["payload"]["message"]
        )
        self.assertEqual(answer["payload"]["updated_points"], {card.id: 10})
        self.assertTrue(self.keep(other, self.redeemed(card, -10))["successful"])
        self.bank_says(view, "DECLINED")
        self.assertTrue(self.keep(other, self.redeemed(card))["successful"])

    def test_a_gift_card_is_judged_when_the_payment_starts(self):
        """Both registers have asked before either of them starts."""
        card = self.gift_card()
        self.keep(self.cart(), self.redeemed(card))
        self.at_another_register(card)
        view = self.start()
        refused = self.start_another()
        self.assertEqual(
            (refused["status"], refused["error"]["code"]),
            ("not_sent", "not_enough_points"),
        )
        self.assertIn(card.code, refused["error"]["message"])
        self.assertEqual(len(self.upstream()), 1)
        self.present("decline")
        self.follow(view)
        self.assertEqual(self.start_another(2)["status"], "PENDING")

    def test_a_gift_card_that_was_used_up_meanwhile(self):
        card = self.gift_card()
        self.keep(self.cart(), self.redeemed(card))
        card.points = 5
        self.assertEqual(self.start()["error"]["code"], "not_enough_points")
        self.assertFalse(self.upstream())

    def test_what_a_card_payment_holds_pays_no_cash_sale(self):
        card = self.gift_card()
        self.keep(self.cart(), self.redeemed(card))
        self.assertTrue(self.asked_by_a_register(card)["successful"])
        view = self.start()
        self.assertFalse(self.asked_by_a_register(card)["successful"])
        self.bank_says(view)
        self.sync(self.cart_payload([], [], state="paid", amount_total=12.5))
        self.assertFalse(self.asked_by_a_register(card)["successful"], "not booked yet")
        late = self.at_yet_another_register(card)
        self.assertFalse(late["successful"])
        order = self.env["pos.order"].search([("uuid", "=", "order-of-payment-1")])
        self.rpc(
            order, "confirm_coupon_programs", self.redeemed(card), user=self.cashier
        )
        self.assertEqual(card.points, 10)
        card.points = 20
        self.assertTrue(self.asked_by_a_register(card)["successful"])

    def at_yet_another_register(self, card):
        order = self.sync(self.cart_payload(order="yet another", payments=[]))
        return self.keep(order, self.redeemed(card))

    def test_a_part_by_card_does_not_stand_in_its_own_way(self):
        card = self.gift_card()
        order = self.cart(card=5)
        self.keep(order, self.redeemed(card))
        self.sold({"purchase_amount": 500})
        self.assertEqual(order.state, "draft")
        self.assertTrue(self.asked_by_a_register(card, order)["successful"], "cash")
        self.assertFalse(self.asked_by_a_register(card)["successful"], "another's")
        self.assertTrue(self.keep(order, self.redeemed(card))["successful"])
        self.assertFalse(self.at_yet_another_register(card)["successful"])

    def test_what_is_not_redeemed_any_more_is_not_held(self):
        card = self.gift_card()
        order = self.cart(card=5)
        self.redeem(order, card)
        self.assertTrue(self.keep(order, self.redeemed(card))["successful"])
        view = self.start(amounts={"purchase_amount": 500})
        self.present("decline")
        self.follow(view)
        order.lines.sudo().write({"points_cost": 0, "uuid": "something else"})
        self.sold({"purchase_amount": 500}, attempt=2)
        self.assertTrue(self.asked_by_a_register(card)["successful"])
        self.assertFalse(order.sudo().sci_coupons)

    def test_what_a_running_payment_issues_is_not_forgotten(self):
        """Another card is asked for the rest, after the goods have changed."""
        parts = [("payment-1", 5, self.method), ("payment-2", 7.5, self.method)]
        order = self.sync(self.cart_payload(payments=parts))
        self.keep(order, self.bought())
        self.start(amounts={"purchase_amount": 500})
        order.lines.sudo().uuid = "something else"
        rest = {"purchase_amount": 750}
        refused = self.start("payment-2", order_uuid=order.uuid, amounts=rest)
        self.assertEqual(refused["error"]["code"], "terminal_busy")
        self.assertTrue(order.sudo().sci_coupons)

    def test_goods_are_added_to_what_is_held(self):
        card = self.gift_card()
        order = self.cart(card=5)
        self.redeem(order, card)
        self.keep(order, self.redeemed(card))
        self.sold({"purchase_amount": 500})
        order.lines.sudo().uuid = "something else"
        self.assertFalse(self.asked_by_a_register(card)["successful"])
        order.lines.sudo().points_cost = 0
        self.assertTrue(self.asked_by_a_register(card)["successful"])

    def test_the_code_of_a_gift_card_that_is_sold(self):
        """The browser that has read it knows it alone; another one has another id."""
        bought = self.bought()
        bought["-1"]["code"] = "ABC"
        others = {"-7": {**self.bought()["-1"], "coupon_id": -7}}
        order = self.cart(card=5)
        self.keep(order, bought)
        view = self.start(amounts={"purchase_amount": 500})
        self.keep(order, others)  # while the first one has no result
        self.bank_says(view)
        self.keep(order, others)
        rest = {"uuid": "cash", "amount": 7.5, "payment_method_id": self.cash.id}
        paid = self.cart_payload([], [], state="paid", amount_total=12.5)
        self.sync({**paid, "payment_ids": [(0, 0, rest)]})
        self.rpc(order, "confirm_coupon_programs", others, user=self.cashier)
        self.assertEqual(self.issued().mapped("code"), ["ABC"])

    def test_the_code_of_a_gift_card_that_is_sold_where_goods_are_added(self):
        """And another gift card, which the second register has read."""
        first, second = self.bought()["-1"], self.bought()["-1"]
        order = self.cart(card=5)
        self.keep(order, {"-1": {**first, "code": "ABC"}})
        self.sold({"purchase_amount": 500})
        order.lines.sudo().copy({"order_id": order.id, "uuid": "added"})
        second = {**second, "coupon_id": -7, "code": "DEF"}
        self.keep(order, {"-7": second, "-8": {**first, "coupon_id": -8}})
        kept = order.sudo().sci_coupons["data"]
        codes = {card: values["code"] for card, values in kept.items()}
        self.assertEqual(codes, {"-7": "DEF", "-8": "ABC"})

    def test_the_rest_at_a_register_that_knows_of_no_gift_card_sold(self):
        card = self.gift_card()
        order = self.cart(card=5)
        self.keep(order, self.bought())
        self.sold({"purchase_amount": 500})
        self.assertTrue(self.keep(order, self.redeemed(card))["successful"])
        rest = {"uuid": "cash", "amount": 7.5, "payment_method_id": self.cash.id}
        paid = self.cart_payload([], [], state="paid", amount_total=12.5)
        self.sync({**paid, "payment_ids": [(0, 0, rest)]})
        self.rpc(
            order, "confirm_coupon_programs", self.redeemed(card), user=self.cashier
        )
        self.assertEqual(sorted(self.issued().mapped("points")), [10, 12.5])

    def test_what_is_redeemed_has_to_be_said_first(self):
        card = self.gift_card()
        order = self.cart()
        self.redeem(order, card)
        self.assertEqual(self.start()["error"]["code"], "order_missing")
        self.keep(order, self.bought())
        self.assertEqual(self.start(attempt=2)["error"]["code"], "order_missing")
        self.keep(order, self.redeemed(card))
        order.lines.sudo().uuid = "something else"
        self.assertEqual(self.start(attempt=3)["error"]["code"], "order_missing")
        self.keep(order, self.redeemed(card))
        self.assertEqual(self.start(attempt=4)["status"], "PENDING")

    def test_a_gift_card_that_is_empty(self):
        order = self.cart()
        self.assertFalse(
            self.keep(order, self.redeemed(self.gift_card(5)))["successful"]
        )
        self.assertFalse(order.sudo().sci_coupons)

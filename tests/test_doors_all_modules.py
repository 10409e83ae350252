from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_doors import HARMLESS, REFUSED, REVIEWED, DoorsCommon
from .test_doors import TestDoors


@tagged("-standard", "sci_all_modules")
class TestDoorsOfRestaurants(DoorsCommon):
    """Doors that ``pos_restaurant`` adds.

    For a database of their own, like all in this file, where it, ``pos_discount``,
    ``pos_loyalty``, ``pos_hr``, ``pos_sale``, ``pos_online_payment``,
    ``pos_self_order`` and ``pos_event`` are installed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register.module_pos_restaurant = True
        floor = cls.env["restaurant.floor"].create(
            {"name": "Terrace", "pos_config_ids": cls.register.ids}
        )
        cls.table = cls.env["restaurant.table"].create(
            {"table_number": 7, "floor_id": floor.id}
        )

    def at_table(self, uuid, **changes):
        return {
            "uuid": uuid,
            "access_token": f"token-{uuid}",
            "session_id": self.session.id,
            "state": "draft",
            "table_id": self.table.id,
            "amount_return": 0,
            "amount_total": 5,
            "amount_tax": 0,
            "amount_paid": 0,
            "lines": [(0, 0, self.line_values(uuid=f"line-of-{uuid}"))],
            "payment_ids": [],
            **changes,
        }

    def found(self, uuid):
        return self.env["pos.order"].search([("uuid", "=", uuid)])

    def card_line(self, uuid="second"):
        values = {
            "uuid": uuid,
            "amount": 5,
            "payment_method_id": self.method.id,
            "payment_status": "pending",
            "name": "2026-01-01 00:00:00",
        }
        return (0, 0, values)

    def test_a_card_payment_lands_in_its_own_order(self):
        self.call("pos.order", "sync_from_ui", [self.at_table("first")])
        second = self.at_table("second-order", payment_ids=[self.card_line()])
        self.call("pos.order", "sync_from_ui", [second])
        self.assertFalse(self.found("first").payment_ids)
        self.assertEqual(self.found("second-order").payment_ids.uuid, "second")
        self.call("pos.order", "sync_from_ui", [second])
        self.assertEqual(len(self.found("second-order").payment_ids), 1)

    def test_nothing_lands_in_an_order_with_a_card_payment(self):
        for state in ("approved", "open"):
            with self.subTest(state=state), self.undone():
                order = self.in_state(state)
                self.call(order, "write", {"table_id": self.table.id})
                self.call("pos.order", "sync_from_ui", [self.at_table("second-order")])
                self.assertEqual(len(order.lines), 1)
                self.assertEqual(len(self.found("second-order").lines), 1)
                self.assert_sound(order)

    def test_an_order_that_exists_is_itself(self):
        self.call("pos.order", "sync_from_ui", [self.at_table("first", table_id=False)])
        self.call("pos.order", "sync_from_ui", [self.at_table("second-order")])
        changed = self.at_table("first", amount_total=7, lines=[])
        self.call("pos.order", "sync_from_ui", [changed])
        self.assertEqual(self.found("first").amount_total, 7)
        self.assertEqual(self.found("second-order").amount_total, 5)

    def test_a_finished_order_is_not_written_into_another_draft(self):
        order = self.in_state("finished")
        self.call("pos.order", "sync_from_ui", [self.at_table("second-order")])
        late = self.at_table(order.uuid, amount_total=99)
        self.call("pos.order", "sync_from_ui", [late])
        self.assertEqual(self.found("second-order").amount_total, 5)
        self.assertEqual(len(self.found("second-order").lines), 1)
        self.assertEqual(order.amount_total, 12.5)

    def test_a_table_without_cards_works_as_ever(self):
        for uuid in ("first", "second-order"):
            self.call("pos.order", "sync_from_ui", [self.at_table(uuid)])
        self.assertFalse(self.found("second-order"))
        self.assertEqual(len(self.found("first").lines), 2)

    def test_a_course(self):
        order = self.tipped()
        tip = order.lines.filtered("sci_line_kind")
        course = self.env["restaurant.order.course"].create({"order_id": order.id})
        vals = {"line_ids": [(1, tip.id, {"price_unit": 0})]}
        attempt = lambda: self.call(course, "write", vals)  # noqa: E731
        self.assertEqual(self.outcome(order, attempt), REFUSED)

    def test_a_tip_after_the_meal(self):
        """The restaurant's tip screen adds a line to a finished order."""
        order = self.in_state("finished")
        values = self.line_values(2, order_id=order.id)
        attempt = lambda: self.call("pos.order.line", "create", [values])  # noqa: E731
        self.assertEqual(self.outcome(order, attempt), REVIEWED)


@tagged("-standard", "sci_all_modules")
class TestDoorsOfOtherModules(DoorsCommon):
    """Doors that ``pos_online_payment``, ``pos_self_order`` and ``pos_loyalty`` add."""

    def test_online_payment_clears_no_card_payment(self):
        doors = {
            "get_and_set_online_payments_data": (
                lambda o, p: self.call(o, "get_and_set_online_payments_data", 0),
                HARMLESS,
            ),
            "get_and_set_online_payments_data: more": (
                lambda o, p: self.call(o, "get_and_set_online_payments_data", 1),
                HARMLESS,
            ),
        }
        for state in ("approved", "open"):
            with self.undone():
                self.try_doors(state, doors)

    def test_another_provider_does_not_pay_meanwhile(self):
        """Kiosks of other providers pay in full through the same two methods."""
        order = self.in_state("open")
        data = {
            "pos_order_id": order.id,
            "amount": 12.5,
            "payment_method_id": self.cash.id,
        }
        with self.assertRaises(UserError):
            order.sudo().add_payment(data)
        with self.assertRaises(UserError):
            order.sudo().action_pos_order_paid()

    def test_a_customers_phone_drops_no_card_payment(self):
        for state in ("approved", "open"):
            with self.subTest(state=state), self.undone():
                order = self.in_state(state)
                Order = self.env["pos.order"].sudo()
                with self.assertRaises(UserError):
                    Order.remove_from_ui(order.ids)
                with self.assertRaises(UserError):
                    Order.sync_from_ui([self.payload(order, "cancel", amount_total=0)])

    def test_coupons(self):
        doors = {
            "confirm_coupon_programs": (
                lambda o, p: self.call(o, "confirm_coupon_programs", {}),
                HARMLESS,
            ),
            "validate_coupon_programs": (
                lambda o, p: self.call(o, "validate_coupon_programs", {}, []),
                HARMLESS,
            ),
        }
        self.try_doors("approved", doors)


@tagged("-standard", "sci_all_modules")
class TestDoorsWithAllModules(TestDoors):
    """The table is whole with all these modules too."""

    allow_inherited_tests_method = True

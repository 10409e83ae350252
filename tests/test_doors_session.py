from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..ledger import comparison
from .common_doors import REFUSED, DoorsCommon


class TestDoorsOfSessions(DoorsCommon):
    """No session is closed over card money that is not in its books, unless a manager
    has seen it; see ``TestDoors``."""

    CLOSING = (
        "action_pos_session_close",
        "action_pos_session_closing_control",
        "action_pos_session_validate",
    )

    def close_by_every_door(self):
        for method in self.CLOSING:
            yield method, lambda m=method: self.call(self.session, m)
        for method in ("write", "web_save"):
            arguments = ({"state": "closed"}, *[{}] * (method == "web_save"))
            yield (
                method,
                lambda m=method, a=arguments: self.call(self.session, m, *a),
            )

    def assert_not_closed(self, sentence):
        for method, close in self.close_by_every_door():
            with self.subTest(door=method):
                with self.assertRaisesRegex(UserError, sentence):
                    close()
        for method, arguments in (
            ("close_session_from_ui", ()),
            ("post_closing_cash_details", (0,)),
        ):
            with self.subTest(door=method):
                answer = self.call(self.session, method, *arguments)
                self.assertFalse(answer["successful"])
                self.assertFalse(answer["redirect"])
                self.assertRegex(answer["message"], sentence)
        self.assertNotEqual(self.session.state, "closed")
        return answer

    def test_in_progress(self):
        self.in_state("open")
        answer = self.assert_not_closed("12.50")
        self.assertEqual(answer["sci_orders"], [])

    def test_an_order_that_a_card_has_paid_in_part(self):
        order = self.in_state("approved")
        answer = self.assert_not_closed("12.50")
        (found,) = answer["sci_orders"]
        self.assertEqual((found["id"], found["uuid"]), (order.id, order.uuid))
        self.assertIn(order.pos_reference, answer["message"])
        self.assertIn("12.50", found["amount"])
        self.assertEqual(answer["open_order_ids"], order.ids)
        self.call(self.session, "update_closing_control_state_session", "A note")
        self.assertEqual(self.session.state, "closing_control")
        self.assert_not_closed("12.50")

    def test_an_order_for_another_day(self):
        order = self.in_state("approved")
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=2)
        self.call(order, "write", {"preset_time": tomorrow.isoformat(" ", "seconds")})
        self.assert_not_closed("12.50")
        with self.assertRaises(UserError):
            context = {"active_ids": order.ids}
            self.call(order, "action_pos_order_cancel", context=context)
        self.call(order, "action_pos_order_cancel")
        self.assertEqual((order.state, order.session_id.id), ("draft", False))
        self.assert_not_closed("12.50")

    def test_a_manager_leaves_it_for_the_next_session(self):
        order, other = self.in_state("approved"), self.another_order()
        leave = [], [order.uuid, other.uuid]
        with self.assertRaises(AccessError):
            self.call(self.session, "sci_close_anyway", *leave)
        left = self.call(self.session, "sci_close_anyway", *leave, user=self.manager)
        self.assertEqual(left, order.ids)
        self.assertFalse(order.session_id)
        self.assertEqual(self.items().kind, "open_at_close")
        self.assertEqual(self.items().pos_order_id, order)
        other.action_pos_order_cancel()
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.register.open_ui()
        first, self.session = self.session, self.register.current_session_id
        self.assertNotEqual(first, self.session)
        self.session.set_opening_control(0, "")
        self.sync(order)
        self.assertEqual(order.session_id, self.session)
        self.assert_not_closed("12.50")
        self.sync(order, "paid")
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.assertEqual(self.items().kind, "open_at_close")

    def test_nobody_leaves_what_they_have_not_seen(self):
        order = self.in_state("approved")
        for seen in ((), [order.id], "all", [self.view["id"]]):
            left = self.call(
                self.session, "sci_close_anyway", [], seen, user=self.manager
            )
            self.assertEqual(left, [])
        self.assertEqual(order.session_id, self.session)
        self.assertFalse(self.items())

    def test_a_session_is_not_closed_beside_the_books(self):
        self.in_state("finished")
        for method, close in self.close_by_every_door():
            if method in ("write", "web_save"):
                with self.assertRaisesRegex(UserError, "books"):
                    close()
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.assertEqual(self.session.state, "closed")
        self.assertFalse(self.items())

    def test_a_session_with_a_card_payment_is_not_deleted(self):
        order = self.in_state("open")

        def attempt():
            self.call(self.session, "delete_opening_control_session")

        self.assertEqual(self.outcome(order, attempt), REFUSED)
        self.assertEqual(
            self.outcome(order, lambda: self.call(self.session, "unlink")), REFUSED
        )

    # -- what closing finds ----------------------------------------------------------

    def find(self, kind, **changes):
        """Somebody changes the finished order's payment in the database."""
        order = self.in_state("finished")
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in changes.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE pos_payment SET %s WHERE id IN %s",
                assignments,
                order.payment_ids._ids,
            )
        )
        self.env.invalidate_all()
        self.assertFalse(self.items())
        comparison.compare_session(self.session)
        self.assertIn(kind, self.items().mapped("kind"))
        return self.items().filtered(lambda item: item.kind == kind)

    def test_closing_finds_another_method(self):
        item = self.find("changed_after", payment_method_id=self.cash.id)
        self.assertIn("Cash", item.text)
        self.assertTrue(item.activity_ids)

    def test_closing_finds_another_card_method(self):
        self.find("changed_after", payment_method_id=self.other_card.id)

    def test_closing_finds_it_although_the_method_is_no_card_method_any_more(self):
        order = self.in_state("finished")
        self.env.cr.execute(
            "UPDATE pos_payment_method SET use_payment_terminal = NULL WHERE id = %s;"
            "UPDATE pos_payment SET payment_method_id = %s WHERE id = %s",
            [self.method.id, self.cash.id, order.payment_ids.id],
        )
        self.env.invalidate_all()
        self.session.close_session_from_ui()
        self.assertEqual(self.items().kind, "changed_after")

    def test_closing_finds_another_amount(self):
        self.find("other_amount", amount=10)

    def test_closing_finds_another_order(self):
        cash = self.order("another", method=self.cash)
        item = self.find("changed_after", pos_order_id=cash.id)
        self.assertIn(cash.name, item.text)

    def test_closing_finds_a_payment_that_became_change(self):
        self.find("changed_after", is_change=True)

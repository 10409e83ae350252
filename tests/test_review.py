from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..ledger.flow import SciFlow
from ..ledger.reviews import raise_item
from .common import SciCommon


class TestReview(SciCommon):
    """Where ledger, bank and orders disagree, a manager gets a review item."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.register.open_ui()
        self.session = self.register.current_session_id
        self.session.set_opening_control(0, "")

    def order(self, payment="payment-1", amount=12.5, state="paid"):
        """Sync an order with one card payment, as a register does."""
        product = self.env["product.product"].create(
            {"name": "Coffee", "list_price": amount, "taxes_id": False}
        )
        values = {
            "uuid": "order-of-" + payment,
            "state": state,
            "session_id": self.session.id,
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "access_token": "token-" + payment,
            "date_order": "2026-01-01 00:00:00",
            "fiscal_position_id": False,
            "lines": [
                (
                    0,
                    0,
                    {
                        "uuid": "line-of-" + payment,
                        "pack_lot_ids": [(0, 0, {"lot_name": "A lot"})],
                        "product_id": product.id,
                        "qty": 1,
                        "price_unit": amount,
                        "price_subtotal": amount,
                        "price_subtotal_incl": amount,
                        "tax_ids": [],
                    },
                )
            ],
            "payment_ids": [
                (
                    0,
                    0,
                    {
                        "uuid": payment,
                        "amount": amount,
                        "payment_method_id": self.method.id,
                        "name": "2026-01-01 00:00:00",
                    },
                )
            ],
        }
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        self.env.invalidate_all()
        return self.env["pos.order"].search([("uuid", "=", "order-of-" + payment)])

    def items(self):
        return self.env["pos.sci.review"].search([("company_id", "=", self.company.id)])

    def approved(self, payment="payment-1", amount=1250, **card):
        view = self.start(payment, amount=amount)
        self.present(**card)
        return self.follow(view)

    def overridden(self, successful):
        """Somebody speaks for a terminal that is not connected."""
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.terminal("online", on=False)
        self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.age(view, "cancel_requested_at", 21)
        view = self.rpc(
            self.row(view), "sci_override", successful, "Looked", user=self.cashier
        )
        self.assertEqual(view["overridden"], "yes" if successful else "no")
        return view

    def approved_late(self):
        self.sandbox.terminal("card", outcome="approve")
        self.sandbox.get("wait", terminal="front-bar", screen="result")
        self.sandbox.terminal("online", on=True)

    def crashing_before_reviews(self):
        return patch.object(SciFlow, "_review")

    def sweep(self):
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()

    def a_day_passes(self, view):
        """Of what no code may ever change."""
        guard = "TRIGGER pos_sci_transaction_guard"
        self.env.cr.execute(f"ALTER TABLE pos_sci_transaction DISABLE {guard}")
        self.age(view, "override_at", 24 * 3600)
        self.age(view, "followed_at", 24 * 3600)
        self.env.cr.execute(f"ALTER TABLE pos_sci_transaction ENABLE {guard}")

    def test_an_order_whose_answer_was_lost_is_synced_again(self):
        self.order(state="draft")
        self.approved()
        self.order(state="draft")
        order = self.order()
        self.assertEqual(order.state, "paid")
        self.assertEqual(len(order.payment_ids), 1)
        self.assertEqual(len(order.lines.pack_lot_ids), 1)
        self.assertFalse(self.items())

    def test_an_order_that_agrees(self):
        view = self.approved()
        order = self.order()
        self.assertEqual(order.state, "paid")
        self.assertFalse(self.items())
        self.assertEqual(self.row(view).pos_payment_id, order.payment_ids)

    def test_a_payment_without_an_approval(self):
        order = self.order("never-sent")
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.items().kind, "missing_approval")
        self.assertEqual(self.items().pos_order_id, order)

    def test_another_amount(self):
        self.approved(amount=1000)
        self.order()
        item = self.items()
        self.assertEqual(item.kind, "other_amount")
        self.assertIn("10.00", item.text)

    def test_an_approval_that_is_not_in_the_order(self):
        view = self.start("late", order_uuid="order-of-payment-1")
        self.approved_on_second()
        self.order()
        self.present()
        self.follow(view)
        self.assertEqual(self.items().mapped("kind"), ["missing_payment"])

    def approved_on_second(self):
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second, "bistro")
        view = self.start(terminal_id=second.id)
        self.sandbox.get("wait", terminal="bistro", screen="present_card")
        self.sandbox.terminal("card", "bistro", outcome="approve")
        return self.follow(view)

    def test_a_word_that_the_bank_cannot_confirm(self):
        view = self.approved(outcome="unknown_charged")
        self.assertFalse(self.items())
        self.rpc(self.row(view), "sci_override", False, "Empty", user=self.cashier)
        self.assertEqual(self.items().kind, "unverified")

    def test_a_word_about_a_pairing_that_goes_later(self):
        view = self.overridden(False)
        self.assertFalse(self.items())
        self.sandbox.terminal("online", on=True)
        self.sandbox.terminal("cancel")
        self.sandbox.terminal("unpair")
        self.age_pairing()
        self.rpc(self.terminal, "check_pairing")
        self.pair()
        self.age(view, "followed_at", 120)
        self.sweep()
        self.assertEqual(self.items().kind, "unverified")

    def test_a_word_that_the_bank_never_confirms(self):
        view = self.overridden(False)
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        self.sweep()
        self.assertFalse(self.items())
        self.a_day_passes(view)
        self.sweep()
        self.assertEqual(self.items().kind, "unverified")
        self.assertFalse(self.row(view).review_due)

    def test_a_word_about_a_pairing_that_nobody_makes_again(self):
        view = self.overridden(False)
        self.sandbox.terminal("online", on=True)
        self.sandbox.terminal("cancel")
        self.sandbox.terminal("unpair")
        self.age(view, "followed_at", 120)
        self.sweep()
        self.assertFalse(self.items())
        for column in ("followed_at", "lost_since"):
            self.age(view, column, 120)
        self.sweep()
        self.assertEqual(self.items().kind, "unverified")

    def test_a_crash_after_a_word_delays_its_review(self):
        view = self.approved(outcome="unknown_charged")
        with self.crashing_before_reviews():
            self.rpc(self.row(view), "sci_override", True, "x", user=self.cashier)
        self.assertFalse(self.items())
        self.sweep()
        self.assertEqual(self.items().kind, "unverified")

    def test_a_crash_after_a_contradiction_delays_its_review(self):
        view = self.overridden(False)
        self.approved_late()
        with self.crashing_before_reviews():
            self.follow(view)
        self.assertFalse(self.items())
        self.sweep()
        self.assertEqual(self.items().kind, "contradicted")
        self.assertFalse(self.row(view).review_due)

    def test_a_crash_after_a_part_of_the_amount_delays_its_review(self):
        with self.crashing_before_reviews():
            self.approved(outcome="approve", approved_amount=1000)
        self.assertFalse(self.items())
        self.sweep()
        self.assertEqual(self.items().kind, "other_amount")

    def test_two_at_once_raise_it_once(self):
        view = self.approved(outcome="approve", approved_amount=1000)
        item = self.items()
        with patch.object(type(item), "search", return_value=item.browse()):
            raise_item(self.env, "other_amount", "x", row=self.row(view))
        self.assertEqual(self.items(), item)

    def test_a_payment_without_a_session_or_an_order(self):
        self.session.sudo().state = "closed"
        view = self.approved()
        self.assertFalse(self.row(view).session_id)
        self.sweep()
        self.assertFalse(self.items(), "its order may be on its way")
        self.age(view, "finalised_at", 3600)
        self.sweep()
        self.assertEqual(self.items().kind, "missing_payment")
        self.assertFalse(self.row(view).review_due)

    def test_what_the_ledger_knows_a_payment_and_its_order_by_stays(self):
        self.start()
        order = self.order(state="draft").with_user(self.cashier)
        for record in (order, order.payment_ids):
            record.write({"uuid": record.uuid})
            with self.assertRaises(UserError):
                record.write({"uuid": "another"})

    def test_part_of_the_amount(self):
        view = self.approved(outcome="approve", approved_amount=1000)
        self.assertEqual(view["result_amounts"]["purchase_amount"], 1000)
        self.assertEqual(self.items().kind, "other_amount")
        self.assertTrue(self.row(view).needs_review)

    def test_a_contradiction_gets_an_activity_and_is_done_with_a_note(self):
        view = self.overridden(False)
        self.approved_late()
        self.age(view, "followed_at", 120)
        self.sweep()
        self.assertEqual(self.row(view).financial_status, "APPROVED")
        item = self.items()
        self.assertEqual(item.kind, "contradicted")
        self.assertTrue(item.activity_ids)
        with self.assertRaises(UserError):
            self.rpc(item, "action_done")
        with self.assertRaises(AccessError):
            self.rpc(item, "action_done", user=self.cashier)
        self.rpc(item, "write", {"note": "Refunded in cash"})
        self.rpc(item, "action_done")
        self.assertEqual(item.state, "done")
        self.assertEqual(item.reviewed_by_id, self.manager)
        self.assertFalse(item.activity_ids)
        with self.assertRaises(AccessError):
            self.rpc(item, "write", {"state": "open"})

    def test_a_contradiction_waits_for_retry(self):
        view = self.overridden(False)
        self.approved_late()
        again = self.start(attempt=2)
        self.assertEqual(again["id"], view["id"])
        self.assertEqual(again["error"]["code"], "contradicted")
        self.assertTrue(again["paid"])
        self.assertEqual(self.items().kind, "contradicted")

    def test_a_late_approval_of_more_than_the_order_says(self):
        self.sandbox.terminal("config", surcharge_rate=200)
        view = self.overridden(True)
        self.order()
        self.assertFalse(self.items())
        self.approved_late()
        self.follow(view)
        self.assertEqual(self.items().kind, "other_amount")
        self.assertIn("12.75", self.items().text)

    def test_closing_finds_what_no_order_knows(self):
        self.approved("forgotten")
        self.approved()
        self.order()
        self.assertFalse(self.items())
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.assertEqual(self.items().kind, "missing_payment")
        self.assertEqual(self.items().payment_uuid, "forgotten")

    def test_closing_finds_a_payment_that_lost_its_approval(self):
        order = self.order("never-sent")
        self.items().sudo().unlink()
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.assertEqual(self.items().kind, "missing_approval")
        self.assertEqual(self.items().pos_order_id, order)

    def test_a_register_follows_its_own_orders_only(self):
        view = self.approved()
        self.order(state="draft").session_id = False
        other = self._register("Bistro")

        def resumed(register):
            transactions = self.env["pos.sci.transaction"]
            views = self.rpc(transactions, "sci_resume", register.id)
            return [resumed["id"] for resumed in views]

        self.assertEqual(resumed(other), [])
        self.assertEqual(resumed(self.register), [view["id"]])

    def test_closing_asks_for_unresolved_payments(self):
        order = self.order(state="draft")
        other = self.order("cash", state="draft")
        view = self.start()
        result = self.session.close_session_from_ui()
        self.assertFalse(result["successful"])
        self.assertIn("12.50", result["message"])
        for close in (
            self.session.action_pos_session_closing_control,
            self.session.action_pos_session_validate,
        ):
            with self.assertRaises(UserError) as refusal:
                close()
            self.assertIn("12.50", str(refusal.exception))
        with self.assertRaises(AccessError):
            self.rpc(self.session, "sci_close_anyway", [view["id"]], user=self.cashier)
        self.assertEqual(
            len(self.rpc(self.session, "sci_unresolved", user=self.cashier)), 1
        )
        self.assertEqual(
            self.rpc(self.session, "sci_close_anyway", [view["id"]]), order.ids
        )
        self.assertFalse(self.rpc(self.session, "sci_unresolved"))
        self.assertFalse(order.session_id)
        self.assertEqual(order.config_id, self.register)
        self.assertEqual(other.session_id, self.session, "no other order is moved")
        other.action_pos_order_cancel()
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.assertEqual(self.items().kind, "open_at_close")

    def test_a_manager_closes_without_the_payments_of_the_list_only(self):
        first = self.order(state="draft")
        seen = self.start()
        second_terminal = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second_terminal, "bistro")
        unseen = self.start("later", terminal_id=second_terminal.id)
        self.rpc(self.session, "sci_close_anyway", [seen["id"], 10**9])
        self.assertEqual(self.items().transaction_id, self.row(seen))
        (left,) = self.rpc(self.session, "sci_unresolved")
        self.assertEqual(left["id"], unseen["id"])
        self.assertFalse(first.session_id)

    def test_an_order_whose_payment_got_its_result_stays_in_the_session(self):
        order = self.order(state="draft")
        view = self.approved()
        self.assertEqual(self.rpc(self.session, "sci_close_anyway", [view["id"]]), [])
        self.assertEqual(order.session_id, self.session)
        self.assertFalse(self.items())

    def test_a_manager_of_another_company_closes_nothing(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        group = "point_of_sale.group_pos_manager"
        stranger = self._user("stranger", group, other)
        view = self.start()
        with self.assertRaises(AccessError):
            self.rpc(self.session, "sci_close_anyway", [view["id"]], user=stranger)
        self.assertFalse(self.items())

    def test_a_line_belongs_to_a_transaction_of_its_own_order(self):
        view = self.approved()
        other = self.order("another", state="draft")
        line = other.lines.with_user(self.cashier).copy(
            {"sci_transaction_id": view["id"], "sci_line_kind": "tip"}
        )
        self.assertFalse(line.sci_transaction_id)
        line.write({"sci_transaction_id": view["id"]})
        self.assertFalse(line.sci_transaction_id)

    def test_what_the_terminal_added_is_added_once(self):
        view = self.approved()
        draft = self.order(state="draft")
        tip = {
            "product_id": draft.lines.product_id.id,
            "qty": 1,
            "price_unit": 1,
            "price_subtotal": 1,
            "price_subtotal_incl": 1,
            "tax_ids": [],
            "sci_transaction_id": view["id"],
            "sci_line_kind": "tip",
        }
        for tab in ("first", "second"):
            values = {
                "uuid": draft.uuid,
                "access_token": draft.access_token,
                "state": "draft",
                "session_id": self.session.id,
                "lines": [(0, 0, {**tip, "uuid": f"tip-of-{tab}-tab"})],
                "payment_ids": [],
            }
            self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        self.env.invalidate_all()
        self.assertEqual(
            draft.lines.filtered("sci_line_kind").mapped("uuid"), ["tip-of-first-tab"]
        )

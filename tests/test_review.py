from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..ledger import alerts, comparison
from ..ledger.reviews import raise_item
from ..server import waiting
from .common_review import ReviewCommon


class TestReview(ReviewCommon):
    """Where ledger, bank and orders disagree, a manager gets a review item."""

    def test_an_order_whose_answer_was_lost_is_synced_again(self):
        self.order(state="draft")
        self.approved()
        self.order(state="draft")
        order = self.order()
        self.assertEqual(order.state, "paid")
        self.assertEqual(len(order.payment_ids), 1)
        self.assertEqual(len(order.lines.pack_lot_ids), 1)
        self.assertFalse(self.items())

    def test_an_item_stands_although_nobody_can_be_told(self):
        self.mute("ledger.reviews")
        order = self.order(state="draft")
        with patch.object(alerts, "assign", side_effect=ValueError("no mail")):
            item = raise_item(self.env, "missing_payment", "Look", order=order)
        self.assertEqual(item.text, "Look")
        self.env.flush_all()

    def test_a_draft_is_known_by_its_number(self):
        draft = self.order(state="draft")
        draft.pos_reference = "2611-001-000042"
        item = raise_item(self.env, "missing_payment", "Look", order=draft)
        self.assertEqual(item.order_name, "2611-001-000042")

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
        self.leave_drafts()
        self.approved(amount=1000)
        order = self.order(state="draft")
        self.assertEqual(order.payment_ids.amount, 10, "what the bank says")
        with self.assertRaises(UserError):
            self.order()
        self.assertFalse(self.items())
        self.env.cr.execute(
            "UPDATE pos_payment SET amount = 12.5 WHERE pos_order_id = %(id)s;"
            "UPDATE pos_order SET state = 'paid' WHERE id = %(id)s",
            {"id": order.id},
        )
        self.env.invalidate_all()
        comparison.compare_orders(order)
        item = self.items()
        self.assertEqual(item.kind, "other_amount")
        self.assertIn("10.00", item.text)

    def test_an_approval_that_is_not_in_the_order(self):
        view = self.start("late", order_uuid="order-of-payment-1")
        self.approved_on_second()
        self.lose("late")
        with self.assertRaises(UserError):
            self.order()
        self.present()
        self.follow(view)
        self.lose("late")
        self.order()
        self.assertIn("missing_payment", self.items().mapped("kind"))

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

    def test_each_reason_is_given_once(self):
        row = self.row(self.approved())
        for kind in ("order_unfinished", "open_at_close"):
            with self.subTest(kind=kind):
                item = self.said(row, kind, "One")
                self.assertEqual(self.said(row, kind, "One"), item)
                self.said(row, kind, "Two")
                self.assertEqual(item.text, "One\nTwo")
                self.assertEqual(item.activity_ids.mapped("summary"), ["One"])
                self.rpc(item, "action_fine")
                self.said(row, kind, "Two")
                self.assertFalse(item.activity_ids)
                self.said(row, kind, "Three")
                self.said(row, kind, "Four", is_news=True)
                self.assertEqual(item.state, "open")
                told = item.activity_ids.mapped("summary")
                self.assertEqual(told, ["Three", "Four"])

    def test_another_reason_each_minute_ends(self):
        row = self.row(self.approved())
        for number in range(100):
            item = self.said(row, "order_unfinished", f"Reason {number} " + "x" * 100)
        self.assertLess(len(item.text), 3000)
        self.said(row, "order_unfinished", "Another phone", is_news=True)
        self.assertIn("Another phone", item.text)

    def said(self, row, kind, text, **values):
        item = raise_item(self.env, kind, text, row=row, **values)
        self.env.flush_all()
        return item

    def test_a_payment_without_a_session_or_an_order(self):
        self.leave_drafts()
        self.draft(12.5, [("payment-1", 12.5)], "order-of-payment-1")
        self.session.sudo().state = "closed"
        view = self.approved()
        self.lose("payment-1")
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

    def test_a_contradiction_that_comes_slowly_is_waited_for_in_a_worker_too(self):
        view = self.overridden(False)
        self.approved_late()
        self.sandbox.fault("/v1/transactions/", "delay", "GET", seconds=1.5, times=0)
        with patch.object(waiting, "is_free", return_value=False):
            again = self.start(attempt=2)
        self.assertEqual(again["id"], view["id"])
        self.assertEqual(again["error"]["code"], "contradicted")

    def test_a_late_approval_of_more_than_the_order_says(self):
        self.let_terminal_ask(surcharge_rate=200)
        view = self.overridden(True)
        self.order()
        self.assertFalse(self.items())
        self.approved_late()
        self.follow(view)
        self.assertEqual(self.items().kind, "other_amount")
        self.assertIn("12.75", self.items().text)

from odoo.exceptions import AccessError, UserError

from .common_review import ReviewCommon


class TestClosing(ReviewCommon):
    """What the end of a session finds, and what belongs to whose orders."""

    def test_closing_finds_what_no_order_knows(self):
        self.approved("forgotten")
        self.lose("forgotten")
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
        self.leave_drafts()
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
        with self.assertLogs("odoo.addons.pos_mx51_sci.models.pos_session") as logged:
            left = self.rpc(self.session, "sci_close_anyway", [view["id"]])
        self.assertEqual(left, order.ids)
        self.assertIn(f"(user {self.manager.id})", logged.output[0])
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

    def tipped(self):
        """The customer adds a tip of 1.00 at the terminal."""
        self.let_terminal_ask(tip_prompt=True)
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.present()
        return self.follow(view)

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
        draft = self.order(state="draft")
        product = draft.lines.product_id
        view = self.tipped()
        tip = {
            "product_id": product.id,
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
            draft.lines.filtered("sci_line_kind").mapped("uuid"),
            [f"sci-payment-1-{view['id']}-tip"],
        )

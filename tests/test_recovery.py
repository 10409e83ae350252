from odoo.exceptions import AccessError, UserError

from .common import SciCommon


class TestRecovery(SciCommon):
    """Cancelling, dead requests, a manager's word, and rows that nobody follows."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()

    # -- dead requests -------------------------------------------------------------

    def test_a_draft_whose_request_died(self):
        view = self.start()
        row_id = self._copy_as(view, "draft", "payment-2")
        self.age({"id": row_id}, "create_date", 16)
        dead = self.start("payment-2")
        self.assertEqual(dead["status"], "not_sent")
        self.assertIn("Nothing was charged.", dead["error"]["message"])
        self.assertEqual(len(self.upstream()), 1)

    def test_a_request_that_died_while_sending(self):
        view = self.start()
        row_id = self._copy_as(view, "sending", "payment-2")
        self.age({"id": row_id}, "sent_at", 31)
        dead = self.start("payment-2", attempt=2)
        self.assertEqual((dead["id"], dead["status"]), (row_id, "unknown"))
        self.assertEqual(len(self.upstream()), 1)

    def _copy_as(self, view, status, payment):
        """A row as a killed process would have left it, on a terminal of its own."""
        terminal = self.terminal.copy()
        self.env.cr.execute(
            """
            INSERT INTO pos_sci_transaction (payment_uuid, attempt, order_uuid, kind,
                amounts, company_id, currency_id, exponent, terminal_id,
                config_id, payment_method_id, status, sent_at, version, create_date)
            SELECT %s, 1, %s, kind, amounts, company_id, currency_id, exponent, %s,
                config_id, payment_method_id, %s, sent_at, 0, create_date
              FROM pos_sci_transaction WHERE id = %s RETURNING id
            """,
            [payment, "order-of-" + payment, terminal.id, status, view["id"]],
        )
        return self.env.cr.fetchone()[0]

    # -- cancel --------------------------------------------------------------------

    def test_cancel(self):
        view = self.start()
        view = self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.assertTrue(view["cancel_requested"])
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "CANCELLED")
        self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.assertEqual(len(self.sandbox.requests_to("/cancel")), 1)

    def test_a_late_approval_wins(self):
        view = self.start()
        self.present()
        self.sandbox.get("wait", transaction=self.row(view).sci_id, status="FINALISED")
        self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.assertEqual(self.follow(view)["financial_status"], "APPROVED")

    def test_a_terminal_is_busy_until_the_cancelled_payment_has_ended(self):
        """Until then it may still show the amount, and take the card."""
        other = self._register("Bistro")
        view = self.start()
        view = self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.assertTrue(view["cancel_requested"])
        early = self.start("payment-2", config_id=other.id)
        self.assertEqual(early["error"]["code"], "terminal_busy")
        self.assertEqual(len(self.upstream()), 1)
        self.assertEqual(self.follow(view)["financial_status"], "CANCELLED")
        later = self.start("payment-2", attempt=2, config_id=other.id)
        self.assertEqual(later["status"], "PENDING")

    def test_cancel_of_a_draft_charges_nothing(self):
        view = self.start()
        row_id = self._copy_as(view, "draft", "payment-2")
        row = self.env["pos.sci.transaction"].browse(row_id)
        view = self.rpc(row, "sci_cancel", user=self.cashier)
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["message"], "Cancelled. Nothing was charged.")
        self.assertFalse(self.sandbox.requests_to("/cancel"))

    # -- a manager resolves --------------------------------------------------------

    def unknown(self):
        self.sandbox.fault("/v1/transactions$", "drop_after")
        return self.start()

    def resolve(self, view, successful="no", user=None):
        wizard = self.env["pos.sci.resolve"].create(
            {
                "transaction_id": view["id"],
                "successful": successful,
                "reason": "Looked at the terminal's receipt",
            }
        )
        self.rpc(wizard, "action_resolve", user=user or self.manager)
        return self.row(view)

    def test_a_manager_resolves_in_the_window_once(self):
        view = self.unknown()
        with self.assertRaises(UserError):
            self.resolve(view)
        self.age(view, "sent_at", 61)
        row = self.resolve(view)
        self.assertEqual(row.override_outcome, "no")
        self.assertEqual(row.override_user_id, self.manager)
        self.assertEqual(row.override_reason, "Looked at the terminal's receipt")
        with self.assertRaises(UserError):
            self.resolve(view, "yes")
        self.assertEqual(row.override_outcome, "no")
        self.assertEqual(self.start(attempt=2)["attempt"], 2)

    def test_resolved_as_paid(self):
        view = self.unknown()
        self.age(view, "sent_at", 61)
        self.resolve(view, "yes")
        again = self.start(attempt=2)
        self.assertEqual((again["id"], again["paid"]), (view["id"], True))
        self.assertEqual(len(self.upstream()), 1)

    def test_the_bank_has_the_last_word(self):
        view = self.start()
        self.present()
        self.sandbox.get("wait", transaction=self.row(view).sci_id, status="FINALISED")
        self.age(view, "silent_since", 61)
        view = self.rpc(self.row(view), "sci_override", False, "Saw no receipt")
        self.assertEqual(view["error"]["message"], "The bank has answered meanwhile.")
        self.assertEqual(view["financial_status"], "APPROVED")
        self.assertFalse(view["overridden"])

    def test_twenty_seconds_after_a_cancel_the_window_opens(self):
        view = self.start()
        view = self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.assertFalse(view["override_open"])
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        self.age(view, "cancel_requested_at", 21)
        view = self.poll({**view, "version": self.row(view).version})
        self.assertTrue(view["override_open"])

    def override(self, view, successful, reason="Saw the receipt", user=None):
        return self.rpc(
            self.row(view),
            "sci_override",
            successful,
            reason,
            user=user or self.cashier,
        )

    def test_a_cashier_states_the_outcome_unless_that_is_for_managers(self):
        view = self.unknown()
        self.age(view, "sent_at", 61)
        self.register.sci_override_by_managers = True
        with self.assertRaises(AccessError):
            self.override(view, True)
        self.register.sci_override_by_managers = False
        with self.assertRaises(UserError):
            self.override(view, True, reason=" ")
        self.assertEqual(self.override(view, True)["overridden"], "yes")

    def test_silence_counts_only_while_somebody_asks(self):
        view = self.start()
        # Longer than silence has to last, shorter than the scheduled action's interval.
        self.age(view, "silent_since", 65)
        self.age(view, "followed_at", 65)
        (resumed,) = self.rpc(self.row(view), "sci_resume", self.register.id)
        self.assertFalse(resumed["override_open"])
        self.assertEqual(resumed["silent_for"], 0)
        refused = self.override(view, True)
        self.assertEqual(refused["error"]["code"], "override_closed")
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET")
        view = self.poll({**view, "version": self.row(view).version})
        self.assertFalse(view["override_open"])

    def test_a_transaction_that_mx51_does_not_know_opens_the_window(self):
        view = self.start()
        body = {"error": {"code": "transaction_not_found", "message": "Not found"}}
        self.sandbox.fault(
            "/v1/transactions/", "status", method="GET", status=404, body=body, times=0
        )
        newest = {**view, "version": self.row(view).version}
        self.assertFalse(self.poll(newest)["override_open"])
        self.age(view, "lost_since", 11)
        self.assertTrue(self.poll(newest)["override_open"])

    def test_an_unknown_payment_is_asked_about_a_minute_after_it_was_sent(self):
        """Whatever mx51 says meanwhile, such as that there is nothing new."""
        sci_id = "11111111-2222-3333-4444-555555555555"
        data = {"data": {"id": sci_id}}
        self.sandbox.fault("/v1/transactions$", "status", status=200, body=data)
        view = self.start()
        self.sandbox.fault(sci_id, "status", method="GET", status=200, body=data)
        self.age(view, "sent_at", 61)
        view = self.poll(view)
        self.assertLess(view["silent_for"], 30)
        self.assertTrue(view["override_open"])

    def test_an_unknown_payment_is_cancelled_if_it_has_an_id(self):
        """Cancel may have been pressed before its create was answered in short."""
        sci_id = "11111111-2222-3333-4444-555555555555"
        for number, data in enumerate(({"id": sci_id}, {})):
            with self.subTest(data=data):
                body = {"data": data}
                self.sandbox.fault("/v1/transactions$", "status", status=200, body=body)
                view = self.start(f"payment-{number}", order_uuid=f"order-{number}")
                view = self.rpc(self.row(view), "sci_cancel", user=self.cashier)
                self.assertEqual(view["status"], "unknown")
                self.assertEqual(view["cancel_requested"], bool(data))
                self.assertEqual(len(self.sandbox.requests_to("/cancel")), 1)
                self.row(view).sudo().given_up = True

    def test_a_cancel_whose_sender_died_is_sent_by_whoever_polls(self):
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET cancel_requested_at = now() WHERE id = %s",
            [view["id"]],
        )
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "CANCELLED")
        self.assertEqual(len(self.sandbox.requests_to("/cancel")), 1)

    def test_a_dead_request_of_the_order_is_met_on_any_terminal(self):
        view = self.start()
        row_id = self._copy_as(view, "sending", "payment-2")
        self.age({"id": row_id}, "sent_at", 31)
        self.present()
        self.follow(view)
        other = self.start("payment-3", order_uuid="order-of-payment-2")
        self.assertEqual(other["error"]["code"], "order_unresolved")
        self.assertEqual(len(self.upstream()), 1)

    # -- nobody follows ------------------------------------------------------------

    def test_the_scheduled_action_finishes_what_nobody_follows(self):
        view = self.start()
        self.present()
        sci_id = self.row(view).sci_id
        self.sandbox.get("wait", transaction=sci_id, status="FINALISED")
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()
        self.assertEqual(self.row(view).status, "PENDING")
        self.age(view, "followed_at", 31)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()
        self.assertEqual(self.row(view).financial_status, "APPROVED")

    def test_a_day_without_an_answer_frees_the_terminal(self):
        view = self.start()
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        self.age(view, "followed_at", 31)
        self.age(view, "sent_at", 25 * 3600)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()
        row = self.row(view)
        self.assertTrue(row.given_up and row.needs_review)
        self.assertEqual(row.status, "PENDING")
        return view

    def test_a_payment_that_is_followed_for_a_day_is_given_up_too(self):
        view = self.start()
        self.age(view, "sent_at", 25 * 3600)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()
        self.assertTrue(self.row(view).given_up)

    def test_an_unknown_payment_is_asked_about_for_a_day(self):
        sci_id = "11111111-2222-3333-4444-555555555555"
        data = {"data": {"id": sci_id}}
        self.sandbox.fault("/v1/transactions$", "status", status=200, body=data)
        view = self.start()
        for hours, polls in ((23, 1), (25, 1)):
            self.age(view, "followed_at", 31)
            self.age(view, "sent_at", hours * 3600)
            self.env["pos.sci.transaction"]._cron_sweep()
            with self.subTest(hours=hours):
                asked = self.sandbox.requests_to(sci_id, "GET")
                self.assertEqual(len(asked), polls)

    def test_a_payment_given_up_that_ends_undecided_is_asked_about(self):
        view = self.test_a_day_without_an_answer_frees_the_terminal()
        self.sandbox.clear_faults()
        self.present("unknown")
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "UNKNOWN")
        self.assertTrue(view["unresolved"] and view["override_open"])
        row = self.row(view)
        self.assertIn(row, row.search([("is_unresolved", "=", True)]))
        self.assertEqual(self.override(view, True)["overridden"], "yes")
        self.assertFalse(row.search([("is_unresolved", "=", True)]))

    def test_the_outcome_of_a_payment_given_up_can_be_stated(self):
        view = self.test_a_day_without_an_answer_frees_the_terminal()
        row = self.row(view)
        self.assertTrue(row.review_ids.can_resolve)
        self.assertTrue(self.override(view, True)["paid"])
        self.assertFalse(row.review_ids.can_resolve)

    def test_a_payment_given_up_and_marked_as_not_paid_is_asked_about(self):
        view = self.test_a_day_without_an_answer_frees_the_terminal()
        self.assertEqual(self.override(view, False)["overridden"], "no")
        self.sandbox.clear_faults()
        self.present()
        sci_id = self.row(view).sci_id
        self.sandbox.get("wait", transaction=sci_id, status="FINALISED")
        self.age(view, "followed_at", 61)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()
        self.assertIn("contradicted", self.row(view).review_ids.mapped("kind"))

    def test_an_approval_after_a_day_is_written_down_beside_the_second_one(self):
        first = self.test_a_day_without_an_answer_frees_the_terminal()
        self.sandbox.clear_faults()
        self.sandbox.terminal("online", on=False)
        self.present()
        second_terminal = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second_terminal, "bistro")
        second = self.start(attempt=2, terminal_id=second_terminal.id)
        self.sandbox.get("wait", terminal="bistro", screen="present_card")
        self.sandbox.terminal("card", "bistro", outcome="approve")
        self.assertTrue(self.follow(second)["paid"])
        refused = self.override(first, True)
        self.assertEqual(refused["error"]["code"], "other_stands")
        self.sandbox.terminal("online", on=True)
        self.assertEqual(self.follow(first)["financial_status"], "APPROVED")
        kinds = self.row(first).review_ids.mapped("kind")
        self.assertEqual(sorted(kinds), ["contradicted", "day_without_answer"])

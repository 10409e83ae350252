import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_review import ReviewCommon


class TestStateAgainst(ReviewCommon):
    """The terminal's receipt says approved, mx51's final answer does not."""

    def declined(self, payment="payment-1", outcome="decline"):
        view = self.start(payment)
        if outcome == "cancel":
            self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        else:
            self.present(outcome)
        return self.follow(view)

    def state(self, view, user=None, successful=True, reason="Receipt of 14:02"):
        row = self.row(view)
        user = user or self.manager
        return self.rpc(row, "sci_state_against", successful, reason, user=user)

    def resolve(self, view, successful="yes"):
        wizard = self.env["pos.sci.resolve"].with_user(self.manager)
        wizard = wizard.create(
            {
                "transaction_id": view["id"],
                "successful": successful,
                "reason": "Receipt of 14:02",
            }
        )
        return self.rpc(wizard, "action_resolve")

    def test_the_payment_counts_and_the_answer_stays(self):
        for outcome, answer in (("decline", "DECLINED"), ("cancel", "CANCELLED")):
            before = self.declined(f"payment-{outcome}", outcome)
            with self.subTest(outcome=outcome):
                self.assertEqual(before["financial_status"], answer)
                view = self.state(before)
                self.assertFalse(view["error"])
                self.assertTrue(view["paid"])
                self.assertEqual(view["overridden"], "yes")
                for key in ("status", "financial_status", "message", "version"):
                    self.assertEqual(view[key], before[key])
                row = self.row(view)
                self.assertEqual(row.override_user_id, self.manager)
                (item,) = row.review_ids
                self.assertEqual((item.kind, item.state), ("contradicted", "open"))
                again = self.start(f"payment-{outcome}", attempt=2)
                self.assertEqual(again["id"], view["id"], "charged again")

    def test_managers_only(self):
        view = self.declined()
        with self.assertRaises(AccessError):
            self.state(view, self.cashier)
        self.assertFalse(self.row(view).override_outcome)

    def test_a_reason_and_a_yes(self):
        view = self.declined()
        for arguments in (
            {"reason": " "},
            {"successful": False},
            {"successful": None},
            {"successful": 1},
        ):
            with self.subTest(**arguments), self.assertRaises(UserError):
                self.state(view, **arguments)
        self.assertFalse(self.row(view).override_outcome)

    def test_once(self):
        view = self.state(self.declined())
        again = self.state(view, reason="Another")
        self.assertEqual(again["error"]["code"], "answer_stands")
        self.assertEqual(self.row(view).override_reason, "Receipt of 14:02")

    def test_not_what_was_tried_again(self):
        view = self.declined()
        second = self.start(attempt=2)
        self.assertEqual(self.state(view)["error"]["code"], "answer_stands")
        self.present()
        self.follow(second)
        self.assertEqual(self.state(view)["error"]["code"], "answer_stands")
        self.assertFalse(self.row(view).override_outcome)

    def test_not_what_is_no_final_refusal(self):
        view = self.start()
        self.assertEqual(self.state(view)["error"]["code"], "answer_stands")
        self.present()
        view = self.follow(view)
        self.assertEqual(self.state(view)["error"]["code"], "answer_stands")

    def test_from_the_back_office(self):
        view = self.declined()
        self.resolve(view)
        self.assertEqual(self.row(view).override_outcome, "yes")
        self.assertEqual(self.row(view).review_ids.kind, "contradicted")
        with self.assertRaises(UserError):
            self.resolve(view)

    def test_nobody_says_no_to_a_no(self):
        view = self.declined()
        with self.assertRaises(UserError):
            self.resolve(view, "no")
        self.assertFalse(self.row(view).override_outcome)

    def test_the_database_holds_it(self):
        declined = self.declined()
        refused = self.start("payment-2", kind="moto", amounts={"moto_amount": 1})
        approved = self.approved("payment-3")
        for view, outcome in (
            *((declined, "no"), (refused, "yes")),
            *((approved, "no"), (approved, "yes")),
        ):
            with (
                self.subTest(status=view["financial_status"], outcome=outcome),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "contradicted with Yes only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    "UPDATE pos_sci_transaction SET override_outcome = %s,"
                    " override_user_id = 1, override_at = now(), override_reason = 'x'"
                    " WHERE id = %s",
                    [outcome, view["id"]],
                )

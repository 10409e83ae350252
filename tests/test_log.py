"""Odoo's log has ids of people, and not what errors say of customers."""

import logging
from unittest.mock import patch

from odoo.exceptions import UserError

from ..ledger import finishing, posting
from .common_posting import PostingCommon

OURS = "odoo.addons.pos_mx51_sci"
TOLD = "Ada Citizen owes 12.50"
#: Where a mock raises an error.
MOCK = "_execute_mock_call (mock.py:"


class TestLog(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.sudo().write({"name": "Robin Boss", "password": "of the manager"})

    def logged(self, record, method, *args, user):
        """What a call leaves in our log."""
        with self.assertLogs(OURS, logging.INFO) as log:
            self.rpc(record, method, *args, user=user)
        return "\n".join(log.output)

    def test_managers_are_logged_by_id(self):
        # An order that a card has paid, and nobody has finished.
        self.leave_drafts()
        self.sold(order_uuid="order-1")
        self.register.sci_free_refund = True
        person = self.manager.login, "of the manager"
        settled = self.terminal.id, "settlement", None
        for record, method, args, user in (
            (self.register, "sci_permit_refund", ("order-1", 500, *person), "cashier"),
            (self.register, "sci_use_terminal", (self.terminal.id,), "manager"),
            (self.session, "sci_settle", (*settled, *person), "cashier"),
            (self.session, "sci_close_anyway", ([], ["order-1"]), "manager"),
        ):
            with self.subTest(method=method):
                log = self.logged(record, method, *args, user=getattr(self, user))
                self.assertIn(f"(user {self.manager.id})", log)
                for name in (self.manager.name, self.manager.login):
                    self.assertNotIn(name, log)

    def assert_in_review_only(self, module, work):
        """What Odoo says in the midst of it."""
        refused = patch.object(module, work, side_effect=UserError(TOLD))
        with self.assertLogs(module.__name__, logging.WARNING) as log, refused:
            self.sold()
        self.assertIn(f"UserError in {MOCK}", log.output[0])
        self.assertNotIn("Ada", "\n".join(log.output))
        self.assertIn(TOLD, self.items().text)

    def test_why_nothing_was_posted_is_in_the_review_only(self):
        self.assert_in_review_only(posting, "_post")

    def test_why_an_order_was_not_finished_is_in_the_review_only(self):
        self.assert_in_review_only(finishing, "_finish")

import json
import logging

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tools import mute_logger

from ..ledger.reviews import raise_item
from .common import SciCommon
from .sandbox_process import API_KEY, PART_A

SECRETS = ("signing_secret_part_b", "claimed_at")


class TestSecurity(SciCommon):
    def setUp(self):
        super().setUp()
        self.pair()
        self.part_b = self.terminal.sudo().signing_secret_part_b

    def test_nobody_reads_the_secret(self):
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids |= self.company
        for user in (self.cashier, self.manager, administrator):
            terminal = self.terminal.with_user(user).with_company(self.company)
            for field in SECRETS:
                with self.subTest(user=user.login, field=field):
                    with self.assertRaises(AccessError):
                        terminal.read([field])
                    with self.assertRaises(AccessError):
                        terminal.search([(field, "!=", False)])
                    with self.assertRaises(UserError):
                        terminal.export_data([field])
            self.assertNotIn(self.part_b, json.dumps(terminal.read(), default=str))

    def test_no_view_carries_a_secret(self):
        views = [self.rpc(self.terminal, "pairing_view"), self.start()]
        views.append(self.rpc(self.terminal, "pos_terminals", self.register.id))
        views.append(
            self.env["pos.sci.terminal"]._load_pos_data_read(
                self.terminal, self.register
            )
        )
        for secret in (self.part_b, PART_A, API_KEY, "kid_"):
            self.assertNotIn(secret, json.dumps(views, default=str))

    def test_no_secret_in_the_log(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            self.rpc(self.terminal, "action_test")
            view = self.start()
            self.sandbox.fault("/v1/transactions/", "garbage", method="GET")
            self.poll({**view, "version": self.row(view).version})
        mine = [record for record in logs.records if "odoo.sql_db" not in record.name]
        text = "\n".join(record.getMessage() for record in mine)
        for secret in (self.part_b, PART_A, API_KEY, "sig1="):
            self.assertNotIn(secret, text)

    def test_nobody_writes_the_ledger(self):
        row = self.row(self.start())
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids |= self.company
        for user in (self.cashier, self.manager, administrator):
            mine = row.with_user(user).with_company(self.company)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    mine.write({"status": "FINALISED", "financial_status": "APPROVED"})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({"payment_uuid": "x"})
                with self.assertRaises(AccessError):
                    mine.copy()

    def test_not_even_the_superuser_deletes_a_row(self):
        row = self.row(self.start())
        with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                row.sudo().unlink()
        self.assertTrue(row.exists())

    def test_a_cashier_does_not_change_a_terminal(self):
        mine = self.terminal.with_user(self.cashier)
        for values in ({"name": "x"}, {"state": "unpaired"}, {"api_base_url": "x"}):
            with self.assertRaises(AccessError):
                mine.write(values)
        with self.assertRaises(AccessError):
            mine.unlink()

    def test_a_cashier_does_not_set_up_card_payments(self):
        """Odoo lets cashiers write to a register."""
        mine = self.register.with_user(self.cashier)
        mine.write({"name": "Bar"})
        for values in (
            {"sci_override_by_managers": False},
            {"name": "x", "sci_free_refund": True},
            {"sci_terminal_id": self.terminal.id},
        ):
            with self.assertRaises(AccessError):
                mine.write(values)
        self.register.with_user(self.manager).sci_free_refund = True

    def test_pairing_fields_are_written_by_pairing_only(self):
        """A manager who points a terminal elsewhere would get signed requests."""
        for field, value in (
            ("state", "paired"),
            ("api_base_url", "https://evil.example"),
            ("key_id", "kid_other"),
            ("pairing_id", "pid_other"),
        ):
            with self.subTest(field=field), self.assertRaises(AccessError):
                self.terminal.with_user(self.manager).write({field: value})
            with self.subTest(field=field), self.assertRaises(AccessError):
                self.env["pos.sci.terminal"].with_user(self.manager).create(
                    {"name": "x", field: value}
                )

    def test_a_context_writes_no_pairing_field(self):
        evil = {
            "default_state": "paired",
            "default_api_base_url": "http://127.0.0.1:1",
            "default_key_id": "kid_other",
        }
        terminal = (
            self.env["pos.sci.terminal"]
            .with_user(self.manager)
            .with_context(**evil)
            .create({"name": "x"})
        )
        self.assertEqual(terminal.state, "unpaired")
        self.assertFalse(terminal.api_base_url or terminal.key_id)

    def test_a_context_hides_no_review(self):
        evil = {"default_state": "done", "mail_activity_automation_skip": True}
        env = self.env(context={**self.env.context, **evil})
        item = raise_item(env, "other_amount", "x", row=self.row(self.start()))
        self.assertEqual(item.state, "open")
        self.assertTrue(item.activity_ids)

    def test_an_outcome_is_yes_or_no(self):
        row = self.row(self.start())
        for value in ("no", "false", 0, 1, None):
            with self.assertRaises(UserError):
                self.rpc(row, "sci_override", value, "x")

    def test_another_company_s_terminal_and_payments(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        view = self.start()
        for group in (
            "point_of_sale.group_pos_user",
            "point_of_sale.group_pos_manager",
        ):
            stranger = self._user("stranger_" + group[-7:], group, other)
            terminal, row = self.terminal, self.row(view)
            for record, method, args in (
                (terminal, "pairing_view", []),
                (terminal, "check_pairing", []),
                (terminal, "action_pair", ["123456"]),
                (terminal, "action_test", []),
                (terminal, "action_unpair", []),
                (terminal, "action_forget", []),
                (terminal, "pos_terminals", [self.register.id]),
                (self.register, "sci_use_terminal", [terminal.id]),
                (self.register, "sci_pairing", [terminal.id, "pairing_view"]),
                (row, "sci_poll", [0]),
                (row, "sci_cancel", []),
                (row, "sci_override", [True, "x"]),
                (row, "sci_resume", [self.register.id]),
                (row, "sci_start", [self.values()]),
                (row, "sci_start", [self.values("payment-2")]),
            ):
                with self.subTest(method=method, group=group):
                    with self.assertRaises(AccessError):
                        self.rpc(record, method, *args, user=stranger)
        self.assertEqual(len(self.upstream()), 1)
        self.assertFalse(self.sandbox.requests_to("/cancel"))

    def test_those_who_do_not_sell(self):
        nobody = self._user("employee", "base.group_user")
        for record, method, args in (
            (self.terminal, "pairing_view", []),
            (self.env["pos.sci.transaction"], "sci_start", [self.values()]),
            (self.env["pos.sci.transaction"], "sci_resume", [self.register.id]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self.rpc(record, method, *args, user=nobody)

    def test_a_copy_of_the_database_reaches_no_terminal(self):
        for query in get_neutralization_queries(["pos_mx51_sci"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(self.terminal.state, "unpaired")
        self.assertFalse(self.terminal.sudo().signing_secret_part_b)
        self.assertEqual(self.start()["error"]["code"], "not_paired")
        self.assertFalse(self.upstream())

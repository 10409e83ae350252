import logging

from lxml import etree

from odoo.exceptions import AccessError, UserError

from ..ledger import settlement
from .common import SciCommon


class TestCopies(SciCommon):
    """A copy of the database that was not neutralized touches no terminal."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.view = self.start()
        self.before = self.requests()
        self.copy_database()

    def requests(self):
        return len(self.sandbox.get("exchanges"))

    def copy_database(self, terminal=None):
        """From here on this is a copy of the database that was paired."""
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET paired_database = 'uuid original'"
            " WHERE id = %s",
            [(terminal or self.terminal).id],
        )
        self.env.invalidate_all()

    def assert_nothing_left(self):
        self.assertEqual(self.requests(), self.before)

    def test_what_runs_is_neither_polled_nor_cancelled(self):
        self.age(self.view, "followed_at", 60)
        self.assertEqual(self.poll(self.view)["error"]["code"], "other_database")
        view = self.rpc(self.row(self.view), "sci_cancel", user=self.cashier)
        self.assertEqual(view["error"]["code"], "other_database")
        self.assertEqual(view["cancel_state"], "due")
        self.age(self.view, "followed_at", 60)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.assert_nothing_left()
        self.assertEqual(self.row(self.view).status, "PENDING")

    def test_a_pairing_that_has_changed_is_neither_polled_nor_cancelled(self):
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET pairing_id = 'pid later',"
            " paired_database = NULL WHERE id = %s",
            [self.terminal.id],
        )
        self.env.invalidate_all()
        view = self.poll(self.view)
        self.assertEqual(view["error"]["code"], "other_pairing")
        self.assertIn(self.terminal.name, view["error"]["message"])
        self.assertTrue(view["override_open"])
        view = self.rpc(self.row(self.view), "sci_cancel", user=self.cashier)
        self.assertEqual(view["error"]["code"], "other_pairing")
        self.assertEqual(view["cancel_state"], "due")
        self.assert_nothing_left()

    def other_terminal(self):
        """One that takes no payment."""
        other = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(other, "bistro")
        self.before = self.requests()
        self.copy_database(other)
        return other

    def test_no_totals_are_asked_for_whoever_has_checked_before(self):
        with self.assertRaisesRegex(UserError, "copy"):
            settlement.start(self.env, self.other_terminal().id, "enquiry")
        self.assert_nothing_left()

    def test_nothing_is_charged(self):
        other = self.other_terminal()
        view = self.start("another", terminal_id=other.id)
        self.assert_nothing_left()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], "other_database")
        self.assertIn("copy", view["error"]["message"])
        self.assertEqual(self.row(view).said, view["error"]["message"])

    def test_nothing_is_settled_paired_or_unpaired(self):
        for method in ("check_pairing", "action_test", "action_unpair"):
            view = self.rpc(self.terminal, method)
            self.assertEqual(view["state"], "paired", method)
            self.assertIn("copy", view["credentials_error"])
        for method in ("action_settle", "action_settlement_enquiry"):
            with self.assertRaises(UserError):
                self.rpc(self.terminal, method)
        self.assert_nothing_left()

    def test_every_screen_says_so(self):
        self.register.sci_terminal_id = self.terminal
        Terminal = self.env["pos.sci.terminal"]
        shown = self.rpc(Terminal, "pos_terminals", self.register.id, user=self.cashier)
        (terminal,) = [it for it in shown["terminals"] if it["id"] == self.terminal.id]
        self.assertTrue(terminal["is_of_other_database"])
        self.assertIn("is_of_other_database", Terminal._load_pos_data_fields(None))
        summary = self.rpc(self.register, "read", ["sci_summary"])[0]["sci_summary"]
        self.assertEqual(summary["level"], "danger")
        self.assertIn("copy", summary["text"])
        overview = self.rpc(self.env["pos.sci.set.up"], "overview")
        (terminal,) = [
            it for it in overview["terminals"] if it["id"] == self.terminal.id
        ]
        self.assertTrue(terminal["is_copy"])
        lines = {it["key"]: it["text"] for it in overview["findings"]}
        self.assertIn("Front Bar", lines["database"])
        self.assertTrue(self.rpc(self.terminal, "pairing_view")["is_copy"])

    def test_lists_say_so(self):
        for view in ("list", "kanban"):
            arch = self.env.ref(f"pos_mx51_sci.pos_sci_terminal_view_{view}").arch
            self.assertIn("Copy of the database", arch)
            (badge,) = etree.fromstring(arch).xpath("//field[@name='state']")
            self.assertIn("not is_of_other_database", badge.get("decoration-success"))

    def test_a_cancel_is_sent_from_the_live_database_only(self):
        self.mute("pairing.flow")
        self.rpc(self.row(self.view), "sci_cancel", user=self.cashier)
        self.assert_nothing_left()
        self.rpc(self.terminal, "action_take_over")
        self.age(self.view, "followed_at", 60)
        view = self.poll({**self.view, "version": self.row(self.view).version})
        self.assertEqual(view["cancel_state"], "accepted")

    def test_a_manager_declares_it_the_live_one(self):
        with self.assertRaises(AccessError):
            self.rpc(self.terminal, "action_take_over", user=self.cashier)
        name = "odoo.addons.pos_mx51_sci.pairing.flow"
        with self.assertLogs(name, logging.WARNING) as log:
            self.rpc(self.terminal, "action_take_over")
        self.assertIn(f"User {self.manager.id} declares", log.output[0])
        self.assertNotIn(self.manager.login, log.output[0])
        self.assertEqual(self.terminal.taken_over_by_id, self.manager)
        self.assertFalse(self.terminal.is_of_other_database)
        self.present()
        self.assertTrue(self.follow(self.poll(self.view))["paid"])

    def test_archived_terminals_are_taken_over_too(self):
        self.mute("pairing.flow")
        other = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(other, "bistro")
        self.copy_database(other)
        other.active = False
        self.rpc(self.terminal, "action_take_over")
        self.assertFalse(other.is_of_other_database)

    def test_a_rename_is_a_copy_too(self):
        self.mute("pairing.flow")
        self.rpc(self.terminal, "action_take_over")
        uuid, name = self.terminal.paired_database.split(" ")
        self.assertEqual(name, self.env.cr.dbname)
        parameters = self.env["ir.config_parameter"].sudo()
        self.assertEqual(uuid, parameters.get_param("database.uuid"))
        parameters.set_param("database.uuid", "another")
        self.terminal.invalidate_recordset()
        self.assertTrue(self.terminal.is_of_other_database)

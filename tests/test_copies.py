import logging

from odoo.exceptions import AccessError, UserError

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
        self.poll(self.view)
        self.rpc(self.row(self.view), "sci_cancel", user=self.cashier)
        self.age(self.view, "followed_at", 60)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.assert_nothing_left()
        self.assertEqual(self.row(self.view).status, "PENDING")

    def test_nothing_is_charged(self):
        other = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(other, "bistro")
        self.before = self.requests()
        self.copy_database(other)
        view = self.start("another", terminal_id=other.id)
        self.assert_nothing_left()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], "other_database")
        self.assertIn("copy", view["error"]["message"])

    def test_nothing_is_settled_paired_or_unpaired(self):
        for method in ("check_pairing", "action_test", "action_unpair"):
            view = self.rpc(self.terminal, method)
            self.assertEqual(view["state"], "paired", method)
            self.assertIn("copy", view["credentials_error"])
        for method in ("action_settle", "action_settlement_enquiry"):
            with self.assertRaises(UserError):
                self.rpc(self.terminal, method)
        self.assert_nothing_left()

    def test_a_manager_declares_it_the_live_one(self):
        with self.assertRaises(AccessError):
            self.rpc(self.terminal, "action_take_over", user=self.cashier)
        name = "odoo.addons.pos_mx51_sci.pairing.flow"
        with self.assertLogs(name, logging.WARNING) as log:
            self.rpc(self.terminal, "action_take_over")
        self.assertIn(self.manager.login, log.output[0])
        self.assertEqual(self.terminal.taken_over_by_id, self.manager)
        self.assertFalse(self.terminal.is_of_other_database)
        self.present()
        self.assertTrue(self.follow(self.poll(self.view))["paid"])

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

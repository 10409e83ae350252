from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..ledger import connection, settlement
from .common import SciCommon


class TestTerminalStatus(SciCommon):
    """What registers are told of their terminals, and who may switch them."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()

    def shown(self, terminal=None, user=None):
        """What a register sees of a terminal."""
        view = self.rpc(
            self.terminal, "pos_terminals", self.register.id, user=user or self.cashier
        )
        wanted = (terminal or self.terminal).id
        return next(entry for entry in view["terminals"] if entry["id"] == wanted)

    def lost_since(self):
        return self.shown()["not_connected_since"]

    def fail(self, payment="payment-1"):
        """An attempt while the terminal is off."""
        self.sandbox.terminal("power", on=False)
        view = self.start(payment)
        self.assertEqual(view["error"]["code"], "device_not_connected")
        self.sandbox.terminal("power", on=True)

    # -- the connection ------------------------------------------------------------

    def test_not_connected_from_the_refusal_until_a_payment_works(self):
        self.assertFalse(self.lost_since())
        with patch.object(connection, "after_commit") as told:
            self.fail()
        self.assertEqual(told.call_args.args[2:], (self.terminal.id,))
        since = self.lost_since()
        self.assertTrue(since)
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET not_connected_since ="
            " not_connected_since - interval '5 min'"
        )
        self.fail("payment-2")
        self.assertLess(self.lost_since(), since)
        self.rpc(self.terminal, "action_test")
        self.assertTrue(self.lost_since(), "a pairing check says nothing of it")
        view = self.start("payment-3")
        self.assertEqual(view["status"], "PENDING", "no mark stops a payment")
        self.present()
        self.follow(view)
        self.assertFalse(self.lost_since())

    def test_not_connected_while_a_payment_runs(self):
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        view = self.poll(view)
        self.sandbox.terminal("power", on=False)
        self.poll(view)
        self.assertTrue(self.lost_since())
        self.sandbox.terminal("power", on=True)
        self.sandbox.terminal("cancel")
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "CANCELLED")
        self.assertTrue(self.lost_since(), "a cancel needs no terminal")

    def test_totals_show_it_too(self):
        self.sandbox.terminal("power", on=False)
        self.rpc(self.terminal, "action_settlement_enquiry")
        self.assertTrue(self.lost_since())
        self.sandbox.terminal("power", on=True)
        with patch.object(connection, "after_commit") as told:
            self.rpc(self.terminal, "action_settle")
        self.assertFalse(self.lost_since())
        self.assertEqual(told.call_args.args[2:], (self.terminal.id,))

    def test_not_connected_while_totals_are_read(self):
        self.sandbox.control("settings", processing_delay=3600)
        with patch.object(settlement, "WAIT", 0):
            action = self.rpc(self.terminal, "action_settlement_enquiry")
        self.assertFalse(self.lost_since())
        self.sandbox.terminal("online", on=False)
        row = self.env["pos.sci.settlement"].browse(action["res_id"])
        self.rpc(row, "action_check")
        self.assertTrue(self.lost_since())

    def test_a_new_pairing_begins_connected(self):
        self.fail()
        self.rpc(self.terminal, "action_unpair")
        self.assertFalse(self.lost_since())
        self.pair()
        self.assertFalse(self.lost_since())

    # -- what it is doing ----------------------------------------------------------

    def test_a_payment(self):
        self.assertEqual((self.shown()["busy"], self.shown()["doing"]), (False, False))
        self.start()
        shown = self.shown()
        self.assertEqual((shown["busy"], shown["doing"]), ("Bar", "purchase"))

    def test_totals(self):
        self.sandbox.control("settings", processing_delay=3600)
        with patch.object(settlement, "WAIT", 0):
            self.rpc(self.terminal, "action_settlement_enquiry")
        shown = self.shown()
        self.assertEqual((shown["busy"], shown["doing"]), (False, "enquiry"))

    def test_a_pairing_that_is_being_changed(self):
        self.terminal.sudo().claimed_at = self.env.cr.now()
        self.assertEqual(self.shown()["doing"], "pairing")

    def test_what_the_chooser_names(self):
        shown, real = self.shown(), self.sandbox.get("terminals/front-bar")
        for name in ("pairing_id", "tid"):
            self.assertEqual(shown[name], real[name])
        self.assertEqual(shown["terminal_nickname"], real["nickname"])

    # -- no terminal ---------------------------------------------------------------

    def test_a_register_without_a_terminal_says_so(self):
        self.method.sci_terminal_ids = False
        error = self.start()["error"]
        self.assertEqual(error["code"], "no_terminal")
        self.assertIn("no EFTPOS terminal", error["message"])
        self.assertFalse(self.upstream())

    # -- the register's own --------------------------------------------------------

    def switch(self, terminal, user=None):
        self.rpc(self.register, "sci_use_terminal", terminal.id, user=user)
        self.env.invalidate_all()

    def test_a_manager_switches_the_terminal_of_an_open_register(self):
        bistro = self.terminal.create({"name": "Bistro"})
        self.method.sci_terminal_ids |= bistro
        self.open_session()
        self.assertFalse(self.register.sci_terminal_id)
        with patch.object(type(self.register), "_notify", autospec=True) as notify:
            self.switch(bistro)
        self.assertEqual(self.register.sci_terminal_id, bistro)
        self.assertEqual(notify.call_args.args[1:], ("MX51_SCI_TERMINALS", {}))

    def test_nobody_else_does(self):
        with self.assertRaises(AccessError):
            self.switch(self.terminal, self.cashier)
        other = self.env["res.company"].create({"name": "Next door"})
        stranger = self._user("stranger", "point_of_sale.group_pos_manager", other)
        with self.assertRaises(AccessError):
            self.switch(self.terminal, stranger)
        self.assertFalse(self.register.sci_terminal_id)

    def test_only_to_a_terminal_of_its_methods(self):
        with self.assertRaises(UserError):
            self.switch(self.terminal.create({"name": "Cellar"}))
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.manager.company_ids |= branch
        theirs = self.terminal.create({"name": "Branch", "company_id": branch.id})
        self.method.sci_terminal_ids |= theirs
        with self.assertRaises(UserError):
            self.switch(theirs)
        other = self.env["res.company"].create({"name": "Next door"})
        theirs = self.terminal.create({"name": "Theirs", "company_id": other.id})
        with self.assertRaises(AccessError):
            self.switch(theirs)

"""A terminal that is paired again goes on in its old record."""

from .common import SciCommon


class TestPairedAgain(SciCommon):
    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.present_after_start()
        self.rpc(self.terminal, "action_unpair")
        self.new = self.env["pos.sci.terminal"].create({"name": "Bistro"})

    def present_after_start(self):
        view = self.start()
        self.present("approve")
        self.follow(view)

    def pair_new(self):
        """Pair the virtual terminal under the new record.

        :return: the pairing view
        """
        code = self.sandbox.terminal("start_pairing")["pairing_code"]
        return self.rpc(self.new, "action_pair", code, "Bistro")

    def test_its_history_is_one(self):
        bistro = self._register("Bistro")
        bistro.sci_terminal_id = self.new
        self.register.sci_terminal_id = self.terminal
        pairing = self.pair_new()
        self.assertEqual(pairing["id"], self.terminal.id)
        self.assertEqual(pairing["state"], "confirming")
        self.assertFalse(self.new.exists())
        self.assertEqual(self.terminal.name, "Bistro")
        self.assertEqual(self.terminal.config_ids, bistro)
        self.assertEqual(self.terminal.payment_method_ids, self.method)
        self.sandbox.terminal("confirm")
        self.assertEqual(self.rpc(self.terminal, "action_test")["state"], "paired")
        view = self.start("payment-2", config_id=bistro.id)
        self.present("approve")
        self.assertEqual(self.follow(view)["financial_status"], "APPROVED")
        rows = self.env["pos.sci.transaction"].search([])
        self.assertEqual(rows.terminal_id, self.terminal)
        self.assertEqual(len(set(rows.mapped("pairing_id"))), 2)

    def test_registers_of_before_stay_where_none_is_named(self):
        self.new.name = self.terminal.name
        self.register.sci_terminal_id = self.terminal
        self.pair_new()
        self.assertEqual(self.terminal.config_ids, self.register)

    def test_a_terminal_that_has_moved_leaves_its_register(self):
        """Nobody at the old counter charges the customer at the new one."""
        self.register.sci_terminal_id = self.terminal
        self.pair_new()
        self.assertEqual(self.terminal.name, "Bistro")
        self.assertFalse(self.terminal.config_ids)

    def test_an_archived_record_comes_back(self):
        self.terminal.active = False
        self.assertEqual(self.pair_new()["id"], self.terminal.id)
        self.assertTrue(self.terminal.active)

    def test_not_while_a_payment_waits_under_the_old_pairing(self):
        self.pair()
        self.start("payment-2")
        self.present()
        self.sandbox.get("wait", terminal="front-bar", screen="result")
        # Approved, which nobody has asked for yet.
        self.sandbox.terminal("unpair")
        self.age_pairing()
        self.rpc(self.terminal, "check_pairing")
        self.assertEqual(self.terminal.state, "unpaired")
        secret = self.terminal.sudo().signing_secret_part_b
        self.assertEqual(self.pair_new()["id"], self.new.id)
        self.assertEqual(self.terminal.sudo().signing_secret_part_b, secret)

    def test_not_in_a_record_of_another_company(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET company_id = %s WHERE id = %s",
            [other.id, self.terminal.id],
        )
        self.assertEqual(self.pair_new()["id"], self.new.id)

    def test_not_in_a_record_that_is_paired(self):
        self.sandbox.control("settings", pairing_replaces=False)
        self.pair()
        self.assertEqual(self.pair_new()["id"], self.new.id)

    def test_another_terminal_keeps_its_new_record(self):
        code = self.sandbox.terminal("start_pairing", "bistro")["pairing_code"]
        view = self.rpc(self.new, "action_pair", code, "Bistro")
        self.assertEqual(view["id"], self.new.id)

    def test_a_record_with_a_history_of_its_own_stays(self):
        self.pair(self.new, "bistro")
        self.method.sci_terminal_ids |= self.new
        self.register.sci_terminal_id = self.new
        view = self.start("payment-2")
        self.sandbox.get("wait", terminal="bistro", screen="present_card")
        self.sandbox.terminal("card", "bistro", outcome="approve")
        self.follow(view)
        self.rpc(self.new, "action_unpair")
        self.assertEqual(self.pair_new()["id"], self.new.id)

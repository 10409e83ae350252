"""What a manager sees of all terminals and registers at a glance."""

from lxml import etree

from odoo.exceptions import AccessError

from .common import SciCommon


class TestFleet(SciCommon):
    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.register.sci_terminal_id = self.terminal

    def sell(self, payment, amount=1250, outcome="approve", **changes):
        view = self.start(payment, amount=amount, **changes)
        self.present(outcome)
        return self.follow(view)

    def summary(self, register=None, user=None):
        register = register or self.register
        return self.rpc(register, "read", ["sci_summary"], user=user)[0]["sci_summary"]

    def test_a_register_that_opens_does_not_count(self):
        self.assertTrue(self.summary())
        read = self.register._load_pos_data_read(self.register, self.register)
        self.assertFalse(read[0]["sci_summary"])

    def test_the_links_of_a_register_s_card_have_their_texts(self):
        """Odoo leaves out what stands on the link itself."""
        view = self.env.ref("pos_mx51_sci.view_pos_config_kanban_inherit_pos_mx51_sci")
        links = etree.fromstring(view.arch).findall(".//a")
        self.assertGreater(len(links), 2)
        for link in links:
            self.assertFalse({"t-out", "t-esc"} & set(link.attrib), link.get("name"))
            self.assertTrue(len(link), link.get("name"))

    def test_today_s_figures(self):
        self.sell("payment-1")
        self.sell("payment-2", 500)
        self.sell("payment-3", 900, outcome="decline")
        terminal = self.terminal.with_user(self.cashier)
        self.assertEqual(terminal.today_count, 2)
        self.assertEqual(terminal.today_amount, 17.50)
        self.assertTrue(terminal.last_seen_at)
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET create_date = create_date - interval '2 d'"
        )
        self.env.invalidate_all()
        self.assertEqual((terminal.today_count, terminal.today_amount), (0, 0))

    def test_the_register_s_card(self):
        self.assertEqual(self.summary()["text"], "Front Bar paired")
        self.assertEqual(self.summary()["payments"], "")
        self.sell("payment-1")
        self.assertIn("1 card payment ", self.summary()["payments"])
        self.sell("payment-2", 500)
        payments = self.summary(user=self.cashier)["payments"]
        self.assertIn("2 card payments ", payments)
        self.assertIn("17.50", payments)
        self.assertEqual(self.summary()["review"], 0)

    def test_reviews_are_counted(self):
        self.sell("payment-1")
        row = self.env["pos.sci.transaction"].search([], limit=1)
        self.env["pos.sci.review"].sudo().create(
            {
                "kind": "other_amount",
                "text": "x",
                "transaction_id": row.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.summary()["review"], 1)

    def test_not_connected(self):
        self.terminal.sudo().not_connected_since = "2026-11-27 02:32:00"
        self.env.user.tz = "Australia/Sydney"
        summary = self.summary(user=self.env.user)
        self.assertEqual(summary["level"], "danger")
        for words in ("Front Bar not connected since 11/27/26", "1:32"):
            self.assertIn(words, summary["text"])

    def test_states_of_the_terminal(self):
        self.sandbox.terminal("unpair")
        self.age_pairing()
        self.rpc(self.terminal, "check_pairing")
        self.assertEqual(self.summary()["text"], "Front Bar not paired")
        self.register.sci_terminal_id = False
        self.method.sci_terminal_ids = False
        self.assertEqual(self.summary()["text"], "No EFTPOS terminal")
        self.register.payment_method_ids = False
        self.assertFalse(self.summary())

    def test_several_terminals_to_choose_from(self):
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.method.sci_terminal_ids |= second
        self.register.sci_terminal_id = False
        self.assertEqual(self.summary()["text"], "1 of 2 terminals paired")

    def test_all_are_tested(self):
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        Terminal = self.env["pos.sci.terminal"]
        answer = self.rpc(Terminal, "action_test_all")["params"]
        self.assertEqual(answer["type"], "success")
        self.assertIn("Front Bar", answer["message"])
        self.pair(second, "bistro")
        self.age_pairing()
        self.sandbox.terminal("unpair")
        answer = self.rpc(Terminal, "action_test_all")["params"]
        self.assertEqual(answer["type"], "warning")
        self.assertIn("Front Bar: No active pairings found", answer["message"])
        self.assertIn("Active: Bistro", answer["message"])
        self.assertEqual(self.terminal.state, "unpaired")

    def test_silence_is_met_once(self):
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second, "bistro")
        second.sudo().api_base_url = self.terminal.api_base_url
        self.sandbox.fault("/v1/pairing-info", "hang", "GET", seconds=2, times=0)
        answer = self.rpc(self.env["pos.sci.terminal"], "action_test_all")["params"]
        self.assertIn("1 were not tested", answer["message"])

    def test_cashiers_test_nothing(self):
        with self.assertRaises(AccessError):
            self.rpc(self.env["pos.sci.terminal"], "action_test_all", user=self.cashier)

    def test_registers_are_edited_on_the_terminal(self):
        self.terminal.with_user(self.manager).write(
            {"config_ids": [(3, self.register.id)]}
        )
        self.assertFalse(self.register.sci_terminal_id)
        self.terminal.with_user(self.manager).write(
            {"config_ids": [(4, self.register.id)]}
        )
        self.assertEqual(self.register.sci_terminal_id, self.terminal)

    def test_a_terminal_made_for_a_method_is_linked_at_once(self):
        made = (
            self.env["pos.sci.terminal"]
            .with_user(self.manager)
            .with_context(default_payment_method_ids=self.method.ids)
            .create({"name": "Bistro"})
        )
        self.assertIn(made, self.method.sci_terminal_ids)

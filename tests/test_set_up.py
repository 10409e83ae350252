"""Set up EFTPOS: the server's side of the screen, and what it leaves alone."""

from odoo.exceptions import AccessError, UserError

from .common import SciCommon


class TestSetUp(SciCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As a shop is before: registers with cash, and no SCI anywhere.
        cls.register.payment_method_ids = False
        cls.terminal.unlink()
        cls.method.unlink()
        cls.bistro = cls.env["pos.config"].create(
            {"name": "Bistro", "payment_method_ids": False}
        )
        cls.everything = cls.env["pos.config"].search(
            [("company_id", "=", cls.company.id)]
        )

    def ask(self, method, *args, user=None):
        return self.rpc(self.env["pos.sci.set.up"], method, *args, user=user)

    def make(self, name):
        """A terminal as the screen makes it, paired."""
        terminal_id = self.ask("name_terminal", name)
        terminal = self.env["pos.sci.terminal"].browse(terminal_id)
        self.pair(terminal)
        return terminal

    def method_of(self, register):
        return register.payment_method_ids.filtered(
            lambda method: method.use_payment_terminal == "mx51_sci"
        )

    def finding(self, key):
        found = self.ask("overview")["findings"]
        return next(line for line in found if line["key"] == key)

    def test_it_opens_after_the_installation(self):
        todo = self.env.ref("pos_mx51_sci.todo_set_up")
        todo.state = "open"
        action = self.env["ir.module.module"].next()
        self.assertEqual(action["url"], "/odoo/eftpos-set-up")
        self.assertEqual(todo.state, "done")

    def test_managers_only(self):
        for method, args in (
            ("overview", []),
            ("name_terminal", ["Bar"]),
            ("paired", [1]),
            ("tick", [1, self.register.id, True]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self.ask(method, *args, user=self.cashier)

    def test_the_first_terminal_is_called_as_the_first_register(self):
        view = self.ask("overview")
        self.assertEqual(view["next"], {"id": False, "name": self.everything[:1].name})
        self.assertEqual(view["form"]["state"], "unpaired")
        self.assertTrue(view["form"]["can_pair"])

    def test_pairing_gives_the_register_its_terminal_and_method(self):
        terminal = self.make("Bar")
        view = self.ask("paired", terminal.id)
        self.assertEqual(self.register.sci_terminal_id, terminal)
        method = self.method_of(self.register)
        self.assertEqual(method.name, "Card")
        self.assertEqual(method.type, "bank")
        self.assertEqual(method.sci_terminal_ids, terminal)
        self.assertFalse(self.bistro.sci_terminal_id)
        self.assertIn("Bistro", [register["name"] for register in view["registers"]])
        self.assertNotEqual(view["next"]["name"], "Bar")

    def test_the_next_one_uses_the_same_method(self):
        self.ask("paired", self.make("Bar").id)
        self.sandbox.control("settings", pairing_replaces=False)
        bistro = self.make("Bistro")
        self.ask("paired", bistro.id)
        self.assertEqual(self.bistro.sci_terminal_id, bistro)
        self.assertEqual(self.method_of(self.bistro), self.method_of(self.register))
        self.assertEqual(len(self.method_of(self.bistro).sci_terminal_ids), 2)

    def test_ticks_are_kept_at_once(self):
        terminal = self.make("Counter")
        self.ask("paired", terminal.id)
        self.assertFalse(terminal.config_ids)
        self.ask("tick", terminal.id, self.bistro.id, True)
        self.assertEqual(terminal.config_ids, self.bistro)
        self.ask("tick", terminal.id, self.bistro.id, False)
        self.assertFalse(terminal.config_ids)
        self.assertTrue(self.method_of(self.bistro))

    def manual_card(self):
        """A payment method of a shop that types the amount into its terminal."""
        journal = self.company_data["default_journal_bank"]
        return self.env["pos.payment.method"].create(
            {"name": "Card", "journal_id": journal.id}
        )

    def test_of_two_buttons_card_the_one_without_a_terminal_goes(self):
        manual = self.manual_card()
        (self.register | self.bistro).payment_method_ids = manual
        self.ask("paired", self.make("Bar").id)
        self.assertEqual(
            self.register.payment_method_ids, self.method_of(self.register)
        )
        self.assertEqual(self.bistro.payment_method_ids, manual)
        self.assertTrue(manual.active)

    def test_an_open_register_is_not_touched(self):
        self.register.payment_method_ids = self.manual_card()
        self.open_session()
        terminal = self.make("Bar")
        view = self.ask("paired", terminal.id)
        (mine,) = [it for it in view["registers"] if it["name"] == "Bar"]
        self.assertTrue(mine["is_open"])
        self.assertFalse(mine["terminal_id"])
        with self.assertRaises(UserError) as caught:
            self.ask("tick", terminal.id, self.register.id, True)
        self.assertIn("Close it", str(caught.exception))
        self.assertFalse(self.register.sci_terminal_id)

    def test_a_shop_without_a_bank_journal(self):
        """The terminal is paired all the same, and the screen says what is missing."""
        journals = [("type", "=", "bank"), ("company_id", "=", self.company.id)]
        self.env["account.journal"].search(journals).active = False
        terminal = self.make("Bar")
        view = self.ask("paired", terminal.id)
        self.assertIn("bank journal", view["problem"])
        self.assertEqual(view["terminals"][0]["state"], "paired")
        self.assertFalse(self.register.sci_terminal_id)

    def test_a_wrong_code_leaves_one_terminal(self):
        first = self.ask("name_terminal", "Bar")
        self.assertEqual(self.ask("name_terminal", "Bar"), first)
        self.assertEqual(self.ask("name_terminal", "Front Bar", first), first)
        self.assertEqual(self.env["pos.sci.terminal"].browse(first).name, "Front Bar")

    def test_what_has_begun_comes_first(self):
        terminal = self.ask("name_terminal", "Counter")
        code = self.sandbox.terminal("start_pairing")["pairing_code"]
        self.rpc(
            self.env["pos.sci.terminal"].browse(terminal), "action_pair", code, "x"
        )
        self.assertEqual(
            self.ask("overview")["next"], {"id": terminal, "name": "Counter"}
        )

    def test_the_register_that_somebody_came_from(self):
        view = self.ask("overview", self.bistro.id)
        self.assertEqual(view["next"], {"id": False, "name": "Bistro"})

    def test_who_sets_it_up_looks_after_it(self):
        self.assertFalse(self.company.sci_keeper_ids)
        self.ask("name_terminal", "Bar")
        self.assertEqual(self.company.sci_keeper_ids, self.manager)
        other = self._user("other", "point_of_sale.group_pos_manager")
        self.ask("name_terminal", "Bistro", user=other)
        self.assertEqual(self.company.sci_keeper_ids, self.manager)

    def test_another_company_s_registers(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        stranger = self._user("stranger", "point_of_sale.group_pos_manager", other)
        terminal = self.make("Bar")
        self.assertFalse(self.ask("overview", user=stranger)["registers"])
        with self.assertRaises(AccessError):
            self.ask("tick", terminal.id, self.register.id, True, user=stranger)

    def test_what_is_missing(self):
        self.assertEqual(self.finding("terminals")["state"], "warning")
        self.assertEqual(self.finding("registers")["state"], "warning")
        self.assertEqual(self.finding("test")["state"], "unknown")
        self.method = self.env["pos.payment.method"]
        self.ask("paired", self.make("Bar").id)
        self.method = self.method_of(self.register)
        self.assertEqual(self.finding("terminals")["state"], "ok")
        self.assertEqual(self.finding("registers")["state"], "ok")
        self.assertIn("Bar", self.finding("test")["text"])
        view = self.start()
        self.present()
        self.follow(view)
        self.assertEqual(self.finding("test")["state"], "ok")

    def test_a_register_without_a_terminal_is_named(self):
        terminal = self.make("Bar")
        self.ask("paired", terminal.id)
        self.method_of(self.register).sci_terminal_ids = False
        self.ask("tick", terminal.id, self.register.id, False)
        self.method_of(self.register).sci_terminal_ids = False
        line = self.finding("registers")
        self.assertEqual(line["state"], "warning")
        self.assertIn("Bar", line["text"])


class TestSettings(SciCommon):
    def settings(self, register):
        Settings = self.env["res.config.settings"].with_company(self.company)
        return Settings.create({"pos_config_id": register.id})

    def test_the_block_is_there_with_a_card_method(self):
        other = self._register("Cash only")
        other.payment_method_ids = False
        self.assertTrue(self.settings(self.register).sci_takes_cards)
        self.assertFalse(self.settings(other).sci_takes_cards)

    def test_who_looks_after_eftpos_belongs_to_the_company(self):
        settings = self.settings(self.register)
        settings.sci_keeper_ids = self.manager
        settings.execute()
        self.assertEqual(self.company.sci_keeper_ids, self.manager)

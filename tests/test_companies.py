from odoo.exceptions import UserError

from .common import SciCommon


class TestCompanies(SciCommon):
    """Whose terminals a method and a register may use; Odoo does not check that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Next door"})
        cls.env.user.company_ids |= cls.other
        cls.stranger = cls.env["pos.sci.terminal"].create(
            {"name": "Theirs", "company_id": cls.other.id}
        )

    def test_a_terminal_of_another_company_on_a_method(self):
        with self.assertRaises(UserError):
            self.method.sci_terminal_ids |= self.stranger

    def test_a_method_that_begins_with_one(self):
        with self.assertRaises(UserError):
            self.method.copy({"sci_terminal_ids": self.stranger.ids})

    def test_a_method_on_a_terminal_of_another_company(self):
        with self.assertRaises(UserError):
            self.stranger.payment_method_ids = self.method

    def test_the_terminal_moves(self):
        with self.assertRaises(UserError):
            self.terminal.company_id = self.other

    def test_a_terminal_with_a_history_moves(self):
        self.mute("ledger.flow")
        self.start()  # refused, and written down all the same
        self.method.sci_terminal_ids = False
        with self.assertRaisesRegex(UserError, "has taken payments"):
            self.terminal.company_id = self.other

    def test_the_terminal_of_a_register_moves(self):
        self.method.sci_terminal_ids = False
        self.register.sci_terminal_id = self.terminal
        with self.assertRaisesRegex(UserError, "Bar of another company"):
            self.terminal.company_id = self.other

    def test_the_method_moves(self):
        method = self.method.copy({"sci_terminal_ids": self.terminal.ids})
        with self.assertRaises(UserError):
            method.write({"company_id": self.other.id, "journal_id": False})

    def test_a_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        theirs = self.env["pos.sci.terminal"].create(
            {"name": "Branch", "company_id": branch.id}
        )
        self.method.sci_terminal_ids |= theirs
        self.assertIn(theirs, self.method.sci_terminal_ids)

    def test_a_sale_on_a_terminal_of_another_method(self):
        self.pair()
        other = self.method.copy({"sci_terminal_ids": [(6, 0, self.terminal.ids)]})
        self.method.sci_terminal_ids = False
        view = self.start(terminal_id=self.terminal.id)
        self.assertEqual(view["error"]["code"], "wrong_terminal")
        self.assertIn(other.name, view["error"]["message"])
        self.register.sci_terminal_id = self.terminal
        self.assertEqual(self.start("payment-2")["status"], "PENDING")

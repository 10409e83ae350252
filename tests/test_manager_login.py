from unittest.mock import patch

from odoo.exceptions import AccessError

from .common import SciCommon

PASSWORD = "the manager's password"


class TestManagerLogin(SciCommon):
    """A manager answers at a cashier's register: ``ledger/override.py``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.sudo().password = PASSWORD
        cls.cashier.sudo().password = PASSWORD

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.register.sci_override_by_managers = True
        self.sandbox.fault("/v1/transactions", "drop_after", method="POST")
        self.view = self.start()
        self.age(self.view, "sent_at", 61)

    def state(self, login, password=PASSWORD):
        """The cashier's register says that somebody else has answered."""
        return self.rpc(
            self.row(self.view),
            "sci_override",
            *(True, "The slip says approved", login, password),
            user=self.cashier,
        )

    def assert_refused(self, answer, code):
        self.assertEqual(answer["error"]["code"], code)
        self.assertFalse(self.row(self.view).override_outcome)

    def test_the_managers_name_is_kept_and_the_user_stays(self):
        self.assertEqual(self.state(self.manager.login)["overridden"], "yes")
        row = self.row(self.view)
        self.assertEqual(row.override_employee, self.manager.name)
        self.assertEqual(row.override_user_id, self.cashier)

    def test_a_wrong_login(self):
        for login, password in (
            (self.manager.login, "wrong"),
            (self.manager.login, ""),
            (self.manager.login, None),
            (self.manager.login, {"password": PASSWORD}),
            ("nobody", PASSWORD),
            ("\x00", PASSWORD),
        ):
            with self.subTest(login=login, password=password):
                if login == "\x00":
                    with self.assertRaises(AccessError):
                        self.state(login, password)
                else:
                    self.assert_refused(self.state(login, password), "wrong_login")

    def test_a_cashiers_own_password_does_not_do(self):
        self.assert_refused(self.state(self.cashier.login), "no_manager")

    def test_a_manager_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        group = "point_of_sale.group_pos_manager"
        stranger = self._user("stranger", group, other)
        stranger.sudo().password = PASSWORD
        self.assert_refused(self.state(stranger.login), "no_manager")

    def test_a_second_factor_cannot_be_given_here(self):
        users = type(self.env["res.users"])
        with patch.object(users, "_mfa_type", lambda _user: "totp"):
            self.assert_refused(self.state(self.manager.login), "second_factor")

    def test_no_password_can_be_guessed_where_no_override_is_needed(self):
        self.state(self.manager.login)
        self.assertEqual(
            self.state(self.manager.login, "wrong")["error"]["code"], "override_closed"
        )

    def test_a_manager_closes_over_it_at_a_cashiers_register(self):
        session = self.register.current_session_id
        seen = [self.view["id"]], []
        with self.assertRaises(AccessError):
            self.rpc(session, "sci_close_anyway", *seen, user=self.cashier)
        person = self.manager.login, PASSWORD
        self.rpc(session, "sci_close_anyway", *seen, *person, user=self.cashier)
        reviews = self.env["pos.sci.review"].search([])
        self.assertEqual(reviews.mapped("kind"), ["open_at_close"])

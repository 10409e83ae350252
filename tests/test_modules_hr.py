from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..modules import employees, loyalty, online, sales, self_order
from .common_review import ReviewCommon


@tagged("-standard", "sci_all_modules")
class TestEmployees(ReviewCommon):
    """With ``pos_hr`` an employee decides, and not the user of the device."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Employee = cls.env["hr.employee"].sudo()
        cls.robin = Employee.create({"name": "Robin", "pin": "2222"})
        cls.kim = Employee.create({"name": "Kim", "pin": "1111"})
        cls.register.sudo().write(
            {
                "module_pos_hr": True,
                "basic_employee_ids": [(6, 0, cls.kim.ids)],
                "advanced_employee_ids": [(6, 0, cls.robin.ids)],
            }
        )

    def test_no_cashier_makes_managers(self):
        command = [(4, self.kim.id)]
        for vals in ({"advanced_employee_ids": command},):
            with self.assertRaises(AccessError):
                self.rpc(self.register, "write", vals, user=self.cashier)
        self.assertNotIn(self.kim, self.register.sudo().advanced_employee_ids)
        self.rpc(self.register, "write", {"advanced_employee_ids": command})
        self.assertIn(self.kim, self.register.sudo().advanced_employee_ids)

    def test_no_cashier_makes_managers_while_the_card_method_is_away(self):
        register = self.register.with_user(self.cashier).with_context(
            bypass_payment_method_ids_forbidden_change=True
        )
        register.write({"payment_method_ids": [(3, self.method.id)]})
        with self.assertRaises(AccessError):
            register.write({"advanced_employee_ids": [(4, self.kim.id)]})

    def test_a_cashier_writes_the_rest_as_ever(self):
        self.rpc(self.register, "write", {"name": "Bar 2"}, user=self.cashier)
        self.assertEqual(self.register.name, "Bar 2")

    # -- closing anyway ----------------------------------------------------------------

    def close(self, view, *person, user=None):
        session = self.register.current_session_id
        seen = [view["id"]], [], *person
        return self.rpc(session, "sci_close_anyway", *seen, user=user or self.cashier)

    def test_closing_anyway_takes_a_managers_pin(self):
        view = self.start()
        for person in ((), (self.kim.id, "1111"), (self.robin.id, None)):
            with self.subTest(person=person), self.assertRaises(UserError):
                self.close(view, *person)
        self.assertFalse(self.items())
        self.close(view, self.robin.id, "2222")
        self.assertEqual(self.items().mapped("kind"), ["open_at_close"])

    def test_closing_anyway_takes_no_user(self):
        view = self.start()
        with self.assertRaises(AccessError):
            self.close(view, user=self.manager)

    def test_a_manager_switches_the_terminal_by_pin(self):
        use = lambda *person: self.rpc(  # noqa: E731
            self.register,
            "sci_use_terminal",
            self.terminal.id,
            *person,
            user=self.cashier,
        )
        for person in ((), (self.kim.id, "1111"), (self.robin.id, "1111")):
            with self.subTest(person=person), self.assertRaises(UserError):
                use(*person)
        self.assertFalse(self.register.sci_terminal_id)
        with self.assertLogs("odoo.addons.pos_mx51_sci.ledger.override") as log:
            use(self.robin.id, "2222")
        self.assertIn(f"(employee {self.robin.id})", log.output[0])
        self.assertNotIn("Robin", log.output[0])
        self.assertEqual(self.register.sci_terminal_id, self.terminal)
        self.assertEqual(self.register.sudo().advanced_employee_ids, self.robin)

    def look_after(self, action, *person, user=None, code=()):
        asked = self.terminal.id, action, *person, *code
        return self.rpc(self.register, "sci_pairing", *asked, user=user or self.cashier)

    def test_a_manager_pairs_by_pin(self):
        for user in (self.cashier, self.manager):
            for person in ((), (self.kim.id, "1111"), (self.robin.id, "1111")):
                with self.subTest(person=person), self.assertRaises(UserError):
                    self.look_after("action_unpair", *person, user=user)
        self.assertEqual(self.terminal.state, "paired")
        robin = self.robin.id, "2222"
        view = self.look_after("action_unpair", *robin)
        self.assertEqual((view["state"], view["can_pair"]), ("unpaired", True))
        code = self.sandbox.terminal("start_pairing", "front-bar")["pairing_code"]
        view = self.look_after("action_pair", *robin, code=(code, "Bar"))
        self.assertEqual(view["state"], "confirming")
        self.sandbox.terminal("confirm", "front-bar")
        view = self.look_after("action_test", *robin)
        self.assertEqual((view["state"], view["pairing_nickname"]), ("paired", "Bar"))

    def test_a_pin_is_for_pairings_alone(self):
        for action in ("unlink", "_check_unpaired", "action_settle", ["action_test"]):
            with self.subTest(action=action), self.assertRaises(UserError):
                self.look_after(action, self.robin.id, "2222")

    # -- refunds without a sale --------------------------------------------------------

    def refund(self, attempt=1, user=None):
        values = self.values(
            "payment-9",
            attempt,
            order_uuid="order-9",
            kind="refund",
            amounts={"refund_amount": 500},
        )
        return self.send(values, user or self.cashier)

    def test_a_refund_without_a_sale_takes_a_managers_pin(self):
        self.register.sudo().sci_free_refund = True
        self.draft(-5, [("payment-9", -5)], "order-9")
        self.assertEqual(
            self.refund(user=self.manager)["error"]["code"], "no_sale_named"
        )
        permit = lambda *person: self.rpc(  # noqa: E731
            self.register,
            "sci_permit_refund",
            "order-9",
            500,
            *person,
            user=self.cashier,
        )
        for person in ((), (self.kim.id, "1111"), (self.robin.id, "1111")):
            with self.subTest(person=person), self.assertRaises(UserError):
                permit(*person)
        self.assertEqual(self.refund(2)["error"]["code"], "no_sale_named")
        permit(self.robin.id, "2222")
        view = self.refund(3)
        self.assertEqual(view["status"], "PENDING")
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.terminal("cancel")
        self.follow(view)
        self.assertEqual(
            self.refund(4)["error"]["code"], "no_sale_named", "it is used up"
        )

    def test_a_permit_is_for_its_amount(self):
        self.register.sudo().sci_free_refund = True
        self.draft(-5, [("payment-9", -5)], "order-9")
        manager = self.robin.id, "2222"
        for minor in (1, 499, 50000, None, "500"):
            self.rpc(
                self.register,
                "sci_permit_refund",
                "order-9",
                minor,
                *manager,
                user=self.cashier,
            )
            attempt = len(self.env["pos.sci.transaction"].search([])) + 1
            with self.subTest(minor=minor):
                code = self.refund(attempt)["error"]["code"]
                self.assertEqual(code, "no_sale_named")


@tagged("-standard", "sci_all_modules", "post_install", "-at_install")
class TestHooks(TransactionCase):
    """What other modules are guarded by does not vanish with one of their names."""

    def test_every_method_is_wrapped(self):
        wrapped = {
            "payment.transaction": ["_process_pos_online_payment"],
            "pos.config": [
                *("_supported_kiosk_payment_terminal", "load_self_data", "write"),
            ],
            "pos.order": [
                *("_clean_payment_lines", "get_amount_unpaid"),
                *("confirm_coupon_programs", "validate_coupon_programs"),
            ],
            "pos.payment.method": ["_load_pos_self_data_domain"],
            "sale.order": [
                "_create_down_payment_lines_from_base_lines",
                "_create_down_payment_section_line_if_needed",
            ],
        }
        for model, names in wrapped.items():
            for name in names:
                with self.subTest(model=model, name=name):
                    method = getattr(type(self.env[model]), name)
                    self.assertTrue(hasattr(method, "_mx51_sci"))
        for module in (employees, loyalty, online, sales, self_order):
            self.assertTrue(module.is_installed(self.env))

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .sandbox_process import Sandbox


@tagged("post_install", "-at_install")
class SciCommon(AccountTestInvoicingCommon):
    """A shop with a register, a card payment method, a terminal and the sandbox.

    Short transactions of the addon run inside the test's own one.
    """

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.quick_ref("point_of_sale.group_pos_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.stop)
        cls.company = cls.company_data["company"]
        cls.terminal = cls.env["pos.sci.terminal"].create({"name": "Front Bar"})
        cls.method = cls.env["pos.payment.method"].create(
            {
                "name": "Card",
                "journal_id": cls.company_data["default_journal_bank"].id,
                "payment_method_type": "terminal",
                "use_payment_terminal": "mx51_sci",
                "sci_terminal_ids": cls.terminal.ids,
            }
        )
        cls.register = cls._register("Bar")
        cls.manager = cls._user("manager", "point_of_sale.group_pos_manager")
        cls.cashier = cls._user("cashier", "point_of_sale.group_pos_user")

    @classmethod
    def _register(cls, name):
        return cls.env["pos.config"].create(
            {"name": name, "payment_method_ids": cls.method.ids}
        )

    @classmethod
    def _user(cls, login, group, company=None):
        company = company or cls.company
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": f"sci_{login}",
                "group_ids": [
                    (6, 0, [cls.env.ref(g).id for g in ("base.group_user", group)])
                ],
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.sandbox.control("reset")
        self.sandbox.control("settings", accept_delay=0, processing_delay=0)
        credentials = self.sandbox.environment()
        credentials.start()
        self.addCleanup(credentials.stop)
        self.env.flush_all()
        self.registry_enter_test_mode()

    def mute(self, module):
        """Faults are logged; here they are wanted."""
        muted = mute_logger(f"odoo.addons.pos_mx51_sci.{module}")
        muted.__enter__()
        self.addCleanup(muted.__exit__)

    def rpc(self, record, method, *args, user=None):
        """Call as the web client would: nothing of the test is pending or cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            return getattr(record.with_user(user or self.manager), method)(*args)
        finally:
            self.env.invalidate_all()

    def pair(self, terminal=None, virtual="front-bar", nickname="Front Bar"):
        """Pair a terminal as a merchant would, confirmation and test included."""
        terminal = terminal or self.terminal
        shown = self.sandbox.terminal("start_pairing", virtual)
        self.rpc(terminal, "action_pair", shown["pairing_code"], nickname)
        self.sandbox.terminal("confirm", virtual)
        view = self.rpc(terminal, "action_test")
        self.assertEqual(view["state"], "paired")
        return view

    def age_pairing(self, terminal=None):
        """Make the pairing old enough for a loss to be believed."""
        terminal = terminal or self.terminal
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET paired_at = paired_at - interval '2 min'"
            " WHERE id = %s",
            [terminal.id],
        )
        self.env.invalidate_all()

    def values(self, payment="payment-1", attempt=1, amount=1250, **changes):
        return {
            "payment_uuid": payment,
            "attempt": attempt,
            "order_uuid": "order-of-" + payment,
            "config_id": self.register.id,
            "payment_method_id": self.method.id,
            "terminal_id": False,
            "kind": "purchase",
            "amounts": {"purchase_amount": amount},
            **changes,
        }

    def start(self, *args, user=None, **kwargs):
        values = self.values(*args, **kwargs)
        return self.rpc(
            self.env["pos.sci.transaction"],
            "sci_start",
            values,
            user=user or self.cashier,
        )

    def row(self, view):
        return self.env["pos.sci.transaction"].browse(view["id"])

    def poll(self, view):
        """The next version, as over the route that may wait for it."""
        flow = self.rpc(self.row(view), "_flow", user=self.cashier)
        try:
            return flow.poll(view["id"], view["version"])
        finally:
            self.env.invalidate_all()

    def follow(self, view):
        """Poll until the bank has spoken."""
        for _poll in range(20):
            if view["status"] == "FINALISED":
                return view
            view = self.poll(view)
        self.fail(f"no final answer: {view}")

    def present(self, outcome="approve", **details):
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.terminal("card", outcome=outcome, **details)

    def upstream(self):
        """The create requests that have reached mx51."""
        return self.sandbox.requests_to("/v1/transactions")

    def age(self, view, column, seconds):
        """Move a moment of a row into the past."""
        self.env.cr.execute(
            f"UPDATE pos_sci_transaction SET {column} = {column}"
            " - make_interval(secs => %s) WHERE id = %s",
            [seconds, view["id"]],
        )
        self.env.invalidate_all()

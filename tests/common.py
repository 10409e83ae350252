from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..ledger import dues, finishing
from ..ledger.amounts import in_currency, signed_total
from ..sci.currency import exponent_of
from .sandbox_process import Sandbox


def leave_it(register):
    """Tips and surcharges are the terminal's affair."""
    # A product of its own: that of Odoo is what the orders of the tests sell.
    product = register.env.ref("point_of_sale.product_product_tip").sudo()
    product = product.copy({"name": "Tips"})
    register.sudo().write(
        {
            "iface_tipproduct": True,
            "tip_product_id": product.id,
            "sci_terminal_surcharge": True,
        }
    )


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
    def setup_independent_company(cls, **kwargs):
        """That of ``./dev/test``, which has a chart of accounts already."""
        made = cls.env.ref("__test__.company", raise_if_not_found=False)
        if not made:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids |= made
        return made

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

    def let_speak(self, user, code):
        """Give a user a language, without loading what all of Odoo says in it: texts in
        code are known anyway."""
        self.env["res.lang"]._activate_lang(code)
        user.lang = code

    def said_in(self, code, text):
        """A text of the addon's code in another language."""
        return code_translations.get_python_translations("pos_mx51_sci", code)[text]

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

    def let_terminal_ask(self, **config):
        """A terminal that asks for a tip or adds a surcharge, at a register that leaves
        it to it.

        :param config: of the virtual terminal: ``tip_prompt``, ``surcharge_rate``
        """
        leave_it(self.register)
        self.sandbox.terminal("config", **config)

    def age_pairing(self, terminal=None):
        """Make the pairing old enough for a loss to be believed."""
        terminal = terminal or self.terminal
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET paired_at = paired_at - interval '2 min'"
            " WHERE id = %s",
            [terminal.id],
        )
        self.env.invalidate_all()

    def pairing_checks(self):
        """How often mx51 was asked for a pairing."""
        return len(self.sandbox.requests_to("/v1/pairing-info", "GET"))

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

    # -- orders --------------------------------------------------------------------

    def open_session(self, register=None):
        """The open session of a register, opened if need be."""
        register = register or self.register
        if not register.current_session_id:
            register.open_ui()
        session = register.current_session_id
        if session.state == "opening_control":
            session.set_opening_control(0, "")
        return session

    def payload(self, uuid="order-1", lines=(), cards=(), register=None, **changes):
        """An order as a register sends it.

        :param lines: ``(uuid, amount)`` or ``(uuid, amount, line it takes back)``
        :param cards: ``(payment uuid, amount)``
        """
        return {
            "uuid": uuid,
            "access_token": f"token-{uuid}",
            "session_id": self.open_session(register).id,
            "state": "draft",
            "date_order": "2026-01-01 00:00:00",
            "fiscal_position_id": False,
            "amount_tax": 0,
            "amount_total": sum(line[1] for line in lines),
            "amount_paid": 0,
            "amount_return": 0,
            "lines": [(0, 0, self._line(*line)) for line in lines],
            "payment_ids": [(0, 0, self._card(*card)) for card in cards],
            **changes,
        }

    def _line(self, uuid, amount, takes_back=None):
        product = self.env.ref("point_of_sale.product_product_tip")
        return {
            "uuid": uuid,
            "product_id": product.id,
            "qty": -1 if amount < 0 else 1,
            "price_unit": abs(amount),
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "tax_ids": [],
            "refunded_orderline_id": takes_back and takes_back.id,
        }

    def _card(self, uuid, amount, **changes):
        return {
            "uuid": uuid,
            "amount": amount,
            "payment_method_id": self.method.id,
            "payment_status": "pending",
            "name": "2026-01-01 00:00:00",
            **changes,
        }

    def sync(self, payload, user=None):
        """Save an order as a register does; answer its record."""
        orders, uuid = self.env["pos.order"], payload["uuid"]
        self.rpc(orders, "sync_from_ui", [payload], user=user or self.cashier)
        return orders.search([("uuid", "=", uuid)])

    def draft(self, total, cards=(), uuid="order-1", **changes):
        """A draft order of one line with these card payments, on the server."""
        lines = [(f"line-of-{uuid}", total)] if total else []
        return self.sync(self.payload(uuid, lines, cards, **changes))

    def _save_order_of(self, values):
        """What a register does before it starts a payment: its order is on the server,
        with the payment line, and owes as much."""
        payment, amounts = values["payment_uuid"], values["amounts"]
        found = self.env["pos.payment"].search_count([("uuid", "=", payment)])
        uuid = values["order_uuid"]
        order = self.env["pos.order"].search([("uuid", "=", uuid)])
        if found or order.state not in (False, "draft"):
            return
        register = self.env["pos.config"].browse(values["config_id"])
        sold = {k: v for k, v in amounts.items() if k != "surcharge_amount"}
        if any(type(v) is not int or abs(v) >= 10**10 for v in sold.values()):
            sold = {}
        exponent = exponent_of(register.currency_id.name)
        amount = in_currency(signed_total(sold), exponent)
        goods = in_currency(dues.pays(sold), exponent)
        takes_back = (
            self.env["pos.payment"]
            .search([("uuid", "=", values.get("original_payment_uuid") or "")])
            .pos_order_id.lines[:1]
        )
        lines = [(f"line-of-{payment}", goods, takes_back)] if goods else []
        payload = self.payload(uuid, lines, [(payment, amount)], register)
        payload["amount_total"] += order.amount_total
        self.sync(payload)

    def leave_drafts(self):
        """Orders stay drafts although a card has paid them, as where somebody else
        writes to them."""
        kept = patch.object(finishing, "finish", lambda env, order_id: False)
        kept.start()
        self.addCleanup(kept.stop)

    # -- payments ------------------------------------------------------------------

    def start(self, *args, user=None, **kwargs):
        """Start a payment, for an order that is on the server."""
        values = self.values(*args, **kwargs)
        self._save_order_of(values)
        return self.send(values, user)

    def send(self, values, user=None):
        """Start a payment, whatever the server knows of its order."""
        Transaction = self.env["pos.sci.transaction"]
        return self.rpc(Transaction, "sci_start", values, user=user or self.cashier)

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

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..ledger import rows, terminal_view, terminals, totals
from ..ledger.request import usual_terminal
from ..pairing import flow as pairing
from ..pairing import watch
from ..pairing.view import pairing_view
from ..server import credentials, database
from ..server.arguments import accessible, several, single
from ..server.odoo_adapter import CARD_METHODS, NO_ACCESS, card_methods


class PosSciTerminal(models.Model):
    """A bank's EFTPOS terminal and its pairing with this shop (mx51's pairing guide).

    One record is one pairing; a physical terminal may have several. What the shop
    calls it is ``name``; the read-only fields are the pairing, written by ``pairing/``
    only.
    """

    _name = "pos.sci.terminal"
    _description = "EFTPOS terminal"
    _inherit = ["pos.load.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="What your shop calls this terminal.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company.currency_id,
        help="The company's currency at the time of pairing.",
    )
    state = fields.Selection(
        [
            ("unpaired", "Not paired"),
            ("confirming", "Waiting for confirmation"),
            ("paired", "Paired"),
        ],
        default="unpaired",
        required=True,
        readonly=True,
        copy=False,
    )
    pairing_nickname = fields.Char(readonly=True, copy=False)
    pairing_id = fields.Char("Pairing ID", readonly=True, copy=False, index=True)
    key_id = fields.Char("Key ID", readonly=True, copy=False)
    confirmation_code = fields.Char(readonly=True, copy=False)
    confirming_since = fields.Datetime(readonly=True, copy=False, groups=NO_ACCESS)
    tid = fields.Char("TID", readonly=True, copy=False, help="Terminal ID of the bank.")
    terminal_nickname = fields.Char(readonly=True, copy=False)
    api_base_url = fields.Char("API address", readonly=True, copy=False)
    signing_secret_part_b = fields.Char(readonly=True, copy=False, groups=NO_ACCESS)
    paired_at = fields.Datetime("Paired since", readonly=True, copy=False)
    paired_database = fields.Char(
        readonly=True,
        copy=False,
        help="Uuid and name of the database that the pairing was made in. A copy of it "
        "sends nothing to the terminal.",
    )
    taken_over_by_id = fields.Many2one(
        "res.users", "Declared live by", readonly=True, copy=False
    )
    taken_over_at = fields.Datetime("Declared live at", readonly=True, copy=False)
    is_of_other_database = fields.Boolean(compute="_compute_is_of_other_database")
    last_checked_at = fields.Datetime("Last checked", readonly=True, copy=False)
    lost_at = fields.Datetime("Pairing lost at", readonly=True, copy=False)
    watched_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="When the pairing was last checked without anybody looking.",
    )
    told_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="When those who look after EFTPOS were last told about it.",
    )
    last_error = fields.Char(readonly=True, copy=False)
    last_error_code = fields.Char(readonly=True, copy=False)
    last_error_hint = fields.Char(readonly=True, copy=False)
    not_connected_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="The terminal service could not reach the terminal then, and nothing has "
        "worked on it since.",
    )
    clock_offset = fields.Integer(
        "Clock offset (s)",
        readonly=True,
        copy=False,
        help="How far this server's clock is behind that of the terminal service; "
        "requests are signed with the corrected time.",
    )
    can_forget = fields.Boolean(
        readonly=True,
        copy=False,
        help="Unpairing got no answer: the pairing may be forgotten here only.",
    )
    claimed_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="When a request that changes the pairing was sent.",
    )
    looked_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        help="When a screen began to check the pairing.",
    )

    override_after = fields.Integer(
        "Ask for the outcome after (s)",
        default=60,
        required=True,
        help="Seconds without a sign of life from the terminal service.",
    )
    override_after_cancel = fields.Integer(
        "After a cancel (s)",
        default=20,
        required=True,
        help="Seconds after a cancel request without a final answer.",
    )
    print_merchant_receipt = fields.Boolean(
        "Terminal prints merchant receipt",
        help="Print the merchant receipt on the terminal instead of the POS.",
    )
    prompt_customer_receipt = fields.Boolean(
        "Terminal prompts for customer receipt",
        help="Let the terminal ask the customer about a receipt.",
    )
    verify_signature_on_terminal = fields.Boolean(
        "EFTPOS signature flow on terminal",
        help="The terminal prints the signature receipt and handles the check.",
    )
    pos_auto_print_signature_receipt = fields.Boolean(
        "Auto-print signature receipt from POS",
        default=True,
        help="Print the merchant receipt at once when a signature is needed.",
    )

    payment_method_ids = fields.Many2many(
        "pos.payment.method",
        "pos_payment_method_pos_sci_terminal_rel",
        "terminal_id",
        "payment_method_id",
        check_company=True,
        domain=CARD_METHODS,
        copy=False,
    )
    config_ids = fields.One2many("pos.config", "sci_terminal_id", string="Registers")
    sandbox = fields.Boolean(compute="_compute_sandbox")
    last_seen_at = fields.Datetime(
        "Last seen",
        compute="_compute_figures",
        help="When it last took a payment or was paired.",
    )
    today_count = fields.Integer("Payments", compute="_compute_figures")
    today_amount = fields.Monetary("Today", compute="_compute_figures")

    _override_after_positive = models.Constraint(
        "CHECK(override_after BETWEEN 10 AND 600"
        " AND override_after_cancel BETWEEN 5 AND 300)",
        "Give the terminal service 10 to 600 seconds, and 5 to 300 after a cancel.",
    )

    @api.depends("api_base_url")
    def _compute_sandbox(self):
        for terminal in self:
            terminal.sandbox = credentials.is_sandbox(terminal.api_base_url)

    @api.depends("paired_database")
    def _compute_is_of_other_database(self):
        for terminal in self:
            terminal.is_of_other_database = terminals.is_of_other_database(terminal)

    def _compute_figures(self):
        paid = totals.of_terminals(self.env, self.ids, totals.midnight(self.env))
        accepted = totals.last_accepted(self.env, self.ids)
        for terminal in self:
            total = paid.get(terminal.id, totals.NONE)
            terminal.today_count, terminal.today_amount = total
            seen = [terminal.paired_at, accepted.get(terminal.id)]
            terminal.last_seen_at = max(filter(None, seen), default=False)

    def init(self):
        """Pairings of versions that did not know the database belong to this one."""
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET paired_database = %s"
            " WHERE paired_database IS NULL AND pairing_id IS NOT NULL",
            [database.identity(self.env)],
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_no_pairing_field(*vals_list)
        self = self._without_pairing_defaults()
        for vals in vals_list:
            if "currency_id" not in vals and vals.get("company_id"):
                company = self.env["res.company"].browse(vals["company_id"])
                vals["currency_id"] = company.currency_id.id
        created = super().create(vals_list)
        terminals.notify_registers(created)
        return created

    def write(self, vals):
        self._check_no_pairing_field(vals)
        if "company_id" in vals:
            self._check_unpaired()
            self._check_no_history(vals["company_id"])
        result = super().write(vals)
        if {"name", "active", "state", "payment_method_ids"} & set(vals):
            terminals.notify_registers(self)
        return result

    def _pairing_fields(self):
        return {
            name
            for name, field in self._fields.items()
            if field.readonly and field.store and name not in models.MAGIC_COLUMNS
        }

    def _check_no_pairing_field(self, *vals_list):
        """Only pairing writes these fields: a terminal pointed elsewhere by hand would
        send signed requests there."""
        if not self.env.su:
            given = {name for vals in vals_list for name in vals}
            for name in self._pairing_fields() & given:
                raise AccessError(self.env._("%s is written by pairing only.", name))

    def _without_pairing_defaults(self):
        """Nor may a context write it."""
        # pylint: disable=context-overridden
        defaults = {f"default_{name}" for name in self._pairing_fields()}
        return self.with_context(
            {k: v for k, v in self.env.context.items() if k not in defaults}
        )

    @api.constrains("company_id", "payment_method_ids")
    def _check_company_of_methods(self):
        self.payment_method_ids._sci_check_company_of_terminals()

    @api.constrains("company_id")
    def _check_company_of_registers(self):
        for terminal in self:
            for register in terminal.config_ids:
                if register.company_id != terminal.company_id:
                    raise ValidationError(
                        self.env._(
                            "%(register)s of another company uses %(terminal)s.",
                            register=register.name,
                            terminal=terminal.name,
                        )
                    )

    def _check_no_history(self, company_id):
        """The bank's day of a terminal is one company's."""
        moved = self.filtered(lambda it: it.company_id.id != company_id)
        if known := moved.filtered(rows.any_of):
            text = self.env._("%s has taken payments for its company.", known[0].name)
            raise ValidationError(text)

    def _check_unpaired(self):
        paired = self.filtered(lambda terminal: terminal.state != "unpaired")
        if paired:
            raise ValidationError(
                self.env._("Unpair %s first.", ", ".join(paired.mapped("name")))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unpaired(self):
        self._check_unpaired()

    # -- pairing ------------------------------------------------------------------

    def pairing_view(self):
        """What the pairing screen shows; asks nobody."""
        single(self).check_access("read")
        return pairing_view(self)

    def check_pairing(self):
        """Check whether the pairing is active; see :func:`~..pairing.flow.check`."""
        single(self).check_access("read")
        return pairing.check(self)

    def action_test(self):
        """The merchant's Test button: asks pairing-info, finishes a pairing."""
        single(self).check_access("write")
        return pairing.test(self)

    def action_test_all(self):
        """Test these terminals, or all that are paired, and say how it went."""
        several(self).check_access("write")
        paired = [("state", "=", "paired")]
        chosen = self.filtered_domain(paired) if self else self.search(paired)
        return watch.test_all(chosen)

    def action_pair(self, pairing_code, pairing_nickname=None):
        """Exchange the code shown on the terminal for a pairing.

        :param pairing_code: text; leading zeros count, blanks do not
        :param pairing_nickname: optional label of this pairing
        :return: the pairing view; what mx51 objects to is in its ``error``
        """
        single(self).check_access("write")
        return pairing.pair(self, pairing_code, pairing_nickname)

    def action_cancel_pairing(self):
        """Give up a pairing that is not confirmed yet."""
        single(self).check_access("write")
        return pairing.unpair(self, "confirming")

    def action_unpair(self):
        """Remove the pairing. Without an answer the terminal stays paired here."""
        single(self).check_access("write")
        return pairing.unpair(self, "paired")

    def action_forget(self):
        """Forget the pairing here only, after an unpairing that got no answer."""
        single(self).check_access("write")
        return pairing.forget(self)

    def action_take_over(self):
        """Declare this database the live one, for all terminals the user may change."""
        single(self).check_access("write")
        every = self.with_context(active_test=False)
        pairing.take_over(every.search([("paired_database", "!=", False)]))
        return True

    @api.model
    def _cron_watch(self):
        """Check the pairings of all shops; see :func:`~..pairing.watch.watch`."""
        watch.watch(self.env)

    # -- end of the day ----------------------------------------------------------

    def action_settle(self):
        """Close the day at the bank."""
        return self._settle("settlement")

    def action_settlement_enquiry(self):
        """Ask for the totals of the day without closing it."""
        return self._settle("enquiry")

    def _settle(self, kind):
        single(self).check_access("write")
        return {
            "type": "ir.actions.act_window",
            "res_model": "pos.sci.settlement",
            "res_id": self.env["pos.sci.settlement"]._start(self, kind).id,
            "view_mode": "form",
        }

    # -- Point of Sale -----------------------------------------------------------

    @api.model
    def _load_pos_data_domain(self, data, config):
        return [("company_id", "=", config.company_id.id)]

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            "id",
            "name",
            "state",
            "pairing_nickname",
            "pairing_id",
            "tid",
            "terminal_nickname",
            "not_connected_since",
            "sandbox",
            "is_of_other_database",
            "currency_id",
        ]

    @api.model
    def pos_terminals(self, config_id):
        """For an open session: its terminals, with ``ledger/terminal_view.py``."""
        config = accessible(self.env, "pos.config", config_id)
        offered = self.search(self._load_pos_data_domain({}, config))
        methods = card_methods(config)
        return {
            "sci_terminal_id": config.sci_terminal_id.id,
            "terminals": terminal_view.with_work(
                self.env, self._load_pos_data_read(offered, config)
            ),
            "methods": {method.id: method.sci_terminal_ids.ids for method in methods},
            "usual": {it.id: usual_terminal(config, it).id for it in methods},
            "can_pair": self.has_access("write"),
            "settings": config._sci_settings(),
        }

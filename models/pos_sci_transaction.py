from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS

from .sci_arguments import accessible, text, the_one
from .sci_flow import SciFlow
from .sci_guard import GUARD
from .sci_ledger import FOLLOWED_GAP, OCCUPYING, signed_total
from .sci_override import check_cashier, check_user
from .sci_start import StartRequest
from .sci_view import public_view
from .short_transactions import end_transaction


class PosSciTransaction(models.Model):
    """The ledger of card payments: one row per attempt, never deleted.

    The one place where the truth about money lives; ``ledger-states.md`` is its
    specification and the constraints below hold as much of it as a database can.
    Amounts are integers in minor units (cents). Rows are written by ``sci_ledger``
    only, in short transactions of its own.
    """

    _name = "pos.sci.transaction"
    _description = "EFTPOS transaction"
    _order = "id desc"
    _rec_name = "sci_id"
    _check_company_auto = True

    payment_uuid = fields.Char(required=True, readonly=True)
    attempt = fields.Integer(required=True, readonly=True)
    order_uuid = fields.Char(required=True, readonly=True, index=True)
    kind = fields.Selection(
        [
            ("purchase", "Purchase"),
            ("refund", "Refund"),
            ("cashout", "Cash-out"),
            ("purchase_with_cashout", "Purchase with cash-out"),
            ("moto", "Mail or telephone order"),
        ],
        required=True,
        readonly=True,
    )
    amounts = fields.Json(
        readonly=True, help="Requested amounts by name, in minor units."
    )
    result_amounts = fields.Json(
        readonly=True, help="What the bank says was charged, in minor units."
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    terminal_id = fields.Many2one(
        "pos.sci.terminal", required=True, readonly=True, ondelete="restrict"
    )
    pairing_id = fields.Char("Pairing ID", readonly=True)
    config_id = fields.Many2one(
        "pos.config", "Register", required=True, readonly=True, ondelete="restrict"
    )
    session_id = fields.Many2one("pos.session", readonly=True, ondelete="restrict")
    payment_method_id = fields.Many2one(
        "pos.payment.method", required=True, readonly=True, ondelete="restrict"
    )

    sci_id = fields.Char("Transaction ID", readonly=True)
    status = fields.Selection(
        [
            ("draft", "Checking the terminal"),
            ("sending", "Sending to the terminal"),
            ("PENDING", "In progress"),
            ("AWAITING_POS", "Waiting for the cashier"),
            ("FINALISED", "Finished"),
            ("unknown", "No answer"),
            ("not_sent", "Not sent"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    financial_status = fields.Selection(
        [
            ("APPROVED", "Approved"),
            ("DECLINED", "Declined"),
            ("CANCELLED", "Cancelled"),
            ("UNKNOWN", "Unknown"),
        ],
        "Outcome",
        readonly=True,
    )
    version = fields.Integer(readonly=True, default=0)
    message = fields.Char(readonly=True)
    merchant_receipt = fields.Text(readonly=True)
    customer_receipt = fields.Text(readonly=True)
    pos_instructions = fields.Text(
        readonly=True,
        groups=NO_ACCESS,
        help="JSON as it came, keys in their order; with URLs, so not for browsers.",
    )
    error_code = fields.Char(readonly=True)
    error_message = fields.Char(readonly=True)

    sent_at = fields.Datetime(readonly=True, help="Just before the request left.")
    finalised_at = fields.Datetime(readonly=True)
    followed_at = fields.Datetime(readonly=True, help="When somebody last asked.")
    silent_since = fields.Datetime(
        readonly=True, help="Last sign of life from the terminal service."
    )
    lost_since = fields.Datetime(
        readonly=True, help="Since when the service does not know it any more."
    )
    is_lost = fields.Boolean(readonly=True, default=False)
    cancel_requested_at = fields.Datetime(readonly=True)
    cancel_sent_at = fields.Datetime(readonly=True)
    submitted_version = fields.Integer(
        readonly=True, help="The last version whose form a button was pressed on."
    )
    given_up = fields.Boolean(readonly=True, default=False)
    override_outcome = fields.Selection(
        [("yes", "Was successful"), ("no", "Was not successful")], readonly=True
    )
    override_user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    override_employee = fields.Char(readonly=True)
    override_at = fields.Datetime(readonly=True)
    override_reason = fields.Char(readonly=True)
    review_due = fields.Boolean(
        readonly=True, help="What the bank said is still to be compared."
    )
    original_id = fields.Many2one(
        "pos.sci.transaction",
        "Refund of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    refund_ids = fields.One2many("pos.sci.transaction", "original_id", "Refunds")
    review_ids = fields.One2many("pos.sci.review", "transaction_id", "Reviews")
    needs_review = fields.Boolean(
        "To review", compute="_compute_needs_review", search="_search_needs_review"
    )

    amount = fields.Monetary(
        "Requested", readonly=True, help="In all; a refund is negative."
    )
    result_amount = fields.Monetary(
        "Charged", readonly=True, help="In all, as the bank says; a refund is negative."
    )
    is_unresolved = fields.Boolean(
        compute="_compute_is_unresolved", search="_search_is_unresolved"
    )
    pos_order_id = fields.Many2one("pos.order", compute="_compute_pos_links")
    pos_payment_id = fields.Many2one("pos.payment", compute="_compute_pos_links")

    _payment_attempt = models.UniqueIndex("(payment_uuid, attempt)")
    _sci_id = models.UniqueIndex("(sci_id)")
    _one_occupant_per_terminal = models.UniqueIndex(
        "(terminal_id) WHERE status IN ('draft', 'sending', 'PENDING', 'AWAITING_POS')"
        " AND override_outcome IS NULL AND given_up IS NOT TRUE"
    )
    _one_paid_per_payment = models.UniqueIndex(
        "(payment_uuid) WHERE override_outcome = 'yes' OR (override_outcome IS NULL"
        " AND given_up IS NOT TRUE AND financial_status = 'APPROVED')"
    )
    _unfinished = models.Index(
        "(config_id) WHERE override_outcome IS NULL AND (status NOT IN "
        "('FINALISED', 'not_sent') OR financial_status = 'UNKNOWN')"
    )
    #: For the sweep; by a column that no poll writes.
    _not_final = models.Index("(id) WHERE status NOT IN ('FINALISED', 'not_sent')")
    _review_due = models.Index("(id) WHERE review_due")
    _final_has_outcome = models.Constraint(
        "CHECK((status = 'FINALISED') = (financial_status IS NOT NULL))"
    )
    _attempts_count_from_one = models.Constraint("CHECK(attempt >= 1)")
    _override_is_whole = models.Constraint(
        "CHECK(override_outcome IS NULL OR (override_user_id IS NOT NULL"
        " AND override_at IS NOT NULL AND override_reason <> ''))"
    )

    def init(self):
        """The invariants that span two versions of a row: what was asked for never
        changes, a final answer never changes, versions never decrease, ``sending``
        never becomes ``draft``, an override happens once, nothing is deleted."""
        self.env.cr.execute(GUARD)

    # -- derived -------------------------------------------------------------------

    @property
    def _occupying(self):
        return (
            self.status in OCCUPYING and not self.override_outcome and not self.given_up
        )

    @property
    def _unresolved(self):
        undecided = self.status == "unknown" or self.financial_status == "UNKNOWN"
        return self._occupying or (undecided and not self.override_outcome)

    @property
    def _paid(self):
        return self.override_outcome == "yes" or self.financial_status == "APPROVED"

    def _charged(self):
        """What the payment line of this row is worth, in minor units: what the bank
        charged, or what was asked for where a person had to answer for the bank."""
        approved = self.financial_status == "APPROVED"
        return signed_total((approved and self.result_amounts) or self.amounts)

    def _is_short(self):
        """Whether the bank charged less than asked for; more is a tip or surcharge."""
        return abs(self._charged()) < abs(signed_total(self.amounts))

    def _must_be_reviewed(self):
        """Whether neither the order's sync nor the session's end would find out what
        :func:`~.sci_review.review` does."""
        is_odd = self.given_up or (
            self._paid and (self._is_short() or not self.session_id)
        )
        return self.override_outcome or (self.status == "FINALISED" and is_odd)

    def _format_amount(self):
        value = self._charged() / 10**self.currency_id.decimal_places
        return f"{self.currency_id.name} {value:.{self.currency_id.decimal_places}f}"

    @api.model
    def _unresolved_domain(self):
        return Domain("override_outcome", "=", False) & (
            (Domain("status", "in", OCCUPYING) & Domain("given_up", "!=", True))
            | Domain("status", "=", "unknown")
            | Domain("financial_status", "=", "UNKNOWN")
        )

    @api.model
    def _unresolved_on(self, terminals):
        domain = self._unresolved_domain() & Domain("terminal_id", "in", terminals.ids)
        return self.sudo().search(domain)

    @api.model
    def _of_payments(self, uuids):
        """Rows of these payments that are unresolved or paid: those whose payment
        line and order have to stay."""
        rows = self.sudo().search([("payment_uuid", "in", [u for u in uuids if u])])
        return rows.filtered(lambda row: row._unresolved or row._paid)

    @api.model
    def _occupants(self, terminals):
        """{terminal id: name of the register that uses it now}"""
        rows = self.sudo().search(
            [
                ("terminal_id", "in", terminals.ids),
                ("status", "in", OCCUPYING),
                ("override_outcome", "=", False),
                ("given_up", "!=", True),
            ]
        )
        return {row.terminal_id.id: row.config_id.name for row in rows}

    @api.depends("status", "financial_status", "override_outcome", "given_up")
    def _compute_is_unresolved(self):
        for row in self:
            row.is_unresolved = row._unresolved

    def _search_is_unresolved(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._unresolved_domain()
        return domain if True in value else ~domain

    @api.depends("review_ids.state")
    def _compute_needs_review(self):
        for row in self:
            row.needs_review = "open" in row.review_ids.mapped("state")

    def _search_needs_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("review_ids", "any", [("state", "=", "open")])
        return domain if True in value else ~domain

    @api.depends("order_uuid", "payment_uuid")
    def _compute_pos_links(self):
        orders = self.env["pos.order"].search(
            [("uuid", "in", self.mapped("order_uuid"))]
        )
        payments = self.env["pos.payment"].search(
            [("uuid", "in", self.mapped("payment_uuid"))]
        )
        order_by_uuid = {order.uuid: order for order in orders}
        payment_by_uuid = {payment.uuid: payment for payment in payments}
        for row in self:
            row.pos_order_id = order_by_uuid.get(row.order_uuid)
            row.pos_payment_id = payment_by_uuid.get(row.payment_uuid)

    def _compute_display_name(self):
        for row in self:
            kind = dict(self._fields["kind"]._description_selection(self.env))
            row.display_name = (
                f"{kind[row.kind]} {row.amount:.2f} {row.terminal_id.name}"
            )

    def _override_opens_at(self, now):
        """When a person may state the outcome; ``None`` while no window is in sight.

        :param now: naive UTC
        """
        self.ensure_one()
        terminal = self.terminal_id
        if not self._unresolved or self.status in ("draft", "sending"):
            return None
        if self.financial_status == "UNKNOWN" or self.pairing_id != terminal.pairing_id:
            return now
        silence = timedelta(seconds=terminal.override_after)
        since = self.sent_at if self.status == "unknown" else self._silent_since(now)
        moments = [since + silence]
        if self.cancel_requested_at:
            patience = timedelta(seconds=terminal.override_after_cancel)
            moments.append(self.cancel_requested_at + patience)
        if self.is_lost:
            moments.append(now)
        return min(moments)

    def _silent_since(self, now):
        """Silence counts only while somebody asks.

        :param now: naive UTC
        """
        gap = timedelta(seconds=FOLLOWED_GAP)
        nobody_asked = self.followed_at and now - self.followed_at > gap
        return now if nobody_asked else self.silent_since

    def _public_view(self, error=None):
        """What a browser may know, see :func:`~.sci_view.public_view`."""
        self.ensure_one()
        return public_view(self, error)

    # -- RPC of the Point of Sale ------------------------------------------------------

    @api.model
    def sci_start(self, values):
        """Start a payment, or find the one that was started.

        :param values: see :class:`~.sci_start.StartRequest`
        :return: the row's public view; the expected failures are in its ``error``
        """
        flow, request = self._start_flow(values)
        end_transaction(self.env)
        return flow.start(request)

    @api.model
    def _start_flow(self, values):
        """Check the user's access to what is asked for, and let go of the request."""
        self.check_access("read")
        return SciFlow(self.env), StartRequest.from_values(self.env, values)

    def sci_poll(self, version):
        """What has become of the payment. Never waits for news; the routes may, see
        ``controllers/``."""
        flow = self._flow()
        end_transaction(self.env)
        return flow.poll(self.id, version, hold=False)

    def sci_submit(self, version, button_key, inputs=None):
        """Press a button of the form of ``version``; of another version nothing is
        sent. ``inputs``: texts by input name."""
        flow = self._flow()
        end_transaction(self.env)
        return flow.submit(self.id, version, button_key, inputs)

    def sci_cancel(self):
        """Wish for an end; a late approval wins."""
        flow = self._flow()
        end_transaction(self.env)
        return flow.cancel(self.id)

    def sci_override(self, successful, reason, employee_id=None, pin=None):
        """State the outcome of a payment whose result cannot be had: once, in its
        window (``_override_opens_at``), with a reason, by someone allowed to.

        :param employee_id: who stands at the register, where ``pos_hr`` is used
        :param pin: that employee's PIN
        """
        go_on = self._checked_override(successful, reason, employee_id, pin)
        end_transaction(self.env)
        return go_on()

    def _checked_override(self, successful, reason, employee_id=None, pin=None):
        """Check who wants to override what.

        :return: a function that goes on with it, without this environment
        """
        if not isinstance(successful, bool):
            raise UserError(self.env._("Was the transaction successful? Yes or no."))
        flow = self._flow()
        employee, error = check_cashier(self, flow.short, employee_id, pin)
        if error:
            return partial(flow.view, self.id, error)
        reason = self._reason(reason)
        return partial(flow.override, self.id, successful, reason, employee)

    def _override_by_manager(self, successful, reason):
        """The same from the back office, where the user is the person."""
        flow = self._flow()
        check_user(self.env)
        reason = self._reason(reason)
        end_transaction(self.env)
        return flow.override(self.id, successful, reason)

    def _reason(self, reason):
        reason = text(reason)
        if not reason:
            raise UserError(self.env._("Please give a reason."))
        return reason[:500]

    @api.model
    def sci_resume(self, config_id):
        """The payments a register has to follow: the unresolved ones, and those of
        orders that are not finished yet."""
        self.check_access("read")
        config = accessible(self.env, "pos.config", config_id)
        return SciFlow(self.env).resume(config.id)

    def _flow(self):
        the_one(self).check_access("read")
        return SciFlow(self.env)

    def action_resolve(self):
        """Open the question for a manager: was the transaction successful?"""
        the_one(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Was the transaction successful?"),
            "res_model": "pos.sci.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_transaction_id": self.id},
        }

    # -- scheduled ---------------------------------------------------------------------

    @api.model
    def _cron_sweep(self):
        """Finish the rows that nobody follows."""
        SciFlow(self.env).sweep()
        self.env["pos.sci.settlement"]._sweep()

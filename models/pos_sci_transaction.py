from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger import fetching, override, refund, settlement, steps
from ..ledger.flow import SciFlow
from ..ledger.guard import OLD_EXPONENTS, TRIGGER
from ..ledger.request import StartRequest
from ..ledger.states import (
    NOT_CHARGED,
    NOT_FINAL,
    OCCUPYING,
    PAID_UNDISPUTED,
)
from ..modules import loyalty
from ..server.arguments import accessible, clean_text, is_id, single
from ..server.odoo_adapter import NO_ACCESS
from ..server.short_transactions import end_transaction


class PosSciTransaction(models.Model):
    """The ledger of card payments: one row per attempt, never deleted.

    The only place that knows what was charged; ``docs/ledger.md`` is its specification,
    and the constraints below hold as much of it as a database can. Amounts are integers
    in minor units (cents). Rows are written by ``ledger/`` only, in short transactions.
    """

    _name = "pos.sci.transaction"
    _description = "EFTPOS transaction"
    _inherit = ["pos.sci.transaction.facts"]
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
    exponent = fields.Integer(
        required=True,
        readonly=True,
        aggregator=None,
        help="Decimals of the currency's minor unit (ISO 4217), as of this row.",
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
    error_cause = fields.Json(readonly=True, help="As of server/causes.py.")

    sent_at = fields.Datetime(readonly=True, help="Just before the request left.")
    finalised_at = fields.Datetime(readonly=True)
    followed_at = fields.Datetime(readonly=True, help="When somebody last asked.")
    silent_since = fields.Datetime(readonly=True, help="Last sign of life.")
    lost_since = fields.Datetime(readonly=True, help="Since when it is not known.")
    is_lost = fields.Boolean(readonly=True, default=False)
    cancel_requested_at = fields.Datetime(readonly=True)
    cancel_sent_at = fields.Datetime(readonly=True)
    cancel_result = fields.Char(readonly=True, help="accepted, refused or no_answer")
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
    posting_due = fields.Boolean(
        readonly=True, help="What was charged is still to be written into the order."
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

    amount = fields.Monetary(
        "Requested", readonly=True, help="In all; a refund is negative."
    )
    result_amount = fields.Monetary(
        "Charged", readonly=True, help="In all, as the bank says; a refund is negative."
    )

    _payment_attempt = models.UniqueIndex("(payment_uuid, attempt)")
    _sci_id = models.UniqueIndex("(sci_id)")
    _one_occupant_per_terminal = models.UniqueIndex(
        f"(terminal_id) WHERE {OCCUPYING.sql}"
    )
    _one_paid_per_payment = models.UniqueIndex(
        f"(payment_uuid) WHERE {PAID_UNDISPUTED.sql}"
    )
    _unfinished = models.Index(
        f"(config_id) WHERE override_outcome IS NULL AND ({NOT_FINAL.sql}"
        " OR financial_status = 'UNKNOWN')"
    )
    #: For the sweep; by a column that no poll writes.
    _not_final = models.Index(f"(id) WHERE {NOT_FINAL.sql}")
    _review_due = models.Index("(id) WHERE review_due")
    _posting_due = models.Index("(id) WHERE posting_due")
    #: For the figures of a session and of a terminal (``ledger/totals.py``).
    _of_session = models.Index("(session_id)")
    _of_terminal = models.Index("(terminal_id, create_date)")
    #: For the bank's day (``ledger/day.py``).
    _sent_to_terminal = models.Index("(terminal_id, sent_at)")
    _final_has_outcome = models.Constraint(
        "CHECK((status = 'FINALISED') = (financial_status IS NOT NULL))"
    )
    _attempts_count_from_one = models.Constraint("CHECK(attempt >= 1)")
    _override_is_whole = models.Constraint(
        "CHECK(override_outcome IS NULL OR (override_user_id IS NOT NULL"
        " AND override_at IS NOT NULL AND override_reason <> ''))"
    )

    def _init_column(self, column_name):
        """Rows from before there was an exponent: they say themselves in which minor
        units they were sent."""
        if column_name != "exponent":
            return super()._init_column(column_name)
        return self.env.cr.execute(OLD_EXPONENTS)

    def init(self):
        """The invariants that span two versions of a row."""
        self.env.cr.execute(TRIGGER)
        self._fill_in_figures()

    # -- derived -------------------------------------------------------------------

    def _compute_display_name(self):
        for row in self:
            kind = dict(self._fields["kind"]._description_selection(self.env))
            row.display_name = (
                f"{kind[row.kind]} {row.amount:.2f} {row.terminal_id.name}"
            )

    # -- RPC of the Point of Sale ------------------------------------------------------

    @api.model
    def sci_start(self, values):
        """Start a payment, or find the one that was started.

        :param values: see :class:`~..ledger.request.StartRequest`
        :return: the row's public view; the expected failures are in its ``error``
        """
        flow, request = self._start_flow(values)
        end_transaction(self.env)
        return flow.start(request)

    @api.model
    def _start_flow(self, values):
        """Check the user's access to what is asked for.

        :return: a flow and a request that no longer need this environment
        """
        self.check_access("read")
        return SciFlow(self.env), StartRequest.from_values(self.env, values)

    def sci_poll(self, version):
        """The state of the payment. Never waits for a change; the routes may, see
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
        """Ask for a cancel; a late approval wins."""
        flow = self._flow()
        end_transaction(self.env)
        return flow.cancel(self.id)

    def sci_override(self, successful, reason, employee_id=None, pin=None):
        """State the outcome of a payment whose result cannot be had: once, in its
        window (``ledger/window.py``), with a reason, by someone allowed to.

        :param employee_id: with ``pos_hr`` who stands at the register; else the login
            of a manager, to answer in place of the user
        :param pin: that employee's PIN, or the password
        """
        record = self._checked_override(successful, reason, employee_id, pin)
        end_transaction(self.env)
        return record()

    def _checked_override(self, successful, reason, employee_id=None, pin=None):
        """:return: a function that records it, without this environment"""
        if not isinstance(successful, bool):
            raise UserError(self.env._("Was the transaction successful? Yes or no."))
        flow = self._flow()
        employee, error = override.check_cashier(self, flow.short, employee_id, pin)
        if error:
            return partial(flow.view, self.id, error)
        reason = self._reason(reason)
        return partial(flow.override, self.id, successful, reason, employee)

    def sci_state_against(self, successful, reason, employee_id=None, pin=None):
        """State that the terminal's receipt says approved although mx51's final answer
        is declined or cancelled: managers only, once. Arguments as of
        :meth:`sci_override`."""
        if successful is not True:
            raise UserError(self.env._("The bank has said already: not successful."))
        flow = self._flow()
        employee, error = override.check_manager(
            self, flow.short, steps.against_refusal, employee_id, pin
        )
        reason = self._reason(reason)
        end_transaction(self.env)
        if error:
            return flow.view(self.id, error)
        return flow.state_against(self.id, successful, reason, employee)

    def _override_by_manager(self, successful, reason):
        """Either of them from the back office, where the user is the person."""
        flow = self._flow()
        override.check_user(self.env)
        is_against = self.financial_status in NOT_CHARGED
        state = flow.state_against if is_against else flow.override
        reason = self._reason(reason)
        end_transaction(self.env)
        return state(self.id, successful, reason)

    def _reason(self, reason):
        reason = clean_text(reason)
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

    @api.model
    def sci_refundable(self, config_id, order_uuid, line_ids=None):
        """What a refund order may give back; see :func:`~..ledger.refund.offer`.

        :param line_ids: order lines that are taken back; by default, those that the
            order on the server names
        """
        self.check_access("read")
        config = accessible(self.env, "pos.config", config_id)
        lines = None
        if isinstance(line_ids, list):
            known = [("id", "in", list(filter(is_id, line_ids)))]
            lines = self.env["pos.order.line"].search(known).sudo()
        uuid = clean_text(order_uuid)
        return refund.offer(self.sudo().env, config.sudo(), uuid, lines)

    def _flow(self):
        fetching.fetch_asked_for(single(self).sudo())
        self.check_access("read")
        return SciFlow(self.env)

    def action_resolve(self):
        """Open the question for a manager: was the transaction successful?"""
        single(self)
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
        turn = SciFlow(self.env).sweep()
        settlement.sweep(self.env, turn)
        loyalty.sweep(self.env, turn)

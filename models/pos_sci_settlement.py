from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger import closing, settlement
from ..ledger.amounts import in_currency
from ..ledger.settlement import UNFINISHED
from ..ledger.states import sql_list
from ..sci.currency import exponent_of
from ..server.arguments import is_id, single
from ..server.sentences import in_one_text


class PosSciSettlement(models.Model):
    """One settlement or enquiry of one terminal (``ledger/settlement.py``)."""

    _name = "pos.sci.settlement"
    _description = "EFTPOS settlement"
    _order = "id desc"
    _rec_name = "sci_id"

    kind = fields.Selection(
        [("settlement", "Settlement"), ("enquiry", "Settlement enquiry")],
        required=True,
        readonly=True,
    )
    terminal_id = fields.Many2one(
        "pos.sci.terminal", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="terminal_id.company_id", store=True, index=True
    )
    pairing_id = fields.Char("Pairing ID", readonly=True)
    sci_id = fields.Char("Settlement ID", readonly=True)
    status = fields.Selection(
        [
            ("sending", "Sending to the terminal"),
            ("PENDING", "In progress"),
            ("AWAITING_POS", "Waiting"),
            ("FINALISED", "Finished"),
            ("unknown", "No answer"),
            ("not_sent", "Not sent"),
        ],
        required=True,
        readonly=True,
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
    version = fields.Integer(readonly=True)
    message = fields.Char(readonly=True)
    receipt = fields.Text(readonly=True)
    totals = fields.Json(
        readonly=True,
        help="Number and minor units by name, where the receipt can be read.",
    )
    total = fields.Monetary(
        "Total of the bank",
        compute="_compute_total",
        store=True,
        help="Where it can be read.",
    )
    is_read = fields.Boolean(compute="_compute_total", store=True)
    currency_id = fields.Many2one(related="terminal_id.currency_id")
    enquiry_date = fields.Date("Day asked about", readonly=True)
    session_id = fields.Many2one("pos.session", readonly=True, ondelete="set null")
    transaction_ids = fields.One2many(
        "pos.sci.transaction", "settlement_id", "Payments of the day"
    )
    sent_at = fields.Datetime(readonly=True)
    finalised_at = fields.Datetime(readonly=True)
    day_begins_at = fields.Datetime(
        "Payments since",
        readonly=True,
        help="Of the current day: with which payments the bank's total is compared.",
    )
    is_begin_known = fields.Boolean(
        "Begun by a settlement",
        readonly=True,
        help="If not, the bank may have begun its day at another time.",
    )

    _sci_id = models.UniqueIndex("(sci_id)")
    _one_per_terminal = models.UniqueIndex(
        f"(terminal_id) WHERE status IN {sql_list(UNFINISHED)}"
    )
    _of_terminal = models.Index("(terminal_id, sent_at)")

    def init(self):
        """Answers of versions that did not keep when the day began."""
        self.env.cr.execute(
            "UPDATE pos_sci_settlement answer SET"
            " day_begins_at = coalesce(before.at, answer.sent_at - interval '1 day'),"
            " is_begin_known = before.at IS NOT NULL"
            " FROM pos_sci_settlement same LEFT JOIN LATERAL ("
            "SELECT max(sent_at) AS at FROM pos_sci_settlement"
            " WHERE terminal_id = same.terminal_id AND kind = 'settlement'"
            " AND financial_status = 'APPROVED' AND sent_at < same.sent_at"
            " AND sent_at > same.sent_at - interval '3 days') before ON TRUE"
            " WHERE same.id = answer.id AND answer.day_begins_at IS NULL"
            " AND answer.enquiry_date IS NULL"
            " AND answer.financial_status = 'APPROVED'"
        )

    def _compute_display_name(self):
        for row in self:
            kind = dict(self._fields["kind"]._description_selection(self.env))
            row.display_name = f"{kind[row.kind]} {row.terminal_id.name}"

    @api.model
    def _start(self, terminal, kind, date=None, session=None):
        """Run a settlement or an enquiry on a terminal that the user may read; whether
        the user may settle is the caller's affair.

        :param date: the day that an enquiry is about, unless the current one
        :param session: the session at whose end it is asked for
        :return: the new record
        :raises UserError: nothing was sent, for this reason
        """
        view = terminal.check_pairing()
        if view["error"]:
            raise UserError(in_one_text(view["error"]))
        session_id = session.id if session else None
        return self.browse(
            settlement.start(self.env, terminal.id, kind, date or None, session_id)
        )

    @api.model
    def _day(self, kind, date):
        """The day that is asked about, from a browser.

        :return: ``None`` for the current one
        :raises UserError: not a day that can be asked about
        """
        if not date:
            return None
        try:
            day = fields.Date.to_date(date)
        except (TypeError, ValueError):
            day = None
        # A shop may be ahead of the server's date.
        latest = fields.Date.today() + timedelta(days=1)
        if not day or day > latest or kind != "enquiry":
            raise UserError(self.env._("Choose a day that is over."))
        return day

    @api.model
    def _looked_at(self, settlement_id, company_id):
        """The view of one, polled once more if it has not ended."""
        known = [("id", "=", settlement_id), ("company_id", "=", company_id)]
        found = self.search(known) if is_id(settlement_id) else self
        if not found:
            raise UserError(self.env._("This record does not exist any more."))
        if found.status in UNFINISHED:
            settlement.check(self.env, found.id)
            found.invalidate_recordset()
        return closing.settlement_view(found)

    @api.depends("totals")
    def _compute_total(self):
        for row in self:
            row.is_read = bool(row.totals)
            minor = (row.totals or {}).get("total", [0, 0])[1]
            exponent = exponent_of(row.currency_id.name) or 0
            row.total = in_currency(minor, exponent)

    def action_check(self):
        """Poll once more, before the scheduled action does."""
        single(self).check_access("read")
        settlement.check(self.env, self.id)
        return True

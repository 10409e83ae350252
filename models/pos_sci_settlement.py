from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger import settlement
from ..ledger.settlement import UNFINISHED
from ..ledger.states import sql_list
from ..server.arguments import single


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
    sent_at = fields.Datetime(readonly=True)
    finalised_at = fields.Datetime(readonly=True)

    _sci_id = models.UniqueIndex("(sci_id)")
    _one_per_terminal = models.UniqueIndex(
        f"(terminal_id) WHERE status IN {sql_list(UNFINISHED)}"
    )

    def _compute_display_name(self):
        for row in self:
            kind = dict(self._fields["kind"]._description_selection(self.env))
            row.display_name = f"{kind[row.kind]} {row.terminal_id.name}"

    @api.model
    def _start(self, terminal, kind):
        """Run a settlement or an enquiry on a terminal that the user may change.

        :return: the new record
        :raises UserError: nothing was sent, for this reason
        """
        view = terminal.check_pairing()
        if view["error"]:
            raise UserError(view["error"]["message"])
        return self.browse(settlement.start(self.env, terminal.id, kind))

    def action_check(self):
        """Poll once more, before the scheduled action does."""
        single(self).check_access("read")
        settlement.check(self.env, self.id)
        return True

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..server.arguments import single


class PosSciReview(models.Model):
    """Something about money that a manager has to look at.

    Raised by ``ledger/comparison.py`` where bank, ledger and orders do not say the
    same; never refuses or changes anything by itself.
    """

    _name = "pos.sci.review"
    _description = "EFTPOS review item"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, id desc"
    _rec_name = "text"

    kind = fields.Selection(
        [
            ("contradicted", "The bank contradicts a person's word"),
            ("unverified", "A person's word that the bank cannot confirm"),
            ("day_without_answer", "No final answer within 24 hours"),
            ("other_amount", "Another amount than asked for"),
            ("missing_payment", "Charged, but not in the order"),
            ("missing_approval", "In the order, but not approved"),
            ("open_at_close", "No result when the register was closed"),
            ("more_than_asked", "More charged than asked for"),
            ("order_unfinished", "Charged, but the order cannot be finished"),
            ("changed_after", "Changed after the card payment"),
            ("card_as_change", "Card money given out as cash"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To review"), ("done", "Reviewed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    transaction_id = fields.Many2one(
        "pos.sci.transaction", readonly=True, index=True, ondelete="restrict"
    )
    payment_uuid = fields.Char(readonly=True)
    pos_order_id = fields.Many2one(
        "pos.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    word = fields.Selection(related="transaction_id.override_outcome")
    word_user_id = fields.Many2one(related="transaction_id.override_user_id")
    word_employee = fields.Char(related="transaction_id.override_employee")
    word_reason = fields.Char(related="transaction_id.override_reason")
    bank_outcome = fields.Selection(related="transaction_id.financial_status")
    bank_message = fields.Char(related="transaction_id.message")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    note = fields.Text(help="What was found and done.")
    reviewed_by_id = fields.Many2one("res.users", readonly=True)
    reviewed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(kind, payment_uuid, coalesce(transaction_id, 0))")

    def write(self, vals):
        if not self.env.su and set(vals) - {"note"}:
            raise AccessError(self.env._("Only the note of a review can be written."))
        return super().write(vals)

    def action_done(self):
        """A manager has looked; the note says what was found."""
        single(self).check_access("write")
        if not (self.note or "").strip():
            raise UserError(self.env._("Please note what you found."))
        self.sudo().write(
            {
                "state": "done",
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
            }
        )
        self.sudo().activity_feedback(
            ["mail.mail_activity_data_todo"], feedback=self.note
        )

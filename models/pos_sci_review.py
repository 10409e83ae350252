from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..ledger import rows
from ..ledger.states import GIVEN_UP
from ..server.arguments import single
from ..server.odoo_adapter import open_at_register


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
    #: A line for each reason (``ledger/reviews.py``).
    text = fields.Text(required=True, readonly=True)
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
    # A draft has no name yet.
    order_name = fields.Char("Order", compute="_compute_order_name", compute_sudo=True)
    order_state = fields.Selection(related="pos_order_id.state")
    word = fields.Selection(related="transaction_id.override_outcome")
    word_user_id = fields.Many2one(related="transaction_id.override_user_id")
    word_employee = fields.Char(related="transaction_id.override_employee")
    word_reason = fields.Char(related="transaction_id.override_reason")
    bank_outcome = fields.Selection(related="transaction_id.financial_status")
    bank_message = fields.Char(related="transaction_id.message")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    advice = fields.Char("What to do", compute="_compute_advice")
    can_resolve = fields.Boolean(compute="_compute_advice")
    can_refund = fields.Boolean(compute="_compute_advice")
    note = fields.Text(help="What was found and done.")
    reviewed_by_id = fields.Many2one("res.users", readonly=True)
    reviewed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(kind, payment_uuid, coalesce(transaction_id, 0))")

    @api.depends("pos_order_id.pos_reference", "pos_order_id.name")
    def _compute_order_name(self):
        for item in self:
            order = item.pos_order_id
            item.order_name = rows.number_of(order)

    @api.depends("kind", "word", "transaction_id.result")
    def _compute_advice(self):
        for item in self:
            item.advice = item._advice()
            row = item.transaction_id
            item.can_resolve = row.is_unresolved or GIVEN_UP.holds(row)
            item.can_refund = item.transaction_id.can_refund

    def _advice(self):
        """What a manager does about it, in a sentence or two."""
        if self.kind == "contradicted" and self.word == "yes":
            return self.env._(
                "The order counts as paid, but the bank did not take the money. Look "
                "at the bank's report; ask the customer to pay again, or take the loss."
            )
        if self.kind == "contradicted":
            return self.env._(
                "The customer's card was charged. If the customer has paid another way "
                "as well, refund the card; else finish the order with this payment."
            )
        return self._usual_advice()[self.kind]

    def _usual_advice(self):
        return {
            "unverified": self.env._(
                "Look for the amount in the terminal's receipts or the bank's report. "
                "If what was stated is right, it is fine."
            ),
            "day_without_answer": self.env._(
                "Look for the amount in the terminal's receipts or the bank's report, "
                "then state the outcome."
            ),
            "other_amount": self.env._(
                "Open the order and compare it with the terminal's receipt. Let the "
                "customer pay the rest, or refund what is too much."
            ),
            "missing_payment": self.env._(
                "The customer's card was charged. Finish the order, or refund the "
                "customer."
            ),
            "missing_approval": self.env._(
                "The order counts as paid, but no terminal has approved it. Look for "
                "the amount in the bank's report; ask the customer to pay if it is "
                "missing."
            ),
            "open_at_close": self.env._(
                "State the outcome once it is known, and finish the order in the next "
                "session."
            ),
            "more_than_asked": self.env._(
                "Compare with the terminal's receipt, and refund what is too much."
            ),
            "order_unfinished": self.env._(
                "Open the order and finish it, or refund the customer."
            ),
            "changed_after": self.env._(
                "Open the order and compare it with the terminal's receipt. If the "
                "change was meant, it is fine."
            ),
            "card_as_change": self.env._(
                "Count the cash of the session. If the cash was handed out on purpose, "
                "it is fine."
            ),
        }

    def write(self, vals):
        if not self.env.su and set(vals) - {"note"}:
            raise AccessError(self.env._("Only the note of a review can be written."))
        return super().write(vals)

    def action_open_order(self):
        """Open the order at its register, to finish or to refund it."""
        order = single(self).pos_order_id or self.transaction_id.pos_order_id
        return open_at_register(order)

    def action_resolve(self):
        """State the outcome of the payment."""
        return single(self).transaction_id.action_resolve()

    def action_fine(self):
        """A manager has looked, and nothing is to be done."""
        single(self).check_access("write")
        if not (self.note or "").strip():
            self.note = self.env._("Looked at: it is fine.")
        return self.action_done()

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

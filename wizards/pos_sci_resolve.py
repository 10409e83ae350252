from odoo import fields, models
from odoo.exceptions import UserError

from ..server.arguments import single

#: Errors of a view that say that nothing was recorded.
REFUSALS = ("override_closed", "other_stands", "answered", "answer_stands")


class PosSciResolve(models.TransientModel):
    """A manager states the outcome of a payment whose result cannot be had, or that the
    terminal approved it although the answer says otherwise."""

    _name = "pos.sci.resolve"
    _description = "Resolve an EFTPOS transaction"

    transaction_id = fields.Many2one(
        "pos.sci.transaction", required=True, readonly=True, ondelete="cascade"
    )
    successful = fields.Selection(
        [("yes", "Yes, the terminal approved it"), ("no", "No, it was not charged")],
        "Was the transaction successful?",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_resolve(self):
        single(self)
        view = self.transaction_id._override_by_manager(
            self.successful == "yes", self.reason
        )
        error = view["error"]
        if error and error["code"] in REFUSALS:
            raise UserError(error["message"])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import fields, models
from odoo.exceptions import UserError

from ..server.arguments import single


class PosSciResolve(models.TransientModel):
    """A manager states the outcome of a payment whose result cannot be had."""

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
        if error and error["code"] in ("override_closed", "answered"):
            raise UserError(error["message"])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..server.arguments import single


class PosSciReceiptMail(models.TransientModel):
    """The receipt of a card payment, sent to a customer."""

    _name = "pos.sci.receipt.mail"
    _description = "Send an EFTPOS receipt"

    transaction_id = fields.Many2one(
        "pos.sci.transaction", required=True, readonly=True, ondelete="cascade"
    )
    email = fields.Char("Send to", required=True)

    def action_send(self):
        single(self).transaction_id.check_access("read")
        address = email_normalize(self.email)
        if not address:
            raise UserError(self.env._("%s is no e-mail address.", self.email))
        if not self.transaction_id.customer_receipt:
            raise UserError(self.env._("There is no receipt to send."))
        template = self.env.ref("pos_mx51_sci.mail_template_receipt").sudo()
        template.send_mail(self.transaction_id.id, email_values={"email_to": address})
        return {"type": "ir.actions.act_window_close"}

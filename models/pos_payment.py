from odoo import api, models
from odoo.exceptions import UserError

from ..ledger import rows


class PosPayment(models.Model):
    _inherit = "pos.payment"

    def write(self, vals):
        """The ledger knows a payment by its uuid."""
        if "uuid" in vals:
            renamed = self.filtered(lambda payment: payment.uuid != vals["uuid"])
            renamed._unlink_except_card_in_use()
        return super().write(vals)

    # No RPC reaches these, and no guard of this class stands in their way: for what the
    # ledger itself writes into an order.
    # pylint: disable=super-method-mismatch

    def _sci_create(self, vals):
        return super().create([vals])

    def _sci_write(self, vals):
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_card_in_use(self):
        """A card payment that is unresolved or paid stays with its order."""
        if rows.binding(self.env, self.mapped("uuid")):
            raise UserError(
                self.env._(
                    "A card payment that is in progress or approved can't be removed."
                )
            )

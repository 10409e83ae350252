from odoo import api, models
from odoo.exceptions import UserError

from ..ledger import posting, rows


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

    def _create_payment_moves(self, is_reverse=False):
        """Odoo books change as part of a cash payment. What a card payment has handed
        out belongs to none, and without a move of its own it would stay open on the
        customer's account."""
        given = self.filtered(
            lambda line: not line.is_change and line.payment_method_id.type == "cash"
        )
        of_card = self.browse()
        for order in self.pos_order_id:
            change = self.filtered(
                lambda line, order=order: line.is_change and line.pos_order_id == order
            )
            is_only_card = order not in given.pos_order_id
            of_card |= change if is_only_card else change & posting.hand_outs(order)
        moves = super(PosPayment, self - of_card)._create_payment_moves(is_reverse)
        for line in of_card:
            line._sci_write({"is_change": False})
            moves |= super(PosPayment, line)._create_payment_moves(is_reverse)
            line._sci_write({"is_change": True})
        return moves

    @api.ondelete(at_uninstall=False)
    def _unlink_except_card_in_use(self):
        """A card payment that is unresolved or paid stays with its order."""
        if rows.binding(self.env, self.mapped("uuid")):
            raise UserError(
                self.env._(
                    "A card payment that is in progress or approved can't be removed."
                )
            )

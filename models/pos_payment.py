from odoo import api, models
from odoo.exceptions import UserError

from ..ledger import amounts, lines, posting, reviews, rows
from ..ledger.states import PAID, binds
from ..server.odoo_adapter import is_card_method


class PosPayment(models.Model):
    """A card line is worth what its ledger row says, whoever writes it
    (``docs/ledger.md`` invariant 16)."""

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        bound = lines.binding_rows(payments)
        for payment in payments:
            payment._sci_check_created(bound.get(payment.uuid))
        payments._sci_review_change()
        return payments

    def write(self, vals):
        names = [name for name in lines.OF_PAYMENT if name in vals]
        if not names:
            return super().write(vals)
        bound = lines.binding_rows(self)
        changed = self.browse()
        for payment in self:
            differing = [it for it in names if lines.differs(payment, it, vals[it])]
            payment._sci_check_write(bound.get(payment.uuid), vals, differing)
            if {"amount", "pos_order_id"} & set(differing):
                changed |= payment
        changed._sci_review_change()
        result = super().write(vals)
        changed._sci_review_change()
        return result

    def unlink(self):
        orders = self.pos_order_id
        result = super().unlink()
        self._sci_review_change(orders)
        return result

    def copy(self, default=None):
        if lines.card_lines(self):
            lines.refuse_other_doors(self.env)
        return super().copy(default)

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
        """A card payment that is unresolved or paid stays with its order, and so does
        the cash of a cash-out."""
        standing = self.filtered(
            lambda payment: (
                payment.pos_order_id.state != "cancel"
                or not payment.pos_order_id._sci_nets_to_zero()
            )
        )
        if rows.binding(self.env, standing.mapped("uuid")) or any(
            payment._sci_is_handout() for payment in standing
        ):
            raise UserError(
                self.env._(
                    "A card payment that is in progress or approved can't be removed."
                )
            )

    def _sci_check_created(self, row):
        """A card line comes to draft orders only, and waits until its row is paid."""
        is_card = is_card_method(self.payment_method_id)
        order = self.pos_order_id
        if row and (not is_card or self.is_change or row.order_uuid != order.uuid):
            lines.refuse_change(self.env)
        if not is_card:
            return
        if self.is_change or order.state != "draft":
            lines.refuse_other_doors(self.env)
        if not self.payment_status or self.payment_status in lines.CLAIMING:
            self._sci_write({"payment_status": "pending"})
        lines.follow(self)

    def _sci_check_write(self, row, vals, changed):
        """Whether these ``changed`` values may be written."""
        is_paid = row and PAID.holds(row)
        for name in changed:
            value = vals[name]
            if name == "payment_status" and is_card_method(self.payment_method_id):
                claims = value in lines.CLAIMING or not value
                if value != "done" if is_paid else claims:
                    lines.refuse_change(self.env)
            elif row and not (
                name == "amount" and is_paid and lines.same(value, amounts.money(row))
            ):
                lines.refuse_change(self.env)
        if "payment_method_id" in changed:
            method = self.payment_method_id.browse(vals["payment_method_id"])
            if is_card_method(method):
                lines.refuse_other_doors(self.env)
        if "pos_order_id" in changed:
            orders = self.pos_order_id | self.pos_order_id.browse(vals["pos_order_id"])
            if rows.of_orders(self.env, orders.mapped("uuid")).filtered(binds):
                lines.refuse_foreign(self.env)
        if set(changed) - {"payment_status", "uuid"} and self._sci_is_handout():
            raise UserError(
                self.env._("The cash that was handed out for a card can't be changed.")
            )

    def _sci_is_handout(self):
        """Whether this is the cash of a cash-out."""
        return self in posting.hand_outs(self.pos_order_id)

    def _sci_review_change(self, orders=None):
        """What is paid in a finished order with a card payment has changed."""
        for order in self.pos_order_id if orders is None else orders:
            if order.state in lines.FINISHED:
                reviews.raise_changed(order)

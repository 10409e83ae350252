from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _process_order(self, order, existing_order):
        """Card payments that are unresolved or paid stay, whatever a browser thinks."""
        if existing_order and order.get("payment_ids"):
            kept = existing_order._sci_kept_payments()
            order["payment_ids"] = [
                command
                for command in order["payment_ids"]
                if command[0] not in (Command.DELETE, Command.UNLINK)
                or command[1] not in kept.ids
            ]
        return super()._process_order(order, existing_order)

    def write(self, vals):
        if vals.get("state") == "cancel":
            self._check_no_card_payment()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_card_payment(self):
        self._check_no_card_payment()

    def _sci_kept_payments(self):
        rows = self.env["pos.sci.transaction"]._of_payments(
            self.payment_ids.mapped("uuid")
        )
        uuids = set(rows.mapped("payment_uuid"))
        return self.payment_ids.filtered(lambda payment: payment.uuid in uuids)

    def _check_no_card_payment(self):
        """An order whose card payment is unresolved or paid is not given up. Looks at
        the ledger, the payment line may be gone already."""
        rows = (
            self.env["pos.sci.transaction"]
            .sudo()
            .search(
                [("order_uuid", "in", [uuid for uuid in self.mapped("uuid") if uuid])]
            )
        )
        if rows.filtered(lambda row: row._unresolved or row._paid):
            raise UserError(
                self.env._(
                    "An order with a card payment that is in progress or approved "
                    "can't be cancelled."
                )
            )

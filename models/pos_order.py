from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..ledger import books, comparison, posting, rows
from ..ledger.states import binds


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _process_order(self, order, existing_order):
        """The ledger decides about card payments, whatever a browser sends: those that
        are unresolved or paid stay, what a terminal added is added once."""
        if existing_order:
            kept = existing_order._sci_kept_payments()
            order["payment_ids"] = [
                command
                for command in order.get("payment_ids") or []
                if command[0] not in (Command.DELETE, Command.UNLINK)
                or command[1] not in kept.ids
            ]
            order["lines"] = [
                command
                for command in order.get("lines") or []
                if not existing_order._sci_has_line(command)
            ]
            for name in ("payment_ids", "lines"):
                records = existing_order[name]
                order[name] = [_as_update(command, records) for command in order[name]]
        order_id = super()._process_order(order, existing_order)
        comparison.compare_orders(self.browse(order_id))
        return order_id

    def _process_payment_lines(self, pos_order, order, pos_session, draft):
        """Cash that a card payment has handed out is change already."""
        if pos_order.get("amount_return") and not draft:
            sent = pos_order["amount_return"]
            pos_order["amount_return"] = posting.change_left(order, sent)
        return super()._process_payment_lines(pos_order, order, pos_session, draft)

    def action_pos_order_paid(self):
        """Odoo compares what was paid with the total, which its own cash rounding may
        have changed after a terminal had added to it."""
        posting.restore_total(self)
        return super().action_pos_order_paid()

    def _prepare_aml_values_list_per_nature(self):
        values = super()._prepare_aml_values_list_per_nature()
        books.rebalance(self, values)
        return values

    def write(self, vals):
        if vals.get("state") == "cancel":
            self._check_no_card_payment()
        if "uuid" in vals:
            # The ledger knows an order by it.
            self.filtered(
                lambda order: order.uuid != vals["uuid"]
            )._check_no_card_payment()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_card_payment(self):
        self._check_no_card_payment()

    def _sci_kept_payments(self):
        uuids = self.payment_ids.mapped("uuid")
        kept = set(rows.binding(self.env, uuids).mapped("payment_uuid"))
        return self.payment_ids.filtered(lambda payment: payment.uuid in kept)

    def _sci_has_line(self, command):
        """Whether ``command`` creates a tip or surcharge line that another tab has
        brought already."""
        if command[0] != Command.CREATE or not command[2].get("sci_line_kind"):
            return False
        return self.lines.filtered(
            lambda line: (
                line.sci_transaction_id
                and line.sci_transaction_id.id == command[2].get("sci_transaction_id")
                and line.sci_line_kind == command[2]["sci_line_kind"]
            )
        )

    def _check_no_card_payment(self):
        """An order whose card payment is unresolved or paid is not given up. The ledger
        decides; the payment line may be gone already."""
        if rows.of_orders(self.env, self.mapped("uuid")).filtered(binds):
            raise UserError(
                self.env._(
                    "An order with a card payment that is in progress or approved "
                    "can't be cancelled."
                )
            )


def _as_update(command, records):
    """A register that missed the answer to a sync creates again what is there, known by
    its uuid: an update, or the order could be neither saved nor paid by card."""
    if command[0] != Command.CREATE:
        return command
    known = records.filtered(lambda record: record.uuid == command[2].get("uuid"))
    if not known:
        return command
    values = {k: v for k, v in command[2].items() if not _creates(v)}
    return Command.update(known.id, values)


def _creates(value):
    """Whether a field's value makes records of its own, which are there as well."""
    return isinstance(value, list | tuple) and any(
        isinstance(it, list | tuple) and it[0] == Command.CREATE for it in value
    )

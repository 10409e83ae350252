from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .pos_payment_method import MX51_SCI


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _process_order(self, order, existing_order):
        """The ledger is right about card payments, whatever a browser thinks: those
        that are unresolved or paid stay, what a terminal added is added once."""
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
                order[name] = [_once(command, records) for command in order[name]]
        order_id = super()._process_order(order, existing_order)
        self.browse(order_id)._sci_compare_with_ledger()
        return order_id

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

    def _sci_rows(self):
        uuids = [uuid for uuid in self.mapped("uuid") if uuid]
        Transaction = self.env["pos.sci.transaction"].sudo()
        return Transaction.search([("order_uuid", "in", uuids)])

    def _sci_kept_payments(self):
        rows = self.env["pos.sci.transaction"]._of_payments(
            self.payment_ids.mapped("uuid")
        )
        uuids = set(rows.mapped("payment_uuid"))
        return self.payment_ids.filtered(lambda payment: payment.uuid in uuids)

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
        """An order whose card payment is unresolved or paid is not given up. Looks at
        the ledger, the payment line may be gone already."""
        if self._sci_rows().filtered(lambda row: row._unresolved or row._paid):
            raise UserError(
                self.env._(
                    "An order with a card payment that is in progress or approved "
                    "can't be cancelled."
                )
            )

    def _sci_compare_with_ledger(self):
        """A finished order and the ledger have to say the same about every card
        payment. A difference never refuses the order, it becomes a review item."""
        for order in self.filtered(
            lambda order: order.state not in ("draft", "cancel")
        ):
            payments = order.payment_ids.filtered(
                lambda payment: (
                    payment.payment_method_id.use_payment_terminal == MX51_SCI
                    and not payment.is_change
                )
            )
            rows = order._sci_rows() | self.env["pos.sci.transaction"]._of_payments(
                payments.mapped("uuid")
            )
            order._sci_compare(payments, rows)

    def _sci_compare(self, payments, rows):
        """These card payments of an order, and these rows of the ledger."""
        paid = {row.payment_uuid: row for row in rows if row._paid}
        for payment in payments:
            self._sci_compare_payment(payment, paid.pop(payment.uuid, None))
        for row in paid.values():
            text = self.env._(
                "The bank approved %s, but it is not in the order.",
                row._format_amount(),
            )
            self.env["pos.sci.review"]._raise_item(
                "missing_payment", text, row=row, order=self
            )

    def _sci_compare_payment(self, payment, row):
        raise_item = self.env["pos.sci.review"]._raise_item
        amount = payment.currency_id.format(payment.amount)
        if not row:
            text = self.env._("A card payment of %s has no approval.", amount)
            raise_item("missing_approval", text, order=self, payment_uuid=payment.uuid)
        elif payment.currency_id.compare_amounts(
            payment.amount, row._charged() / 10**row.currency_id.decimal_places
        ):
            text = self.env._(
                "The order says %(order)s, the bank %(bank)s.",
                order=amount,
                bank=row._format_amount(),
            )
            raise_item("other_amount", text, row=row, order=self)


def _once(command, records):
    """A register that missed the answer to a sync creates again what is there: it is
    known by its uuid. Else the order could not be saved any more, nor paid by card."""
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

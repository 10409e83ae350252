from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .pos_payment_method import MX51_SCI
from .sci_arguments import the_one
from .sci_ledger import reap


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return super()._load_pos_data_models(config) + ["pos.sci.terminal"]

    def _cannot_close_session(self, *args, **kwargs):
        """Closing asks for unresolved card payments to be resolved first."""
        if self._sci_open_rows():
            return {
                "successful": False,
                "message": self._sci_open_message(),
                "redirect": False,
            }
        return super()._cannot_close_session(*args, **kwargs)

    def action_pos_session_closing_control(self, *args, **kwargs):
        for session in self:
            session._sci_check_open_rows()
        return super().action_pos_session_closing_control(*args, **kwargs)

    def _validate_session(self, *args, **kwargs):
        """All ways of closing end here."""
        self._sci_check_open_rows()
        self._sci_compare_with_ledger()
        return super()._validate_session(*args, **kwargs)

    def _sci_check_open_rows(self):
        if self._sci_open_rows():
            raise UserError(self._sci_open_message())

    def sci_unresolved(self):
        """Public views of the card payments that stand in the way of closing."""
        the_one(self).check_access("read")
        return [row._public_view() for row in self._sci_open_rows()]

    def sci_close_anyway(self, transaction_ids):
        """A manager has seen these unresolved payments: each becomes a review item and
        does not stand in the way any more. Odoo closes no session with draft orders,
        and theirs must not be cancelled: they are left for the next session.

        :return: ids of the orders that have left this session
        """
        the_one(self).check_access("write")
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(
                self.env._("Only a manager may close with card payments unresolved.")
            )
        seen = transaction_ids if isinstance(transaction_ids, list) else []
        rows = self._sci_open_rows().filtered(lambda row: row.id in seen)
        for row in rows:
            text = self.env._(
                "%(amount)s had no result when %(session)s was closed.",
                amount=row._format_amount(),
                session=self.name,
            )
            self.env["pos.sci.review"]._raise_item("open_at_close", text, row=row)
        orders = self.order_ids.filtered(
            lambda order: (
                order.state == "draft" and order.uuid in rows.mapped("order_uuid")
            )
        )
        orders.session_id = False
        return orders.ids

    def _sci_compare_with_ledger(self):
        """Once more at the end of the day, with what the bank has said since the
        orders were synced, and with payments that no order knows."""
        payments = (
            self.env["pos.payment"]
            .sudo()
            .search(
                [
                    ("session_id", "=", self.id),
                    ("payment_method_id.use_payment_terminal", "=", MX51_SCI),
                    ("is_change", "=", False),
                    ("pos_order_id.state", "not in", ["draft", "cancel"]),
                ]
            )
        )
        Transaction = self.env["pos.sci.transaction"].sudo()
        rows = Transaction._of_payments(payments.mapped("uuid"))
        by_uuid = rows.grouped("payment_uuid")
        for payment in payments:
            known = by_uuid.get(payment.uuid, Transaction)
            payment.pos_order_id._sci_compare(payment, known)
        of_session = Transaction.search([("session_id", "=", self.id)])
        unknown = of_session.filtered(lambda row: not row.pos_payment_id)
        self.env["pos.order"]._sci_compare(self.env["pos.payment"], unknown)

    def _sci_open_rows(self):
        Transaction = self.env["pos.sci.transaction"].sudo()
        rows = Transaction.search(
            Transaction._unresolved_domain()
            & Domain("config_id", "in", self.config_id.ids)
        )
        for row in rows:
            reap(row.env, row)
        return rows.filtered(
            lambda row: (
                row._unresolved and "open_at_close" not in row.review_ids.mapped("kind")
            )
        )

    def _sci_open_message(self):
        amounts = ", ".join(row._format_amount() for row in self._sci_open_rows())
        return self.env._(
            "Card payments without a result: %s. Please resolve them first, or let a "
            "manager close the register.",
            amounts,
        )

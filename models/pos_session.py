from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..ledger import amounts, comparison, rows, transitions
from ..ledger.reviews import raise_item
from ..ledger.states import UNRESOLVED
from ..ledger.view import public_view
from ..server.arguments import single


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
        comparison.compare_session(self)
        return super()._validate_session(*args, **kwargs)

    def _sci_check_open_rows(self):
        if self._sci_open_rows():
            raise UserError(self._sci_open_message())

    def sci_unresolved(self):
        """Public views of the card payments that stand in the way of closing."""
        single(self).check_access("read")
        return [public_view(row) for row in self._sci_open_rows()]

    def sci_close_anyway(self, transaction_ids):
        """A manager has seen these unresolved payments: each becomes a review item and
        does not stand in the way any more. Odoo closes no session with draft orders,
        and theirs must not be cancelled: they are left for the next session.

        :return: ids of the orders that have left this session
        """
        single(self).check_access("write")
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(
                self.env._("Only a manager may close with card payments unresolved.")
            )
        seen = transaction_ids if isinstance(transaction_ids, list) else []
        closed_over = self._sci_open_rows().filtered(lambda row: row.id in seen)
        for row in closed_over:
            text = self.env._(
                "%(amount)s had no result when %(session)s was closed.",
                amount=amounts.formatted(row),
                session=self.name,
            )
            raise_item(self.env, "open_at_close", text, row=row)
        orders = self.order_ids.filtered(
            lambda order: (
                order.state == "draft"
                and order.uuid in closed_over.mapped("order_uuid")
            )
        )
        orders.session_id = False
        return orders.ids

    def _sci_open_rows(self):
        of_registers = [("config_id", "in", self.config_id.ids)]
        found = rows.unresolved(self.env, of_registers)
        for row in found:
            transitions.expire(row.env, row)
        return found.filtered(
            lambda row: (
                UNRESOLVED.holds(row)
                and "open_at_close" not in row.review_ids.mapped("kind")
            )
        )

    def _sci_open_message(self):
        found = ", ".join(map(amounts.formatted, self._sci_open_rows()))
        return self.env._(
            "Card payments without a result: %s. Please resolve them first, or let a "
            "manager close the register.",
            found,
        )

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

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
            if session._sci_open_rows():
                raise UserError(session._sci_open_message())
        return super().action_pos_session_closing_control(*args, **kwargs)

    def sci_unresolved(self):
        """Public views of the card payments that stand in the way of closing."""
        self.ensure_one().check_access("read")
        return [row._public_view() for row in self._sci_open_rows()]

    def sci_close_anyway(self):
        """A manager has seen the list: each unresolved payment becomes a review item
        and does not stand in the way any more."""
        self.ensure_one().check_access("write")
        if not self.env.user.has_group("point_of_sale.group_pos_manager"):
            raise AccessError(
                self.env._("Only a manager may close with card payments unresolved.")
            )
        for row in self._sci_open_rows():
            text = self.env._(
                "%(amount)s had no result when %(session)s was closed.",
                amount=row._format_amount(),
                session=self.name,
            )
            self.env["pos.sci.review"]._raise_item("open_at_close", text, row=row)
        return True

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

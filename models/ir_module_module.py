from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..ledger import amounts, rows


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """The ledger is the only record of payments that have no result yet."""
        result = super().button_uninstall()
        if self.search_count(
            [("name", "=", "pos_mx51_sci"), ("state", "=", "to remove")]
        ):
            self._sci_check_all_resolved()
        return result

    def _sci_check_all_resolved(self):
        """:raises UserError: a card payment has no result yet"""
        found = rows.unresolved(self.env, Domain.TRUE)
        if found:
            raise UserError(
                self.env._(
                    "Card payments without a result: %s. Please resolve them before "
                    "you uninstall, or nobody will know whether they were charged.",
                    ", ".join(map(amounts.formatted, found)),
                )
            )

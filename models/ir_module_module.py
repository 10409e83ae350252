from odoo import models
from odoo.exceptions import UserError


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """With the ledger would go the only record of money that is on its way."""
        result = super().button_uninstall()
        if self.search_count(
            [("name", "=", "pos_mx51_sci"), ("state", "=", "to remove")]
        ):
            self._sci_check_all_resolved()
        return result

    def _sci_check_all_resolved(self):
        """:raises UserError: a card payment has no result yet"""
        Transaction = self.env["pos.sci.transaction"].sudo()
        rows = Transaction.search(Transaction._unresolved_domain())
        if rows:
            raise UserError(
                self.env._(
                    "Card payments without a result: %s. Please resolve them before "
                    "you uninstall, or nobody will know whether they were charged.",
                    ", ".join(row._format_amount() for row in rows),
                )
            )

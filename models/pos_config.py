from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    sci_terminal_id = fields.Many2one(
        "pos.sci.terminal",
        "EFTPOS terminal",
        check_company=True,
        copy=False,
        index="btree_not_null",
        help="The terminal beside this register.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "sci_terminal_id" in vals:
            for config in self.filtered("has_active_session"):
                config._notify("MX51_SCI_TERMINALS", {})
        return result

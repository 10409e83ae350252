from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # The prefix `pos_` makes Odoo write it to the register that is being edited
    pos_sci_terminal_id = fields.Many2one(
        related="pos_config_id.sci_terminal_id", readonly=False
    )

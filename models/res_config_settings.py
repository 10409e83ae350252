from odoo import fields, models

from ..server.waiting import proxy_lines


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # The prefix `pos_` makes Odoo write them to the register that is being edited
    pos_sci_terminal_id = fields.Many2one(
        related="pos_config_id.sci_terminal_id", readonly=False
    )
    pos_sci_cashout = fields.Boolean(
        related="pos_config_id.sci_cashout", readonly=False
    )
    pos_sci_moto = fields.Boolean(related="pos_config_id.sci_moto", readonly=False)
    pos_sci_free_refund = fields.Boolean(
        related="pos_config_id.sci_free_refund", readonly=False
    )
    pos_sci_override_by_managers = fields.Boolean(
        related="pos_config_id.sci_override_by_managers", readonly=False
    )
    pos_sci_close_after = fields.Integer(
        related="pos_config_id.sci_close_after", readonly=False
    )
    pos_sci_surcharge_rate = fields.Float(
        related="pos_config_id.sci_surcharge_rate", readonly=False
    )
    pos_sci_terminal_surcharge = fields.Boolean(
        related="pos_config_id.sci_terminal_surcharge", readonly=False
    )
    pos_sci_way = fields.Selection(related="pos_config_id.sci_way")
    sci_proxy_lines = fields.Text(compute="_compute_sci_proxy_lines")

    def _compute_sci_proxy_lines(self):
        self.sci_proxy_lines = proxy_lines()

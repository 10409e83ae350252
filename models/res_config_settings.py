from odoo import api, fields, models

from ..server.odoo_adapter import is_card_method
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
    sci_day_mail = fields.Boolean(related="company_id.sci_day_mail", readonly=False)
    pos_sci_terminal_surcharge = fields.Boolean(
        related="pos_config_id.sci_terminal_surcharge", readonly=False
    )
    pos_sci_way = fields.Selection(related="pos_config_id.sci_way")
    sci_proxy_lines = fields.Text(compute="_compute_sci_proxy_lines")
    sci_keeper_ids = fields.Many2many(
        related="company_id.sci_keeper_ids", readonly=False
    )
    sci_takes_cards = fields.Boolean(compute="_compute_sci_takes_cards")

    @api.depends("pos_payment_method_ids")
    def _compute_sci_takes_cards(self):
        for settings in self:
            methods = settings.pos_payment_method_ids
            settings.sci_takes_cards = any(map(is_card_method, methods))

    def _compute_sci_proxy_lines(self):
        self.sci_proxy_lines = proxy_lines()

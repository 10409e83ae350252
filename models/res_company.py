from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sci_keeper_ids = fields.Many2many(
        "res.users",
        "res_company_sci_keeper_rel",
        string="Who looks after EFTPOS",
        domain=[("share", "=", False)],
        help="They get an activity and a message when a terminal is no longer paired, "
        "or when bank and orders do not agree. Nobody: the first manager of Point of "
        "Sale.",
    )

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
    sci_day_mail = fields.Boolean(
        "Mail where EFTPOS and bank differ",
        help="Each morning, those who look after EFTPOS get a mail if a terminal's day "
        "differs from the bank's, or a payment has no result.",
    )

    def _sci_day_differences(self):
        """What the mail of the morning is about, for the template."""
        reader = self._sci_day_reader()
        return self.env["pos.sci.reconciliation"]._differing(self, reader)

    def _sci_day_reader(self):
        """Whom the mail of the morning is for; in a preview, the user."""
        reader_id = self.env.context.get("sci_reader_id", self.env.uid)
        return self.env["res.users"].browse(reader_id)

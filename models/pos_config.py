from odoo import fields, models
from odoo.orm.models import NO_ACCESS


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
    sci_cashout = fields.Boolean("Card cash-out")
    sci_moto = fields.Boolean("Mail and telephone orders by card")
    sci_free_refund = fields.Boolean(
        "Card refunds without a sale",
        help="Managers may refund to a card without naming the card payment.",
    )
    sci_override_by_managers = fields.Boolean(
        "Only managers state outcomes",
        help="When the result of a card payment cannot be had, only a manager may "
        "say whether it was successful.",
    )
    sci_close_after = fields.Integer(
        "Close the card dialog after (s)",
        help="Seconds after the result; 0 leaves it open until Done is pressed.",
    )
    sci_surcharge_rate = fields.Float(
        "Card surcharge (%)",
        digits=(5, 2),
        help="Asked of the terminal on top of each card sale; 0 asks for none. Since "
        "1 October 2026 Australian shops may not surcharge eftpos, Mastercard and "
        "Visa cards.",
    )

    sci_pin_failures = fields.Integer(copy=False, groups=NO_ACCESS)
    sci_pin_failed_at = fields.Datetime(copy=False, groups=NO_ACCESS)

    _sci_surcharge_rate_is_a_rate = models.Constraint(
        "CHECK(sci_surcharge_rate >= 0 AND sci_surcharge_rate <= 20)",
        "A card surcharge is between 0 and 20 %.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "sci_terminal_id" in vals:
            for config in self.filtered("has_active_session"):
                config._notify("MX51_SCI_TERMINALS", {})
        return result

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from .sci_way import WAYS


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
    sci_way = fields.Selection(
        WAYS, "Waiting for card payments", readonly=True, copy=False
    )

    sci_pin_failures = fields.Integer(copy=False, groups=NO_ACCESS)
    sci_pin_failed_at = fields.Datetime(copy=False, groups=NO_ACCESS)

    _sci_surcharge_rate_is_a_rate = models.Constraint(
        "CHECK(sci_surcharge_rate >= 0 AND sci_surcharge_rate <= 20)",
        "A card surcharge is between 0 and 20 %.",
    )

    def _get_special_products(self):
        return super()._get_special_products() | self._sci_surcharge_product()

    def _sci_surcharge_product(self):
        return (
            self.env.ref("pos_mx51_sci.product_surcharge", raise_if_not_found=False)
            or self.env["product.product"]
        )

    @api.model
    def _load_pos_data_read(self, records, config):
        """Which of the special products stand for what a terminal adds to a sale."""
        read = super()._load_pos_data_read(records, config)
        tip = self.env.ref("point_of_sale.product_product_tip", False)
        surcharge = self._sci_surcharge_product()
        for values in read:
            values["_sci_product_ids"] = {
                "tip": tip.id if tip else False,
                "surcharge": surcharge.id,
            }
        return read

    def write(self, vals):
        result = super().write(vals)
        if "sci_terminal_id" in vals:
            for config in self.filtered("has_active_session"):
                config._notify("MX51_SCI_TERMINALS", {})
        return result

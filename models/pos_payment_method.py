from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..ledger import terminals
from ..server.odoo_adapter import MX51_SCI, TERMINAL_FIELD, is_card_method


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    sci_terminal_ids = fields.Many2many(
        "pos.sci.terminal",
        "pos_payment_method_pos_sci_terminal_rel",
        "payment_method_id",
        "terminal_id",
        string="EFTPOS terminals",
        check_company=True,
        copy=False,
        help="Terminals this method may use. A register uses its own terminal. If it "
        "has none, and there are several here, the cashier chooses.",
    )

    def _get_payment_terminal_selection(self):
        return super()._get_payment_terminal_selection() + [
            (MX51_SCI, "Simple Cloud Integration")
        ]

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["sci_terminal_ids"]

    @api.model
    def _load_pos_self_data_fields(self, config):
        """A kiosk has nothing to do with terminals."""
        names = super()._load_pos_self_data_fields(config)
        return [name for name in names if name != "sci_terminal_ids"]

    def _is_write_forbidden(self, fields):
        """Terminals may change while a session is open: the registers are told."""
        return super()._is_write_forbidden(fields - {"sci_terminal_ids"})

    @api.constrains("sci_terminal_ids", "company_id")
    def _sci_check_company_of_terminals(self):
        """Odoo checks ``check_company`` of this model's fields nowhere."""
        for method in self.sudo():
            company = method.company_id
            strangers = method.sci_terminal_ids.filtered(
                lambda terminal, own=company: own not in terminal.company_id.parent_ids
            )
            if company and strangers:
                raise ValidationError(
                    self.env._(
                        "%(terminals)s: of another company than %(method)s.",
                        terminals=", ".join(strangers.mapped("name")),
                        method=method.name,
                    )
                )

    def write(self, vals):
        if "sci_terminal_ids" not in vals:
            return super().write(vals)
        before = self.sci_terminal_ids
        result = super().write(vals)
        terminals.notify_registers(before | self.sci_terminal_ids)
        return result

    @api.onchange(TERMINAL_FIELD)
    def _onchange_use_payment_terminal(self):
        if not is_card_method(self):
            self.sci_terminal_ids = False
        return super()._onchange_use_payment_terminal()

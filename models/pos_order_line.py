from odoo import api, fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    sci_transaction_id = fields.Many2one(
        "pos.sci.transaction",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The card transaction that added this line.",
    )
    sci_line_kind = fields.Selection(
        [("tip", "Tip"), ("surcharge", "Surcharge")], readonly=True, copy=False
    )

    _sci_once = models.UniqueIndex(
        "(sci_transaction_id, sci_line_kind) WHERE sci_transaction_id IS NOT NULL"
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "sci_transaction_id",
            "sci_line_kind",
        ]

from odoo import api, fields, models

from ..server.arguments import is_id


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

    @api.model_create_multi
    def create(self, vals_list):
        """A line belongs to a card transaction of its own order, whatever a browser
        or its context says; else it would stand in the way of the rightful one."""
        unlinked = [{**vals, "sci_transaction_id": False} for vals in vals_list]
        lines = super().create(unlinked)
        for line, vals in zip(lines, vals_list, strict=True):
            if line._sci_is_ours(vals.get("sci_transaction_id")):
                link = {"sci_transaction_id": vals["sci_transaction_id"]}
                # pylint: disable=super-method-mismatch
                super(PosOrderLine, line).write(link)
        return lines

    def write(self, vals):
        return super().write(
            {k: v for k, v in vals.items() if k != "sci_transaction_id"}
        )

    # No RPC reaches these, and no guard of this class stands in their way: for what the
    # ledger itself writes into an order.
    # pylint: disable=super-method-mismatch

    def _sci_create(self, vals):
        return super().create([vals])

    def _sci_write(self, vals):
        return super().write(vals)

    def _sci_is_ours(self, transaction_id):
        if not is_id(transaction_id):
            return False
        transaction = self.env["pos.sci.transaction"].sudo().browse(transaction_id)
        return transaction.exists().order_uuid == self.order_id.uuid

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "sci_transaction_id",
            "sci_line_kind",
        ]

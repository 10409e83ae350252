from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger import lines, reviews

#: Which transaction has added a line; written by the ledger alone.
_OF_LEDGER = ("sci_transaction_id", "sci_line_kind")


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
        """Only the ledger says which lines a terminal has added."""
        # Set, not left out: a context may have defaults for them.
        nothing = dict.fromkeys(_OF_LEDGER, False)
        created = super().create([{**vals, **nothing} for vals in vals_list])
        created._sci_review_change()
        return created

    def write(self, vals):
        vals = {name: vals[name] for name in vals if name not in _OF_LEDGER}
        changed = self.filtered(
            lambda line: any(
                lines.differs(line, name, vals[name])
                for name in lines.OF_LINE
                if name in vals
            )
        )
        changed._sci_check_not_added_by_terminal()
        changed._sci_review_change()
        result = super().write(vals)
        changed._sci_review_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_added_by_terminal(self):
        orders = self.order_id
        dropped = orders.filtered(
            lambda order: order.state == "cancel" and order._sci_nets_to_zero()
        )
        standing = self.filtered(lambda line: line.order_id not in dropped)
        standing._sci_check_not_added_by_terminal()

    # No RPC reaches these, and no guard of this class stands in their way: for what the
    # ledger itself writes into an order.
    # pylint: disable=super-method-mismatch

    def _sci_create(self, vals):
        return super().create([vals])

    def _sci_write(self, vals):
        return super().write(vals)

    def _sci_check_not_added_by_terminal(self):
        if self.filtered("sci_transaction_id"):
            raise UserError(
                self.env._("The terminal has charged this amount; it can't be changed.")
            )

    def _sci_review_change(self):
        """What a finished order with a card payment contains has changed."""
        for order in self.order_id:
            if order.state in lines.FINISHED:
                reviews.raise_changed(order)

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "sci_transaction_id",
            "sci_line_kind",
        ]

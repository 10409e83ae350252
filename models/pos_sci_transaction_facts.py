from odoo import api, fields, models
from odoo.fields import Domain

from ..ledger import figures, rows, story
from ..ledger.states import PAID, UNRESOLVED
from ..server.arguments import single
from ..server.odoo_adapter import open_at_register


class PosSciTransactionFacts(models.AbstractModel):
    """What people read of a ledger row: derived from it, and never asked by the ledger
    itself."""

    _name = "pos.sci.transaction.facts"
    _description = "What people read of an EFTPOS transaction"

    result = fields.Selection(
        [
            ("running", "In progress"),
            ("unknown", "No result yet"),
            ("approved", "Approved"),
            ("by_hand", "Paid (by hand)"),
            ("not_by_hand", "Not paid (by hand)"),
            ("declined", "Declined"),
            ("cancelled", "Cancelled"),
            ("not_sent", "Not sent"),
        ],
        readonly=True,
        index=True,
    )
    response_code = fields.Char(
        readonly=True, help="As the terminal's final message begins."
    )
    paid_amount = fields.Monetary(
        "Paid",
        readonly=True,
        help="What the bank charged, or what was asked for where a person has stated "
        "that it was paid; a refund is negative.",
    )
    tip_amount = fields.Monetary("Tip", readonly=True)
    surcharge_amount = fields.Monetary("Surcharge", readonly=True)
    cashout_amount = fields.Monetary("Cash-out", readonly=True)
    cashier = fields.Char(readonly=True, help="Who had the order at the register.")
    settlement_id = fields.Many2one(
        "pos.sci.settlement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The settlement that closed the bank's day of this payment.",
    )
    currency_id = fields.Many2one("res.currency")

    needs_review = fields.Boolean(
        "To review", compute="_compute_needs_review", search="_search_needs_review"
    )
    is_unresolved = fields.Boolean(
        compute="_compute_is_unresolved", search="_search_is_unresolved"
    )
    pos_order_id = fields.Many2one("pos.order", compute="_compute_pos_links")
    order_name = fields.Char("Order", compute="_compute_pos_links")
    pos_payment_id = fields.Many2one("pos.payment", compute="_compute_pos_links")

    said = fields.Char(
        "Text",
        compute="_compute_said",
        help="What the terminal said last, or why nothing was sent to it.",
    )
    summary = fields.Char(compute="_compute_story")
    timeline = fields.Text(compute="_compute_story")
    can_refund = fields.Boolean(compute="_compute_can_refund")

    @api.depends("status", "financial_status", "override_outcome", "given_up")
    def _compute_is_unresolved(self):
        for row in self:
            row.is_unresolved = UNRESOLVED.holds(row)

    def _search_is_unresolved(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = UNRESOLVED.domain
        return domain if True in value else ~domain

    @api.depends("review_ids.state")
    def _compute_needs_review(self):
        for row in self:
            row.needs_review = "open" in row.review_ids.mapped("state")

    def _search_needs_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("review_ids", "any", [("state", "=", "open")])
        return domain if True in value else ~domain

    @api.depends("order_uuid", "payment_uuid")
    def _compute_pos_links(self):
        orders = self.env["pos.order"].search(
            [("uuid", "in", self.mapped("order_uuid"))]
        )
        payments = self.env["pos.payment"].search(
            [("uuid", "in", self.mapped("payment_uuid"))]
        )
        order_by_uuid = {order.uuid: order for order in orders}
        payment_by_uuid = {payment.uuid: payment for payment in payments}
        for row in self:
            order = order_by_uuid.get(row.order_uuid)
            row.pos_order_id = order
            row.order_name = order and rows.number_of(order)
            row.pos_payment_id = payment_by_uuid.get(row.payment_uuid)

    @api.depends("message", "error_message")
    def _compute_said(self):
        for row in self:
            row.said = row.message or row.error_message

    def _compute_story(self):
        for row in self:
            row.summary = story.sentence(row)
            row.timeline = "\n".join(
                f"{moment}  {what}" for moment, what in story.timeline(row)
            )

    @api.depends("result", "kind")
    def _compute_can_refund(self):
        for row in self:
            order = row.pos_order_id
            is_sold = order.state not in (False, "draft", "cancel")
            row.can_refund = is_sold and row.kind != "refund" and PAID.holds(row)

    def action_open_order(self):
        """Open the order at its register: to finish it, or to refund it."""
        return open_at_register(single(self).pos_order_id)

    def action_print(self):
        """The receipts as a page to print."""
        report = self.env.ref("pos_mx51_sci.action_report_sci_receipts")
        return report.report_action(single(self))

    def action_email(self):
        """Ask where the customer's receipt is to be sent."""
        row = single(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the receipt"),
            "res_model": "pos.sci.receipt.mail",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_transaction_id": row.id,
                "default_email": row.pos_order_id.partner_id.email or False,
            },
        }

    def _fill_in_figures(self):
        figures.fill_in(self.env)

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .sci_arguments import the_one


class PosSciReview(models.Model):
    """Something about money that a manager has to look at.

    Raised where the ledger, the bank and the orders do not say the same; never
    refuses or changes anything by itself.
    """

    _name = "pos.sci.review"
    _description = "EFTPOS review item"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, id desc"
    _rec_name = "text"

    kind = fields.Selection(
        [
            ("contradicted", "The bank contradicts a person's word"),
            ("unverified", "A person's word that the bank cannot confirm"),
            ("day_without_answer", "No final answer within 24 hours"),
            ("other_amount", "Another amount than asked for"),
            ("missing_payment", "Charged, but not in the order"),
            ("missing_approval", "In the order, but not approved"),
            ("open_at_close", "No result when the register was closed"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To review"), ("done", "Reviewed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    transaction_id = fields.Many2one(
        "pos.sci.transaction", readonly=True, index=True, ondelete="restrict"
    )
    payment_uuid = fields.Char(readonly=True)
    pos_order_id = fields.Many2one(
        "pos.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    word = fields.Selection(related="transaction_id.override_outcome")
    word_user_id = fields.Many2one(related="transaction_id.override_user_id")
    word_employee = fields.Char(related="transaction_id.override_employee")
    word_reason = fields.Char(related="transaction_id.override_reason")
    bank_outcome = fields.Selection(related="transaction_id.financial_status")
    bank_message = fields.Char(related="transaction_id.message")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    note = fields.Text(help="What was found and done.")
    reviewed_by_id = fields.Many2one("res.users", readonly=True)
    reviewed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(kind, payment_uuid, coalesce(transaction_id, 0))")

    def write(self, vals):
        if not self.env.su and set(vals) - {"note"}:
            raise AccessError(self.env._("Only the note of a review can be written."))
        return super().write(vals)

    def action_done(self):
        """A manager has looked; the note says what was found."""
        the_one(self).check_access("write")
        if not (self.note or "").strip():
            raise UserError(self.env._("Please note what you found."))
        self.sudo().write(
            {
                "state": "done",
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
            }
        )
        self.sudo().activity_feedback(
            ["mail.mail_activity_data_todo"], feedback=self.note
        )

    @api.model
    def _raise_item(self, kind, text, *, row=None, order=None, payment_uuid=None):
        """Raise a review item once, with an activity for a manager.

        :param row: the ledger's row it is about
        :param order: the order it is about; that of the row by default
        """
        # The context may come from a browser: no defaults, no muted activities.
        # pylint: disable=context-overridden
        Review = self.sudo().with_context({"lang": self.env.lang})
        row = row or self.env["pos.sci.transaction"]
        order = order or row.sudo().pos_order_id
        payment_uuid = payment_uuid or row.payment_uuid
        known = Review.search(
            [
                ("kind", "=", kind),
                ("payment_uuid", "=", payment_uuid),
                ("transaction_id", "=", row.id),
            ]
        )
        if known:
            return known
        company = row.company_id or order.company_id
        values = {
            "kind": kind,
            "text": text,
            "transaction_id": row.id,
            "payment_uuid": payment_uuid,
            "pos_order_id": order.id,
            "company_id": company.id,
        }
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                item = Review.create(values)
        except UniqueViolation:
            return Review  # raised at the same time; no order is refused for that
        manager = self._manager(row, company)
        if manager:
            item.activity_schedule(
                "mail.mail_activity_data_todo", summary=text, user_id=manager.id
            )
        return item

    @api.model
    def _manager(self, row, company):
        """Who is asked: whoever set the terminal up, else any manager."""
        managers = (
            self.env.ref("point_of_sale.group_pos_manager").sudo().all_user_ids
        ).filtered(lambda user: company in user.company_ids and not user.share)
        return (managers & row.terminal_id.create_uid) or managers[:1]

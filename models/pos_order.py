from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..ledger import books, comparison, lines, posting, reviews, rows, sync
from ..ledger.states import UNRESOLVED, binds
from ..modules import hooks, loyalty, online, sales
from ..server.arguments import single
from ..server.odoo_adapter import NO_ACCESS, is_card_method


class PosOrder(models.Model):
    """The ledger decides about card payments, whatever door of Odoo an order is changed
    through (``docs/ledger.md`` invariant 16)."""

    _inherit = "pos.order"

    #: See ``modules/loyalty.py``.
    sci_coupons = fields.Json(copy=False, groups=NO_ACCESS)

    _sci_coupons_open = models.Index(f"(id) WHERE {loyalty.OPEN}")

    def _register_hook(self):
        super()._register_hook()
        hooks.extend(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        """An order with card lines starts as a draft: whoever finishes it is looked at
        then. One that is finished at once has to agree with the ledger."""
        # Pages of ``pos_self_order`` create what anybody sends, with all rights.
        nothing = {"sci_coupons": False} if self.env.su else {}
        orders = super().create(
            [{**self._sci_as_draft(vals), **nothing} for vals in vals_list]
        )
        finished = orders.filtered(lambda order: order.state in lines.FINISHED)
        comparison.compare_orders(finished)
        return orders

    def _prepare_aml_values_list_per_nature(self):
        values = super()._prepare_aml_values_list_per_nature()
        books.rebalance(self, values)
        return values

    def write(self, vals):
        vals = dict(vals)
        if self.env.su:
            vals.pop("sci_coupons", None)
        self._sci_check_write(vals)
        if "payment_ids" in vals:
            commands = sync.without_repetition(self, vals.pop("payment_ids"))
            if commands:
                vals["payment_ids"] = commands
        is_finishing = vals.get("state") in lines.FINISHED
        finished = self.filtered(
            lambda order: is_finishing and order.state not in lines.FINISHED
        )
        finished._sci_check_finishing()
        taxed_anew = self.filtered(
            lambda order: (
                order.state in lines.FINISHED
                and order._sci_changes_tax(vals, order.lines)
            )
        )
        result = super().write(vals)
        for order in taxed_anew:
            reviews.raise_changed(order)
        comparison.compare_orders(finished)
        if vals.get("state") == "cancel":
            sales.release(self)
        return result

    def _sci_write(self, vals):
        # For what the ledger itself keeps of an order: no RPC reaches it.
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_card_payment(self):
        self._check_no_card_payment()

    def sci_keep_coupons(self, data):
        """A register says what an order issues and takes of ``pos_loyalty``'s cards,
        before a card payment of it starts.

        :return: as ``validate_coupon_programs``: ``{successful, payload}``
        """
        order = single(self)
        order.check_access("write")
        return loyalty.keep(order, data)

    def _sci_refusal(self):
        """Why a module that need not be installed lets no card be charged for this
        order: ``(code, sentence)``, or ``None``."""
        return loyalty.refusal_of(self)

    # -- a register's sync -----------------------------------------------------------

    def _process_order(self, order, existing_order):
        existing_order = sync.foreign_order(self, order, existing_order)
        if existing_order:
            if existing_order.state != "draft":
                return existing_order.id
            order["payment_ids"] = sync.payment_commands(
                existing_order, order.get("payment_ids")
            )
            order["lines"] = sync.line_commands(existing_order, order.get("lines"))
            online.forget_asked(order)
            if existing_order._sci_would_be_taxed_anew(order):
                del order["fiscal_position_id"]
        order_id = super()._process_order(order, existing_order)
        if existing_order and existing_order.state in lines.FINISHED:
            # ``pos_event`` cannot count seats while registrations wait for their state.
            self.env.flush_all()
        return order_id

    def _process_payment_lines(self, pos_order, order, pos_session, draft):
        """Cash that a card payment has handed out is change already."""
        if not draft:
            change = pos_order.get("amount_return") or 0
            if change:
                change = pos_order["amount_return"] = posting.change_left(order, change)
            order._sci_believe_register(change)
        return super()._process_payment_lines(pos_order, order, pos_session, draft)

    def _sci_believe_register(self, change):
        """A register has finished this order with a card line that the ledger has never
        heard of: the customer is gone with the goods. It counts, and a review says so.

        :param change: negative for cash that goes out
        """
        lines.follow(self.payment_ids)
        paid = abs(self._compute_amount_paid() + change)
        step = self.config_id.cash_rounding and self.config_id.rounding_method.rounding
        if paid + (step or 0) < abs(self.amount_total):
            known = rows.of_payments(self.env, self.payment_ids.mapped("uuid"))
            unheard = lines.card_lines(self.payment_ids).filtered(
                lambda payment: payment.uuid not in known.mapped("payment_uuid")
            )
            unheard._sci_write({"payment_status": "done"})

    # -- what was paid ---------------------------------------------------------------

    def _compute_amount_paid(self):
        if not lines.card_lines(self.payment_ids):
            return super()._compute_amount_paid()
        return sum(lines.counted(self.payment_ids).values())

    def _compute_prices(self):
        result = super()._compute_prices()
        for order in self:
            if lines.card_lines(order.payment_ids):
                counted = lines.counted(order.payment_ids).values()
                order.amount_paid = sum(counted)
                order.amount_return = -sum(min(amount, 0) for amount in counted)
                order.amount_difference = order.amount_paid - order.amount_total
        return result

    def add_payment(self, data):
        """Odoo's wizard and other providers pay here."""
        if data.get("pos_order_id", self.id) != self.id:
            lines.refuse_foreign(self.env)
        method = self.env["pos.payment.method"].browse(data.get("payment_method_id"))
        if is_card_method(method):
            lines.refuse_other_doors(self.env)
        if not data.get("is_change") and not online.has_to_wait(self):
            lines.check_nothing_unresolved(self)
        return super().add_payment(data)

    # -- finishing -------------------------------------------------------------------

    def _process_saved_order(self, draft):
        return super()._process_saved_order(draft or online.has_to_wait(self))

    def action_pos_order_paid(self):
        """Card lines that were declined, or have not left, go when the order is paid
        without them."""
        lines.check_nothing_unresolved(self)
        cards = lines.card_lines(self.payment_ids)
        if cards and self.state == "draft":
            lines.follow(cards)
            bound = lines.binding_rows(cards)
            claimed = lines.claims(cards)
            cards.filtered(
                lambda payment: payment.uuid not in bound and payment not in claimed
            ).unlink()
            self.amount_paid = self._compute_amount_paid()
        # Odoo's own cash rounding may have changed the total that a terminal added to.
        posting.restore_total(self)
        if lines.card_lines(self.payment_ids) and self.amount_total:
            # Which way an invoice goes. Odoo's screens say it of what names a sale,
            # whatever is sold with it.
            self.is_refund = self.amount_total < 0
        return super().action_pos_order_paid()

    def _generate_pos_order_invoice(self):
        unfinished = self.filtered(lambda order: order.state not in lines.FINISHED)
        if lines.card_lines(unfinished.payment_ids):
            raise UserError(
                self.env._("An order is invoiced once it is paid; this one is not.")
            )
        return super()._generate_pos_order_invoice()

    def _sci_check_finishing(self):
        lines.check_nothing_unresolved(self)
        cards = lines.card_lines(self.payment_ids)
        bound = lines.binding_rows(cards)
        for payment in cards - lines.claims(cards):
            if payment.uuid not in bound:
                raise UserError(
                    self.env._(
                        "The card payment of %s was not approved.",
                        payment.currency_id.format(payment.amount),
                    )
                )

    # -- what stays ------------------------------------------------------------------

    def _sci_as_draft(self, vals):
        if vals.get("state") not in lines.FINISHED:
            return vals
        methods = self.env["pos.payment.method"].browse(
            command[2].get("payment_method_id")
            for command in vals.get("payment_ids") or []
            if command[0] == Command.CREATE
        )
        return {**vals, "state": "draft"} if any(map(is_card_method, methods)) else vals

    def _sci_check_write(self, vals):
        if vals.get("state") == "cancel":
            self._check_no_card_payment()
        if "uuid" in vals:
            # The ledger knows an order by it.
            self.filtered(lambda order: order.uuid != vals["uuid"])._sci_check_free()
        for order in self:
            moved = {
                name
                for name in ("session_id", "config_id", "company_id")
                if name in vals and lines.differs(order, name, vals[name])
            }
            if moved and not order._sci_may_move(moved, vals):
                order._sci_check_free()
            if order._sci_would_be_taxed_anew(vals):
                order.lines._sci_check_not_added_by_terminal()

    def _sci_may_move(self, names, vals):
        """A draft may go to an open session of its company, or to none."""
        if self.state in lines.FINISHED or "company_id" in names:
            return False
        session = self.env["pos.session"].browse(vals.get("session_id") or [])
        config = self.env["pos.config"].browse(vals.get("config_id") or [])
        companies = session.config_id.company_id | config.company_id
        return companies <= self.company_id and session.state != "closed"

    def _sci_would_be_taxed_anew(self, vals):
        """Whether another fiscal position would change what a terminal has charged."""
        added = self.lines.filtered("sci_transaction_id")
        return self.state not in lines.FINISHED and self._sci_changes_tax(vals, added)

    def _sci_changes_tax(self, vals, of_lines):
        """Whether another fiscal position taxes these lines in another way."""
        if "fiscal_position_id" not in vals:
            return False
        if not lines.differs(self, "fiscal_position_id", vals["fiscal_position_id"]):
            return False
        position = self.fiscal_position_id.browse(vals["fiscal_position_id"] or [])
        return any(
            position.map_tax(line.tax_ids) != line.tax_ids_after_fiscal_position
            for line in of_lines
        )

    def _sci_nets_to_zero(self):
        """Whether card money went in and back out again, all of it."""
        found = rows.of_orders(self.env, [self.uuid])
        return not found.filtered(UNRESOLVED.holds) and not lines.net(found)

    def _sci_is_bound(self):
        """The ledger decides; the payment line may be gone already."""
        return bool(rows.of_orders(self.env, self.mapped("uuid")).filtered(binds))

    def _sci_check_free(self):
        if self._sci_is_bound():
            raise UserError(
                self.env._(
                    "An order with a card payment that is in progress or approved "
                    "stays where it is."
                )
            )

    def _check_no_card_payment(self):
        """An order whose card payment is unresolved or paid is not given up, unless all
        that was paid has gone back."""
        kept = self.filtered(lambda order: not order._sci_nets_to_zero())
        if kept._sci_is_bound():
            raise UserError(
                self.env._(
                    "An order with a card payment that is in progress or approved "
                    "can't be cancelled."
                )
            )

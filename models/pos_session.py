import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger import amounts, closing, comparison, lines, override, rows, transitions
from ..ledger.reviews import raise_item
from ..ledger.settlement import KINDS
from ..ledger.states import UNRESOLVED
from ..ledger.view import public_view
from ..pairing import watch
from ..server.arguments import accessible, single
from ..server.odoo_adapter import card_methods

_logger = logging.getLogger(__name__)


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return super()._load_pos_data_models(config) + ["pos.sci.terminal"]

    @api.model
    def _load_pos_data_relations(self, model, fields):
        """A browser sends each field of an order that it knows."""
        relations = super()._load_pos_data_relations(model, fields)
        if model == "pos.order":
            relations.pop("sci_coupons", None)
        return relations

    def _set_opening_control_data(self, *args, **kwargs):
        """Opening waits for no pairing check: the scheduled action does it at once."""
        result = super()._set_opening_control_data(*args, **kwargs)
        if card_methods(self.config_id):
            watch.soon(self.env)
        return result

    def _cannot_close_session(self, *args, **kwargs):
        """Closing asks for unresolved card payments to be resolved first, and for
        orders with card money to be finished, or the money to be given back.

        :return: Odoo's answer; with ``sci_orders``, the orders that stand in the way:
            ``[{id, uuid, name, amount}]``, the amount as text
        """
        reason = self._sci_in_the_way()
        if reason:
            return {
                "successful": False,
                "message": reason,
                "redirect": False,
                "sci_orders": self._sci_unfinished_orders(),
            }
        return super()._cannot_close_session(*args, **kwargs)

    def action_pos_session_closing_control(self, *args, **kwargs):
        for session in self:
            session._sci_check_nothing_in_the_way()
        return super().action_pos_session_closing_control(*args, **kwargs)

    def _validate_session(self, *args, **kwargs):
        """All ways of closing end here."""
        self._sci_check_nothing_in_the_way()
        comparison.compare_session(self)
        return super()._validate_session(*args, **kwargs)

    def write(self, vals):
        if vals.get("state") == "closed":
            for session in self.filtered(lambda session: session.state != "closed"):
                session._sci_check_nothing_in_the_way()
                session._sci_check_in_books()
        return super().write(vals)

    def _sci_check_nothing_in_the_way(self):
        reason = self._sci_in_the_way()
        if reason:
            raise UserError(reason)

    def _sci_check_in_books(self):
        """Closing makes entries of what the cards have paid before it closes."""
        left = self.order_ids.filtered(lambda order: order.state == "paid")
        if not self.move_id and lines.paid_rows(left):
            raise UserError(
                self.env._(
                    "The card payments of this session are not in the books yet."
                )
            )

    def _sci_in_the_way(self):
        """Why this session can't be closed yet, for people."""
        if self._sci_open_rows():
            return self._sci_open_message()
        orders = self._sci_unfinished_orders()
        if orders:
            return self.env._(
                "Paid by card, but not finished: %s. Please finish these orders, or "
                "give the money back, or let a manager close the register.",
                ", ".join(f"{order['name']} ({order['amount']})" for order in orders),
            )
        return ""

    def _sci_unfinished_orders(self):
        return [
            {
                "id": order.id,
                "uuid": order.uuid,
                "name": rows.number_of(order),
                "amount": ", ".join(map(amounts.formatted, lines.paid_rows(order))),
            }
            for order in self._sci_unfinished()
        ]

    def sci_unresolved(self):
        """Public views of the card payments that stand in the way of closing."""
        single(self).check_access("read")
        moment = fields.Datetime.to_string
        return [
            {
                **public_view(row, rows.order_of(row)),
                "since": moment(row.sent_at or row.create_date),
            }
            for row in self._sci_open_rows()
        ]

    # -- the end of the day --------------------------------------------------------

    def sci_day(self):
        """What this session's terminals have taken, and what the bank says; see
        :func:`~..ledger.closing.view`."""
        single(self).check_access("read")
        return closing.view(self)

    def sci_payments(self):
        """The session's last card payments, the newest first; see
        :func:`~..ledger.closing.payments`."""
        single(self).check_access("read")
        return closing.payments(self)

    def sci_day_rows(self, terminal_id, scope, name):
        """The payments behind a number of :meth:`sci_day`."""
        single(self).check_access("read")
        return closing.rows_behind(self, terminal_id, scope, name)

    def sci_settle(self, terminal_id, kind, date=None, employee_id=None, pin=None):
        """Settle a terminal, which managers may, or ask for its totals.

        :param kind: ``settlement`` or ``enquiry``
        :param date: the earlier day that an enquiry is about: ``2026-11-25``
        :param employee_id: the manager, where ``pos_hr`` is used
        :param pin: that employee's PIN
        :return: id of the ``pos.sci.settlement``; :meth:`sci_settlement` shows it
        :raises UserError: nothing was sent, for this reason
        """
        single(self).check_access("read")
        terminal = accessible(self.env, "pos.sci.terminal", terminal_id, "company_id")
        if kind not in KINDS:
            raise UserError(self.env._("This can only be settled or asked about."))
        if terminal.company_id != self.company_id:
            raise UserError(self.env._("This terminal belongs to another company."))
        if kind == "settlement":
            text = self.env._("Only a manager may settle.")
            who = override.identify(self.env, self.config_id, text, employee_id, pin)
            _logger.info(
                "Terminal %s is settled in session %s (%s)", terminal.id, self.id, who
            )
        asked = self.env["pos.sci.settlement"].sudo()._day(kind, date)
        return self.env["pos.sci.settlement"]._start(terminal, kind, asked, self).id

    def sci_settlement(self, settlement_id):
        """A settlement or an enquiry of this company; polls once more if it has not
        ended."""
        single(self).check_access("read")
        Settlement = self.env["pos.sci.settlement"].sudo()
        return Settlement._looked_at(settlement_id, self.company_id.id)

    def sci_close_anyway(
        self, transaction_ids, order_uuids=(), employee_id=None, pin=None
    ):
        """A manager has seen these unresolved payments, and these orders that cards
        have paid in part: each becomes a review item and does not stand in the way any
        more. Odoo closes no session with draft orders, and theirs must not be
        cancelled: they are left for the next session.

        :param employee_id: the manager, where ``pos_hr`` is used
        :param pin: that employee's PIN
        :return: ids of the orders that have left this session
        """
        single(self).check_access("write")
        text = self.env._("Only a manager may close with card payments unresolved.")
        who = override.identify(self.env, self.config_id, text, employee_id, pin)
        seen = transaction_ids if isinstance(transaction_ids, list) else []
        closed_over = self._sci_open_rows().filtered(lambda row: row.id in seen)
        for row in closed_over:
            text = self.env._(
                "%(amount)s had no result when %(session)s was closed.",
                amount=amounts.formatted(row),
                session=self.name,
            )
            raise_item(self.env, "open_at_close", text, row=row)
        orders = self.order_ids.filtered(
            lambda order: (
                order.state == "draft"
                and order.uuid in closed_over.mapped("order_uuid")
            )
        )
        chosen = order_uuids if isinstance(order_uuids, list) else []
        unfinished = self._sci_unfinished().filtered(lambda it: it.uuid in chosen)
        if closed_over or unfinished:
            _logger.info("Session %s closes without its payments (%s)", self.id, who)
        for row in lines.paid_rows(unfinished):
            text = self.env._(
                "%(amount)s was paid, but its order was not finished when %(session)s "
                "was closed.",
                amount=amounts.formatted(row),
                session=self.name,
            )
            raise_item(self.env, "open_at_close", text, row=row)
        orders |= unfinished
        orders.session_id = False
        return orders.ids

    def _sci_unfinished(self):
        """Draft orders that hold card money of this session, also those for another
        day, which Odoo does not look at. One that a manager has left for the next
        session is not this session's any more."""
        of_session = [("session_id", "in", self.ids)]
        taken = self.env["pos.sci.transaction"].sudo().search(of_session)
        uuids = self.order_ids.mapped("uuid") + taken.mapped("order_uuid")
        drafts = [("uuid", "in", uuids), ("state", "=", "draft")]
        return self.env["pos.order"].search(drafts).filtered(self._sci_has_to_finish)

    def _sci_has_to_finish(self, order):
        paid = lines.paid_rows(order)
        if not lines.net(paid):
            return False
        if order.session_id.state in (False, "closed"):
            return any(
                "open_at_close" not in row.review_ids.mapped("kind") for row in paid
            )
        return order.session_id in self

    def _sci_open_rows(self):
        of_registers = [("config_id", "in", self.config_id.ids)]
        found = rows.unresolved(self.env, of_registers)
        for row in found:
            transitions.expire(row.env, row)
        return found.filtered(
            lambda row: (
                UNRESOLVED.holds(row)
                and "open_at_close" not in row.review_ids.mapped("kind")
            )
        )

    def _sci_open_message(self):
        found = ", ".join(map(amounts.formatted, self._sci_open_rows()))
        return self.env._(
            "Card payments without a result: %s. Please resolve them first, or let a "
            "manager close the register.",
            found,
        )

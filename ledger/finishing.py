"""Finishing: an order that nothing is due of any more is marked paid by the server,
whether or not a browser is there (``docs/ledger.md`` "Finishing")."""

import logging

from odoo.tools import SQL

from ..sci.currency import exponent_of
from ..server.odoo_adapter import announce_paid, is_card_method
from ..server.short_transactions import CONFLICTS
from . import amounts, customers, dues, lines, posting, pricing, rows
from .reviews import raise_item
from .states import PAID, UNRESOLVED

_logger = logging.getLogger(__name__)

#: Seconds after the last answer until the sweep finishes what could not be finished
#: before: a cashier may be about to validate it.
LEFT_TO_REGISTER = 20

_UNFINISHED = f"""
SELECT pos_order.company_id, pos_order.id
  FROM pos_order JOIN pos_sci_transaction entry ON entry.order_uuid = pos_order.uuid
 WHERE pos_order.state = 'draft'
 GROUP BY pos_order.id
HAVING (bool_or({PAID.sql}) OR %s) AND NOT bool_or({UNRESOLVED.sql})
   AND max(greatest(followed_at, override_at)) < %s
"""


def unfinished(env):
    """Draft orders that a card has paid, or a phone while a card was asked for, and
    that no register follows: ``[(company id, id)]``."""
    env.flush_all()
    left = rows.ago(LEFT_TO_REGISTER)
    env.cr.execute(SQL(_UNFINISHED, lines.has_online(env), left))
    return env.cr.fetchall()


def is_paid_online(env, order_id):
    """Whether a phone has paid what a draft owed: nobody validates it after that."""
    order = env["pos.order"].sudo().browse(order_id)
    return bool(lines.online(order.payment_ids)) and _due(order) <= 0


def finish(env, order_id):
    """Post what is still due, and mark the order paid if nothing is due and nothing
    stands in the way; else raise a review item, unless the customer has yet to pay.
    The work of one short transaction. Orders that no card and no phone has paid are the
    register's.

    :return: whether the order is finished now
    """
    order = posting.lock(env, env["pos.order"].browse(order_id).uuid)
    if order.state != "draft":
        return False
    found = rows.of_orders(env, [order.uuid])
    paid = found.filtered(PAID.holds)
    if found.filtered(UNRESOLVED.holds) or not (paid or is_paid_online(env, order_id)):
        return False
    if any(row.override_outcome == "no" for row in paid):
        # Nobody knows who has the goods, or what was paid instead: there is a review.
        return False
    try:
        with env.cr.savepoint():
            obstacle = _finish(order, found)
    except CONFLICTS:
        raise
    except Exception as exc:
        obstacle = posting.first_line(exc)
        kind = posting.kind_of(exc)
        _logger.warning("Order %s could not be finished: %s", order_id, kind)
    row = (paid or found)[:1]
    if obstacle:
        text = env._(
            "%(amount)s is paid, but the order could not be finished: %(reason)s",
            amount=amounts.formatted(row) if paid else _by_phone(order),
            reason=obstacle,
        )
        raise_item(env, "order_unfinished", text, row=row, order=order)
    is_finished = order.state != "draft"
    if is_finished:
        rows.announce_after_commit(env, row.id, terminal_changed=False)
    return is_finished


def _by_phone(order):
    """What phones have paid, for people."""
    amount = sum(lines.online(order.payment_ids).mapped("amount"))
    return order.currency_id.format(amount)


def _finish(order, found):
    """:param found: the order's ledger rows
    :return: why a manager has to look at the order, or ``None``
    """
    env, paid = order.env, found.filtered(PAID.holds)
    session = _open_session(order)
    if not session:
        return env._("no session is open.")
    if order.session_id != session:
        order.write({"session_id": session.id})
    if not all([posting.post(env, row.id) for row in paid]):
        return None  # there is a review item already
    if any(map(amounts.exceeds, paid)):
        return None  # likewise
    if any(map(dues.is_running_elsewhere, order.payment_ids)):
        return None
    if dues.is_deposit(order):
        return None  # the register has yet to say what it is for
    due = _due(order)
    left = -due if pricing.totals(order)[0] < 0 else due
    if left > 0 or 0 < -left <= sum(_cash(order).mapped("amount")):
        return None  # the customer has yet to pay, or to get a refund or change
    if left < 0:
        return env._("more is paid than it costs.")
    return customers.missing(order) or _mark_paid(order, paid or found)


def _open_session(order):
    """The order's session or else its register's, kept open until this short
    transaction ends: who closes it at the same moment finds the order finished, or
    still a draft."""
    order.env.cr.execute(
        "SELECT id FROM pos_session"
        " WHERE (id = %s OR config_id = %s) AND state IN ('opening_control', 'opened')"
        " ORDER BY id = %s DESC, id DESC LIMIT 1 FOR SHARE",
        [order.session_id.id or 0, order.config_id.id or 0, order.session_id.id or 0],
        log_exceptions=False,
    )
    return order.env["pos.session"].browse(i for (i,) in order.env.cr.fetchall())


def _due(order):
    """What the order still owes, in its currency. Cents that only cash rounding leaves
    are not due of an order that cash has been taken for, nor of a refund."""
    found = rows.of_orders(order.env, [order.uuid])
    minor = dues.of_order(order, found)
    due = amounts.in_currency(minor, exponent_of(order.currency_id.name))
    step = order.config_id.cash_rounding and order.config_id.rounding_method.rounding
    may_be_rounded = _cash(order) or pricing.totals(order)[0] < 0
    is_only_rounding = step and may_be_rounded and abs(due) < step
    return 0 if is_only_rounding else due


def _cash(order):
    """Cash that the customer has given."""
    return order.payment_ids.filtered(
        lambda line: line.payment_method_id.is_cash_count and not line.is_change
    )


def _mark_paid(order, of_cards):
    """As a register does it when it validates, so that whatever extends that, works.

    :param of_cards: the rows that have paid; all of the order where none has
    """
    uuids = of_cards.filtered(PAID.holds).mapped("payment_uuid")
    order.payment_ids.filtered(
        lambda line: (
            is_card_method(line.payment_method_id)
            and not line.is_change
            and line.uuid not in uuids
        )
    ).unlink()
    if order.to_invoice and not order.lines:
        order.to_invoice = False  # a cash-out alone has nothing to invoice
    change = order.amount_return
    payload = {
        "uuid": order.uuid,
        "access_token": order._ensure_access_token(),
        "session_id": order.session_id.id,
        "company_id": order.company_id.id,
        "state": "paid",
        "source": order.source,
        # Before cash rounding, which a write of payments puts into the order's.
        "amount_total": pricing.totals(order)[0],
        "amount_return": 0,
        "lines": [],
        "payment_ids": [],
    }
    # The register that wants the invoice on paper makes it.
    order.env["pos.order"].with_company(order.company_id).with_context(
        generate_pdf=False
    ).sync_from_ui([payload])
    order.amount_return = change
    announce_paid(order, of_cards.config_id)

"""Bank, people and orders compared: where they do not say the same, a manager gets a
review item. Nothing here refuses or changes an order."""

from datetime import timedelta

from odoo.tools import SQL

from ..server.odoo_adapter import CARD_PAYMENTS, is_card_method
from . import amounts, rows
from .reviews import raise_item
from .states import PAID

#: Minutes within which a payment taken outside any session has to be in an order.
ORDERED_WITHIN = 60


# -- a row -------------------------------------------------------------------------


def is_due_at_once(row):
    """Whether :func:`review` finds what neither the order's sync nor the end of the
    session would."""
    is_odd = row.given_up or (
        PAID.holds(row)
        and (amounts.is_short(row) or amounts.exceeds(row) or not row.session_id)
    )
    return row.override_outcome or (row.status == "FINALISED" and is_odd)


def is_ordered(row):
    """Whether the row's order has been finished, so its sync compares no more."""
    finished = [("uuid", "=", row.order_uuid), ("state", "!=", "draft")]
    return bool(row.env["pos.order"].search_count(finished, limit=1))


def review(env, row_id):
    """Compare the bank's final answer with what people stated and orders contain; where
    a person has stated an outcome and no answer can be expected, raise that.

    The work of one short transaction: no trouble here may undo the answer. What a
    crash leaves undone, the sweep does.
    """
    row = rows.row(env, row_id)
    if row.override_outcome and _is_beyond_asking(row):
        if row.sci_id:
            text = env._(
                "The outcome of %s was stated by a person: the bank cannot confirm it.",
                amounts.formatted(row),
            )
            raise_item(env, "unverified", text, row=row)
    elif row.status == "FINALISED":
        _compare_row(row)
        if _may_be_ordered_yet(row):
            return
    else:
        return
    if row.review_due:
        rows.change(env, row_id, SQL("review_due"), review_due=False)


def _compare_row(row):
    env, amount = row.env, amounts.formatted(row)
    approved = row.financial_status == "APPROVED"
    if row.override_outcome == "no" and approved:
        text = env._("Marked as not paid, but the bank approved %s.", amount)
        raise_item(env, "contradicted", text, row=row)
    elif row.override_outcome == "yes" and not approved:
        text = env._("Marked as paid, but the bank did not approve %s.", amount)
        raise_item(env, "contradicted", text, row=row)
    if not approved:
        return
    if row.given_up:
        text = env._("The bank approved %s after more than a day.", amount)
        raise_item(env, "contradicted", text, row=row)
    if amounts.is_short(row):
        text = env._("The bank approved %s only.", amount)
        raise_item(env, "other_amount", text, row=row)
    if amounts.exceeds(row):
        text = env._("The bank charged more than was asked for: %s.", amount)
        raise_item(env, "more_than_asked", text, row=row)
    if row.pos_order_id.state not in (False, "draft"):
        _compare(row.pos_order_id, row.pos_payment_id, row)
    elif not row.session_id and not _may_be_ordered_yet(row):
        text = env._("The bank approved %s, but it is in no order.", amount)
        raise_item(env, "missing_payment", text, row=row)


def _may_be_ordered_yet(row):
    """Whether this payment, taken while no session was open, is recent."""
    is_open = row.pos_order_id.state in (False, "draft")
    age = row.env.cr.now() - row.finalised_at
    return not row.session_id and is_open and age < timedelta(minutes=ORDERED_WITHIN)


def _is_beyond_asking(row):
    """Whether mx51 will hardly say any more what was charged: it has said that it does
    not know, the pairing is gone, or it was polled for a day."""
    if row.status == "FINALISED":
        return row.financial_status == "UNKNOWN"
    return (
        row.is_lost
        or row.pairing_id != row.terminal_id.pairing_id
        or bool(row.override_at and (row.env.cr.now() - row.override_at).days)
    )


# -- orders and sessions -----------------------------------------------------------


def compare_orders(orders):
    """A finished order and the ledger have to agree about every card payment."""
    for order in orders.filtered(lambda order: order.state not in ("draft", "cancel")):
        payments = order.payment_ids.filtered(
            lambda payment: (
                is_card_method(payment.payment_method_id) and not payment.is_change
            )
        )
        found = rows.of_orders(order.env, [order.uuid])
        found |= rows.binding(order.env, payments.mapped("uuid"))
        _compare(order, payments, found)


def compare_session(session):
    """Once more at the end of the day, with what the bank has answered since the orders
    were synced, and with payments that are in no order."""
    env = session.env
    payments = (
        env["pos.payment"]
        .sudo()
        .search(
            [
                *CARD_PAYMENTS,
                ("session_id", "=", session.id),
                ("is_change", "=", False),
                ("pos_order_id.state", "not in", ["draft", "cancel"]),
            ]
        )
    )
    Transaction = env["pos.sci.transaction"].sudo()
    by_uuid = rows.binding(env, payments.mapped("uuid")).grouped("payment_uuid")
    for payment in payments:
        found = by_uuid.get(payment.uuid, Transaction)
        _compare(payment.pos_order_id, payment, found)
    of_session = Transaction.search([("session_id", "=", session.id)])
    in_no_order = of_session.filtered(lambda row: not row.pos_payment_id)
    _compare(env["pos.order"], env["pos.payment"], in_no_order)


def _compare(order, payments, found):
    """These card payments of an order, and these rows."""
    paid = {row.payment_uuid: row for row in found if PAID.holds(row)}
    for payment in payments:
        _compare_payment(order, payment, paid.pop(payment.uuid, None))
    for row in paid.values():
        text = order.env._(
            "The bank approved %s, but it is not in the order.",
            amounts.formatted(row),
        )
        raise_item(order.env, "missing_payment", text, row=row, order=order)


def _compare_payment(order, payment, row):
    env, currency = order.env, payment.currency_id
    amount = currency.format(payment.amount)
    if not row:
        text = env._("A card payment of %s has no approval.", amount)
        uuid = payment.uuid
        raise_item(env, "missing_approval", text, order=order, payment_uuid=uuid)
    elif currency.compare_amounts(payment.amount, amounts.money(row)):
        text = env._(
            "The order says %(order)s, the bank %(bank)s.",
            order=amount,
            bank=amounts.formatted(row),
        )
        raise_item(env, "other_amount", text, row=row, order=order)

"""Bank, people and orders compared: where they do not say the same, a manager gets a
review item. Nothing here refuses or changes an order."""

from datetime import timedelta

from odoo.tools import SQL

from ..server.odoo_adapter import CARD_PAYMENTS
from . import amounts, lines, rows
from .reviews import raise_changed, raise_item
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
    """A finished order and the ledger have to agree about every card payment, about
    what the terminal added, and about the cash that leaves."""
    for order in orders.filtered(lambda order: order.state not in ("draft", "cancel")):
        found = rows.of_orders(order.env, [order.uuid])
        found |= rows.binding(order.env, order.payment_ids.mapped("uuid"))
        payments = lines.card_lines(order.payment_ids)
        payments |= _named_by(order.payment_ids, found)
        _compare(order, payments, found)
        paid = lines.paid_rows(order)
        if paid:
            _compare_added(order, paid)
            _compare_change(order, paid)
            _compare_total(order)


def compare_session(session):
    """Once more at the end of the day, with what the bank has answered since the orders
    were synced, and with payments that are in no order.

    From the rows to the lines, whatever method a line names today or that method was
    since changed to; then the other way round.
    """
    env = session.env
    finished = session.order_ids.filtered(lambda order: order.state in lines.FINISHED)
    Transaction = env["pos.sci.transaction"].sudo()
    found = Transaction.search([("session_id", "=", session.id)])
    found |= rows.of_orders(env, finished.mapped("uuid"))
    found |= rows.binding(env, finished.payment_ids.mapped("uuid"))
    orders = finished | found.pos_payment_id.pos_order_id.filtered(
        lambda order: order.state in lines.FINISHED and order.session_id == session
    )
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
    payments |= _named_by(orders.payment_ids, found)
    by_uuid = found.grouped("payment_uuid")
    for payment in payments:
        _compare(payment.pos_order_id, payment, by_uuid.get(payment.uuid, Transaction))
    _compare(
        env["pos.order"],
        env["pos.payment"],
        found.filtered(lambda row: not row.pos_payment_id and not _was_given_back(row)),
    )


def _named_by(payments, found):
    """The payment lines that these rows name, whatever their method."""
    uuids = set(found.mapped("payment_uuid"))
    return payments.filtered(lambda payment: payment.uuid in uuids)


def _was_given_back(row):
    """Whether the order was dropped after all its card money had gone back."""
    if row.pos_order_id.state not in (False, "cancel"):
        return False
    return not lines.net(rows.of_orders(row.env, [row.order_uuid]))


def _compare(order, payments, found):
    """These payment lines of an order, and these rows."""
    paid = {row.payment_uuid: row for row in found if PAID.holds(row)}
    for payment in payments:
        _compare_payment(order, payment, paid.pop(payment.uuid, None))
    for row in paid.values():
        elsewhere = row.pos_payment_id
        if elsewhere and elsewhere.pos_order_id.state != "cancel":
            _compare_payment(elsewhere.pos_order_id, elsewhere, row)
            continue
        text = order.env._(
            "The bank approved %s, but it is not in the order.",
            amounts.formatted(row),
        )
        raise_item(order.env, "missing_payment", text, row=row, order=order)


def _compare_payment(order, payment, row):
    env = order.env
    amount = payment.currency_id.format(payment.amount)
    if not row:
        if not lines.card_lines(payment):
            return
        text = env._("A card payment of %s has no approval.", amount)
        uuid = payment.uuid
        raise_item(env, "missing_approval", text, order=order, payment_uuid=uuid)
        return
    if not lines.same(payment.amount, amounts.money(row)):
        text = env._(
            "The order says %(order)s, the bank %(bank)s.",
            order=amount,
            bank=amounts.formatted(row),
        )
        raise_item(env, "other_amount", text, row=row, order=order)
    if payment.payment_method_id != row.payment_method_id or payment.is_change:
        text = env._(
            "%(amount)s was paid by %(card)s, but the order says %(method)s.",
            amount=amounts.formatted(row),
            card=row.payment_method_id.name,
            method=payment.payment_method_id.name,
        )
        raise_item(env, "changed_after", text, row=row, order=order)
    if payment.pos_order_id.uuid != row.order_uuid:
        text = env._(
            "%(amount)s was paid for another order than %(order)s.",
            amount=amounts.formatted(row),
            order=payment.pos_order_id.name,
        )
        raise_item(env, "changed_after", text, row=row, order=order)


def _compare_added(order, paid):
    """What a terminal added stands in the order as it was charged."""
    for row in paid:
        for kind, minor in amounts.added(row).items():
            found = lines.added_by(order, row, kind)
            ordered = sum(found.mapped("price_subtotal_incl"))
            # Taxes that are rounded for the whole order may move a cent to this line.
            charged = amounts.in_currency_of(row, minor)
            if abs(ordered - charged) > amounts.in_currency_of(row, 1.5):
                text = order.env._(
                    "The order does not contain what the terminal added to %s.",
                    amounts.formatted(row),
                )
                raise_item(order.env, "other_amount", text, row=row, order=order)


def _compare_change(order, paid):
    """Cash leaves for a cash-out and as change of cash, not of card money."""
    sign = -1 if order.amount_total < 0 else 1
    change = order.payment_ids.filtered("is_change")
    others = order.payment_ids.filtered(
        lambda payment: (
            not payment.is_change and payment.uuid not in paid.mapped("payment_uuid")
        )
    )
    # A cashier may also type a negative line of cash.
    change |= others.filtered(
        lambda payment: (
            payment.payment_method_id.is_cash_count and sign * payment.amount < 0
        )
    )
    others -= change
    given = -sign * sum(change.mapped("amount"))
    for row in paid:
        handed_out = amounts.charged_amounts(row).get("cashout_amount", 0)
        given -= amounts.in_currency_of(row, handed_out)
    taken = max(sign * sum(others.mapped("amount")), 0)
    if given > taken and not lines.same(given, taken):
        text = order.env._(
            "%(amount)s of card money left %(order)s as cash.",
            amount=order.currency_id.format(given - taken),
            order=order.name,
        )
        raise_item(order.env, "card_as_change", text, row=paid[0], order=order)


def _compare_total(order):
    """What was paid is what the lines cost, but for rounding."""
    rounding = order.config_id.cash_rounding and order.config_id.rounding_method
    allowed = (rounding.rounding if rounding else 0) + order.currency_id.rounding * (
        0.5 + len(order.lines)
    )
    # A register may count the lines of a refund as positive.
    costs = abs(sum(order.lines.mapped("price_subtotal_incl")))
    if abs(costs - abs(sum(order.payment_ids.mapped("amount")))) > allowed:
        raise_changed(order)

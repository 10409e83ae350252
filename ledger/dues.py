"""What an order still owes (``docs/ledger.md`` "Due"): the one formula for whoever
charges, refunds or finishes it. All amounts are integers in minor units.

due = the total of the lines that no terminal added, rounded as the register rounds
      + the lines that terminals added
      - what has been paid

A card payment counts as its ledger row says, without the cash of a cash-out: that was
handed out and pays nothing. Every other payment counts as it stands in the order.
"""

from odoo.tools import SQL, float_round

from ..sci.currency import exponent_of
from ..server.odoo_adapter import fill_cache, is_card_method
from . import fetching, pricing
from .amounts import added, charged_amounts, in_currency_of, signed_total
from .states import GIVEN_UP, PAID, UNRESOLVED

#: Statuses of another provider's payment line that has not been paid, or no more.
_UNPAID_STATUSES = ("pending", "retry", "reversed", "cancelled")
#: And of one that has been paid, or that no terminal pays.
_PAID_STATUSES = (False, "done", "force_done")


def serialise(env, order_uuid):
    """Make another database transaction that changes this order at the same time start
    over. The row is written, not only locked: whoever waited for it starts over with a
    new snapshot, which includes what this transaction does. Devices see no change.

    :return: the order, if it is on the server
    """
    order = env["pos.order"]
    query = SQL(
        "UPDATE pos_order SET write_date = write_date WHERE uuid = %s RETURNING id, %s",
        order_uuid,
        fetching.columns(order, fetching.ORDER),
    )
    env.cr.execute(query, log_exceptions=False)
    for order_id, *values in env.cr.fetchall():
        order = order.browse(order_id)
        fill_cache(order, fetching.ORDER, values)
    return order


def of_order(order, found):
    """What the draft ``order`` owes, without regard to what is still in progress.
    Negative: what has to be paid back.

    :param found: the order's ledger rows
    """
    exponent = exponent_of(order.currency_id.name)
    total = sum(_totals(order))
    paid = sum(
        payment.amount
        for payment in order.payment_ids
        if not is_card_method(payment.payment_method_id)
        and not payment.is_change
        and payment.payment_status not in _UNPAID_STATUSES
    )
    by_card = sum(pays(charged_amounts(row)) for row in found if PAID.holds(row))
    return round(total * 10**exponent) - round(paid * 10**exponent) - by_card


def is_running_elsewhere(payment):
    """Whether another provider's terminal may still take this payment. Until then it
    counts as paid: what is due is not charged twice."""
    return (
        not is_card_method(payment.payment_method_id)
        and not payment.is_change
        and payment.payment_status not in (*_PAID_STATUSES, *_UNPAID_STATUSES)
    )


def is_deposit(order):
    """Whether this order only takes money for the customer's account: Enterprise's
    ``pos_settle_due`` adds the line that does so once the register validates."""
    is_installed = "pos_settle_due" in order.env.registry._init_modules
    goods = order.lines.filtered(lambda line: not line.sci_transaction_id)
    return bool(is_installed and order.partner_id and not goods)


def is_paid_elsewhere(found, payment_uuid):
    """Whether another card payment of the order with these rows has paid, or may still
    pay."""
    return any(
        row.payment_uuid != payment_uuid and (PAID.holds(row) or may_still_pay(row))
        for row in found
    )


def left_to_charge(order, found, payment_uuid):
    """What a further card payment may take: what is due without what the other
    payments in progress may still pay. Not negative.

    :param found: the order's ledger rows
    """
    return max(of_order(order, found) - _in_progress(found, payment_uuid, 1), 0)


def left_to_refund(order, found, payment_uuid):
    """The same of what has to be paid back, as a positive number."""
    return max(-of_order(order, found) - _in_progress(found, payment_uuid, -1), 0)


def pays(amounts):
    """What ``amounts`` pay of an order, or give back where negative: all but the cash
    that is handed out."""
    return signed_total(amounts) - amounts.get("cashout_amount", 0)


def asked(amounts):
    """What of the order ``amounts`` ask for: a surcharge comes on top, and pays for a
    line of its own."""
    return pays(amounts) - amounts.get("surcharge_amount", 0)


def may_still_pay(row):
    """Whether money may move for this row although nobody knows yet: also where it was
    given up and no final answer has come since."""
    return UNRESOLVED.holds(row) or GIVEN_UP.holds(row)


def _in_progress(found, payment_uuid, sign):
    """What the other payments in progress may pay (sign 1) or give back (-1)."""
    others = found.filtered(
        lambda row: row.payment_uuid != payment_uuid and may_still_pay(row)
    )
    return sum(max(sign * asked(row.amounts or {}), 0) for row in others)


def _totals(order):
    """The order's total in its currency, in two parts: lines that no terminal added,
    rounded where the register rounds all payments, and lines that terminals added,
    which count as they were charged."""
    total, _tax = pricing.totals(order)
    on_top = sum(map(_charged_for, order.lines))
    rest, config = total - on_top, order.config_id
    if config.cash_rounding and not config.only_round_cash_method:
        method = config.rounding_method
        rest = float_round(
            rest,
            precision_rounding=method.rounding,
            rounding_method=method.rounding_method,
        )
    return rest, on_top


def _charged_for(line):
    """What a terminal has charged for this line, or for the one that it takes back."""
    origin, sign = line, 1
    if not line.sci_transaction_id:
        origin, sign = line.refunded_orderline_id, -1
    row = origin.sci_transaction_id.sudo()
    if not row:
        return 0
    return sign * in_currency_of(row, added(row).get(origin.sci_line_kind, 0))

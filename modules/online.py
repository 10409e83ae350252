"""Orders that ``pos_online_payment`` has something to do with: a customer's phone pays
while a terminal may be asking for a card."""

import logging

from odoo.exceptions import UserError

from ..ledger import alerts, amounts, dues, lines, posting, rows
from ..ledger.reviews import raise_item
from ..sci.currency import exponent_of
from ..server.wrapping import wrap

_logger = logging.getLogger(__name__)

#: In the context of what books a payment that the provider has taken already, with a
#: value that no request can bring.
IS_TAKEN = "sci_is_taken"
_BY_PROVIDER = object()


def is_installed(env):
    return "online_payment_method_id" in env["pos.order"]._fields


def extend(env):
    wrap(env["pos.order"], "_clean_payment_lines", _clean_payment_lines)
    wrap(env["pos.order"], "get_amount_unpaid", _get_amount_unpaid)
    transactions = env["payment.transaction"]
    wrap(transactions, "_process_pos_online_payment", _process_each)


def _clean_payment_lines(original, order):
    """Where nothing is to be paid online, that module drops what it has saved of an
    order; what was saved for a card payment, declined or not, the browser still has."""
    return None if rows.of_orders(order.env, [order.uuid]) else original(order)


def _get_amount_unpaid(original, order):
    """What a card may still pay is not asked of a phone too."""
    amount = original(order)
    found = rows.of_orders(order.env, [order.uuid])
    if amount <= 0 or order.state != "draft" or not found:
        return amount
    left = dues.left_to_charge(order, found, None)
    return min(amount, amounts.in_currency(left, exponent_of(order.currency_id.name)))


def _process_each(original, transactions):
    """What a provider has taken is in the order, whatever a terminal does meanwhile, or
    a manager looks at it at once."""
    for transaction in transactions:
        order = transaction.pos_order_id
        found = rows.of_orders(order.env, order.mapped("uuid"))
        if not found:
            original(transaction)
            continue
        # Whoever asks is a customer, or the provider.
        order = order.with_context(lang=alerts.language(order.company_id))
        taken = transaction.with_env(order.env).with_context(**{IS_TAKEN: _BY_PROVIDER})
        try:
            with transaction.env.cr.savepoint():
                original(taken)
        except UserError as exc:
            kind = posting.kind_of(exc)
            _logger.warning("Online payment of order %s: %s", order.id, kind)
            _report(order, found[-1:], transaction, posting.first_line(exc))


def _report(order, row, transaction, reason):
    """Odoo does not come back to it, so each transaction is named."""
    amount = order.currency_id.format(transaction.amount)
    text = order.env._(
        "%(amount)s was paid online for %(order)s, but is not in the order: %(reason)s",
        amount=f"{amount} ({transaction.reference})",
        order=rows.number_of(order),
        reason=reason,
    )
    raise_item(order.env, "order_unfinished", text, row=row, order=order, is_news=True)


def forget_asked(data):
    """How much a phone is asked for next is the server's: Odoo's registers send an
    older value with each save, and then the phone is asked for nothing.

    :param data: what a register sends of an order that is on the server
    """
    data.pop("next_online_payment_amount", None)


def has_to_wait(order):
    """Whether the order that a phone has paid stays a draft for now: a terminal may
    still charge its card."""
    is_taken = order.env.context.get(IS_TAKEN) is _BY_PROVIDER
    return bool(is_taken and lines.unresolved_rows(order))

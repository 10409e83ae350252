"""Orders that ``pos_online_payment`` has something to do with."""

from ..ledger import rows
from ..server.wrapping import wrap


def is_installed(env):
    return "online_payment_method_id" in env["pos.order"]._fields


def extend(env):
    wrap(env["pos.order"], "_clean_payment_lines", _clean_payment_lines)


def _clean_payment_lines(original, order):
    """Where nothing is to be paid online, that module drops what it has saved of an
    order; what was saved for a card payment, declined or not, the browser still has."""
    return None if rows.of_orders(order.env, [order.uuid]) else original(order)

"""What the ledger says of the lines of an order (``docs/ledger.md`` invariant 16).

A payment line whose row is unresolved or paid, and an order line that a terminal added,
are *bound*: they stay as the ledger says, whichever door of Odoo is used.
"""

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..server.odoo_adapter import is_card_method
from . import rows
from .amounts import charged, money
from .states import PAID, PAID_UNDISPUTED, UNRESOLVED

#: Odoo's payment states that claim money; only a paid row may put a line there.
CLAIMING = ("done", "reversed", "force_done")
#: What a bound payment line is worth, and to which order.
OF_PAYMENT = (
    "amount",
    "is_change",
    "payment_method_id",
    "payment_status",
    "pos_order_id",
    "uuid",
)
#: What an order line costs, and in which order.
OF_LINE = (
    "combo_parent_id",
    "discount",
    "extra_tax_data",
    "order_id",
    "price_extra",
    "price_subtotal",
    "price_subtotal_incl",
    "price_unit",
    "product_id",
    "qty",
    "refunded_orderline_id",
    "tax_ids",
    "uuid",
)
#: What a payment by phone is known by: the money that its provider has.
_ONLINE = "online_account_payment_id"
_HAS_ONLINE = f"""
EXISTS (SELECT 1 FROM pos_payment
         WHERE pos_order_id = pos_order.id AND {_ONLINE} IS NOT NULL)
"""
#: States of an order that is finished.
FINISHED = ("paid", "done", "invoiced")


def card_lines(payments):
    """Those of a card method, without change."""
    return payments.filtered(
        lambda payment: (
            is_card_method(payment.payment_method_id) and not payment.is_change
        )
    )


def online(payments):
    """Those that a customer's phone has made, where ``pos_online_payment`` is
    installed."""
    is_installed = _ONLINE in payments._fields
    return payments.filtered(_ONLINE) if is_installed else payments.browse()


def has_online(env):
    """The same as a condition on ``pos_order``: whether there is one."""
    is_installed = _ONLINE in env["pos.payment"]._fields
    return SQL(_HAS_ONLINE if is_installed else "FALSE")


def binding_rows(payments):
    """``{payment line's uuid: its row}`` of bound payment lines. Of several rows the
    undisputed one counts, else a paid one."""
    found = rows.binding(payments.env, payments.mapped("uuid"))
    found = found.sorted(lambda row: (PAID_UNDISPUTED.holds(row), PAID.holds(row)))
    return {row.payment_uuid: row for row in found}


def paid_rows(orders):
    """The paid rows of these orders."""
    return rows.of_orders(orders.env, orders.mapped("uuid")).filtered(PAID.holds)


def unresolved_rows(orders):
    """The unresolved rows of these orders, by order or by payment line."""
    found = rows.of_orders(orders.env, orders.mapped("uuid"))
    found |= rows.binding(orders.env, orders.payment_ids.mapped("uuid"))
    return found.filtered(UNRESOLVED.holds)


def net(found):
    """What these rows have moved in all, in minor units."""
    return sum(charged(row) for row in found if PAID.holds(row))


def same(amount, other):
    """Whether two amounts of one currency are equal, whatever its display rounding."""
    return abs(amount - other) < 1e-6


# -- payment lines -----------------------------------------------------------------


def follow(payments):
    """Bring payment lines of draft orders in line with their paid rows."""
    found = binding_rows(payments)
    for payment in payments:
        row = found.get(payment.uuid)
        if row and PAID.holds(row):
            said = {}
            if not same(payment.amount, money(row)):
                said["amount"] = money(row)
            if payment.payment_status != "done":
                said["payment_status"] = "done"
            if said:
                payment._sci_write(said)


def counted(payments):
    """``{payment line: what it counts}``: a card line counts once its row is paid; one
    that was declined or is waiting counts nothing."""
    cards = card_lines(payments)
    found = binding_rows(cards)
    claimed = claims(cards)
    result = {}
    for payment in payments:
        row = found.get(payment.uuid)
        if payment not in cards or payment in claimed:
            result[payment] = payment.amount
        else:
            result[payment] = money(row) if row and PAID.holds(row) else 0
    return result


def claims(payments):
    """Card lines that a register has finished an order with although the ledger has
    never heard of them. They count; a review says so."""
    known = rows.of_payments(payments.env, payments.mapped("uuid"))
    known = set(known.mapped("payment_uuid"))
    return payments.filtered(
        lambda payment: (
            payment.uuid not in known
            and (
                payment.payment_status == "done"
                or payment.pos_order_id.state in FINISHED
            )
        )
    )


def added_by(order, row, kind):
    """The line that stands in ``order`` for what ``row`` added of this kind, if any."""
    return order.lines.filtered(
        lambda line: line.sci_transaction_id == row and line.sci_line_kind == kind
    )


def differs(record, name, value):
    """Whether writing ``value`` would change the field."""
    field = record._fields[name]
    new = field.convert_to_cache(value, record)
    old = field.convert_to_cache(record[name], record)
    if field.type in ("one2many", "many2many"):
        return set(new) != set(old)
    return (new or False) != (old or False)


# -- refusals ----------------------------------------------------------------------


def refuse_change(env):
    raise UserError(
        env._("A card payment that is in progress or approved can't be changed.")
    )


def refuse_other_doors(env):
    raise UserError(env._("Card payments are taken at the register."))


def refuse_foreign(env):
    raise UserError(env._("This payment belongs to another order."))


def check_nothing_unresolved(orders):
    if unresolved_rows(orders):
        raise UserError(
            orders.env._(
                "A card payment of this order has no result yet. Wait for it, or "
                "cancel it on the payment screen."
            )
        )

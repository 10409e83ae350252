"""What may go back to a card (``docs/ledger.md`` "Refunds").

The protocol knows no link between a refund and its sale (``docs/protocol.md`` 3.2), so
the limit is kept here, under a lock on the rows of the sales in the transaction that
inserts the refund's. The rows are written, not only locked: whoever waited for them
starts over with a new snapshot, which includes the other refund.
"""

import dataclasses

from odoo.tools import SQL

from . import dues, override, rows
from .amounts import charged_amounts, format_minor
from .states import PAID, UNRESOLVED

#: What of a sale goes back to the card: all that was charged but cash that was handed
#: out.
REFUNDABLE = ("purchase_amount", "moto_amount", "tip_amount", "surcharge_amount")


@dataclasses.dataclass(frozen=True)
class Sales:
    """The sales that a refund order takes back, as the ledger knows them.

    :param is_named: whether a line of the order says which sale it takes back
    :param paid: rows of card payments that were paid for these sales or, before it is
        finished, for the order itself: a part can be given back
    :param has_open: whether such a payment has no result yet
    :param freely: minor units that went back for these sales without naming a payment
    """

    is_named: bool
    paid: object
    has_open: bool
    freely: int

    def left(self, row):
        """What may still go back to the card of ``row``, in minor units."""
        of_all = sum(map(allowance, self.paid)) - self.freely
        return max(min(allowance(row), of_all), 0)

    def original(self, payment_uuid):
        """The row that is refunded: the named payment's, else the only one's with
        something left. A payment that was charged twice (stated as not paid,
        contradicted by the bank, and paid again) has two: the one with more left."""
        if payment_uuid:
            found = self.paid.filtered(lambda row: row.payment_uuid == payment_uuid)
        else:
            found = self.paid.filtered(self.left)
            if len(set(found.mapped("payment_uuid"))) > 1:
                return found.browse()
        return found.sorted(self.left, reverse=True)[:1]


def sales_of(env, company, order_uuid, refunded_lines=None):
    """The sales that belong to a refund.

    :param env: with all rights
    :param order_uuid: of the order that pays back
    :param refunded_lines: lines that it takes back; by default those of the order
    :return: :class:`Sales`
    """
    order = _order(env, company, order_uuid)
    if refunded_lines is None:
        refunded_lines = order.lines.refunded_orderline_id
    orders = refunded_lines.order_id
    Transaction = env["pos.sci.transaction"]
    in_company = [("company_id", "=", company.id)]
    found = Transaction.search(
        [
            ("order_uuid", "in", [order_uuid, *orders.mapped("uuid")]),
            ("kind", "!=", "refund"),
            *in_company,
        ]
    )
    refunds = orders.lines.refund_orderline_ids.order_id
    free_refunds = Transaction.search(
        [
            ("order_uuid", "in", refunds.mapped("uuid")),
            ("kind", "=", "refund"),
            ("original_id", "=", False),
            *in_company,
        ]
    )
    return Sales(
        is_named=bool(orders),
        paid=found.filtered(PAID.holds),
        has_open=any(map(UNRESOLVED.holds, found)),
        freely=_taken(free_refunds),
    )


def _order(env, company, uuid):
    domain = [("uuid", "=", uuid), ("company_id", "=", company.id)]
    return env["pos.order"].search(domain, limit=1)


def serialise(env, sales):
    """Make another refund of these sales wait, and start over."""
    if sales.paid:
        env.cr.execute(
            SQL(
                "UPDATE pos_sci_transaction SET write_date = write_date WHERE id IN %s",
                sales.paid._ids,
            ),
            log_exceptions=False,
        )


def allowance(original):
    """Minor units of ``original`` that no refund has taken or may be taking yet."""
    amounts = charged_amounts(original)
    charged = sum(amounts.get(name, 0) for name in REFUNDABLE)
    return charged - _taken(original.search([("original_id", "=", original.id)]))


def _taken(refunds):
    return sum(
        row.amounts.get("refund_amount", 0)
        for row in refunds
        if dues.may_still_pay(row) or PAID.holds(row)
    )


def refusal_of(env, request, case):
    """Why this refund may not leave.

    :param case: :class:`~.refusals.Case`
    :return: ``(code, sentence)`` or ``None``
    """
    config, (sales, original) = case.config, case.refunded
    if not original:
        if request.original_payment_uuid:
            text = env._("The card payment to refund was not found.")
            return "refund_limit", text
        minor = request.amounts["refund_amount"]
        return refusal_without_original(env, config, sales, request.order_uuid, minor)
    if original.currency_id != config.currency_id:
        return "wrong_currency", env._(
            "The card payment to refund was taken in %s.", original.currency_id.name
        )
    left = sales.left(original)
    if not left:
        return "refund_limit", _all_refunded(env)
    if request.amounts["refund_amount"] > left:
        return "refund_limit", env._(
            "At most %(amount)s of this card payment can be refunded.",
            amount=format_minor(left, original.currency_id, original.exponent),
        )
    return None


def refusal_without_original(env, config, sales, order_uuid, minor=None):
    """Why a refund that names no card payment may not leave; ``None`` where it may:
    its sale is none of the ledger's, and somebody may do so without."""
    if sales.has_open:
        return "order_unresolved", env._(
            "A card payment of this sale has no result yet. Wait for it, or cancel it."
        )
    if any(map(sales.left, sales.paid)):
        return "original_required", env._("Choose the card payment to refund.")
    if sales.paid:
        return "all_refunded", _all_refunded(env)
    if override.may_refund_freely(env, config, order_uuid, minor):
        return None
    if not sales.is_named:
        code, text = "no_sale_named", env._("This return names no sale.")
    else:
        code = "sale_not_by_card"
        text = env._("This sale was not paid by card on these terminals.")
    if config.sci_free_refund:
        who = env._("A manager may refund it to a card; else refund it another way.")
    else:
        who = env._("Refund it by another payment method.")
    return code, f"{text} {who}"


def _all_refunded(env):
    return env._("All of this card payment has been refunded.")


def offer(env, config, order_uuid, refunded_lines=None):
    """What a refund may give back, for a register that is about to propose it. Amounts
    are integers in minor units.

    :param refunded_lines: see :func:`sales_of`
    :return: ``due``: what the order has to pay back, ``False`` while it is not on the
        server; ``payments``: what card payments have left, each with ``payment_uuid``,
        ``left`` and ``terminal_name``, one of which has to be named; ``refusal``:
        ``{code, message}`` where there is none and this user may not do without
    """
    sales = sales_of(env, config.company_id, order_uuid, refunded_lines)
    order = _order(env, config.company_id, order_uuid)
    found = rows.of_orders(env, [order.uuid])
    payments = []
    for payment_uuid in dict.fromkeys(sales.paid.sorted("id").mapped("payment_uuid")):
        row = sales.original(payment_uuid)
        values = {"left": sales.left(row), "terminal_name": row.terminal_id.name}
        if values["left"]:
            payments.append({"payment_uuid": payment_uuid, **values})
    refusal = not payments and refusal_without_original(env, config, sales, order_uuid)
    return {
        "due": max(-dues.of_order(order, found), 0) if order else False,
        "payments": payments,
        "refusal": refusal and {"code": refusal[0], "message": refusal[1]} or False,
    }

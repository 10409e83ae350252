"""How much of a card payment may still be refunded.

The protocol knows no link between a refund and its sale (``docs/protocol.md`` 3.2), so
the limit is kept here, under a lock on the sale's row in the transaction that inserts
the refund's. The row is written, not only locked: whoever waited for it starts over
with a new snapshot, which includes the other refund.
"""

from odoo.tools import SQL

from .amounts import charged_amounts
from .states import PAID, UNRESOLVED

#: What of a sale goes back to the card: neither tips nor cash that was handed out.
REFUNDABLE = ("purchase_amount", "surcharge_amount", "moto_amount")


def original_of(env, payment_uuid, company):
    """The paid row of the payment that is refunded, locked; empty without one.

    A payment that was charged twice (stated as not paid, contradicted by the bank, and
    paid again) has two: the one with more left is taken.
    """
    attempts = env["pos.sci.transaction"].search(
        [("payment_uuid", "=", payment_uuid), ("company_id", "=", company.id)]
    )
    paid = attempts.filtered(lambda row: PAID.holds(row) and row.kind != "refund")
    if paid:
        env.cr.execute(
            SQL(
                "UPDATE pos_sci_transaction SET write_date = write_date WHERE id IN %s",
                paid._ids,
            ),
            log_exceptions=False,
        )
    return paid.sorted(allowance, reverse=True)[:1]


def allowance(original):
    """Minor units of ``original`` that no refund has taken or may be taking yet."""
    amounts = charged_amounts(original)
    charged = sum(amounts.get(name, 0) for name in REFUNDABLE)
    refunds = original.search([("original_id", "=", original.id)])
    taken = sum(
        row.amounts.get("refund_amount", 0)
        for row in refunds
        if UNRESOLVED.holds(row) or PAID.holds(row) or row.given_up
    )
    return charged - taken

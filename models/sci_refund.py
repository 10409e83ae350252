"""How much of a card payment may still be refunded (``design.md`` 4.5).

The protocol knows no link between a refund and its sale, so the limit is kept here,
under a lock on the sale's row in the transaction that inserts the refund's. The row
is written, not only locked: whoever waited for it starts over with a new snapshot, in
which the other refund is seen.
"""

from odoo.tools import SQL

#: What of a sale goes back to the card: neither tips nor cash that was handed out.
REFUNDABLE = ("purchase_amount", "surcharge_amount", "moto_amount")


def original_of(env, payment_uuid, company):
    """The paid row of the payment that is refunded, locked; empty without one.

    A payment that was charged twice (a "no" that the bank contradicted, and the attempt
    after it) has two: the one of which most is left.
    """
    rows = env["pos.sci.transaction"].search(
        [("payment_uuid", "=", payment_uuid), ("company_id", "=", company.id)]
    )
    paid = rows.filtered(lambda row: row._paid and row.kind != "refund")
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
    approved = original.financial_status == "APPROVED"
    amounts = (approved and original.result_amounts) or original.amounts
    charged = sum(amounts.get(name, 0) for name in REFUNDABLE)
    refunds = original.search([("original_id", "=", original.id)])
    taken = sum(
        row.amounts.get("refund_amount", 0)
        for row in refunds
        if row._unresolved or row._paid or row.given_up
    )
    return charged - taken

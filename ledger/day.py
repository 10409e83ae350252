"""The bank's day of a terminal, which a settlement ends, and what the ledger counts of
it (``docs/ledger.md`` "The bank's day").

Amounts are in minor units.
"""

from odoo.tools import SQL

from . import amounts
from .states import PAID

#: A settlement longer ago than this did not begin the day that is open now: the shop
#: does not settle from here, and the terminal closes its days by itself.
LONGEST = "72 hours"
#: How long such a day is where no session says when it began.
USUAL = "24 hours"
#: What is counted, in the order in which people read it.
NAMES = ("purchase", "moto", "refund", "cashout", "tip", "surcharge")
_NAME_OF = {f"{name}_amount": name for name in NAMES}

# In SQL: a settlement and a payment may follow each other within a second, which
# domains do not tell apart.
_LAST_SETTLEMENT = """
SELECT id FROM pos_sci_settlement
 WHERE terminal_id = %(terminal)s AND kind = 'settlement'
   AND financial_status = 'APPROVED' AND sent_at < %(before)s
   AND sent_at > %(before)s - %(longest)s::interval
 ORDER BY sent_at DESC, id DESC LIMIT 1
"""
_OPEN_ROWS = """
SELECT id FROM pos_sci_transaction
 WHERE terminal_id = %(terminal)s AND sent_at < %(before)s
   AND sent_at >= coalesce(%(since)s, %(before)s - %(usual)s::interval)
 ORDER BY id
"""


def last_settlement(terminal, before=None):
    """The settlement that began the bank's day of this moment, if there is one.

    :param before: a moment; now by default
    """
    Settlement = terminal.env["pos.sci.settlement"].sudo()
    Settlement.flush_model()
    return Settlement.browse(_ids(terminal, _LAST_SETTLEMENT, before=before))


def open_rows(terminal, session, before=None):
    """The rows of the bank's day that is open: since the last settlement, or since the
    session opened where nobody settles from here.

    :param before: only what had left for the terminal before this moment
    """
    since = last_settlement(terminal, before).sent_at or session.start_at or None
    found = _ids(terminal, _OPEN_ROWS, before=before, since=since)
    return terminal.env["pos.sci.transaction"].sudo().browse(found)


def _ids(terminal, query, before, **values):
    cr = terminal.env.cr
    if not before:
        cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        (before,) = cr.fetchone()
    limits = {"longest": LONGEST, "usual": USUAL, "before": before}
    cr.execute(query, {"terminal": terminal.id, **limits, **values})
    return [record_id for (record_id,) in cr.fetchall()]


def close(settlement):
    """This settlement has closed the day at the bank: the day's rows belong to it."""
    found = open_rows(
        settlement.terminal_id, settlement.session_id, settlement.sent_at
    ).filtered(lambda row: not row.settlement_id)
    if found:
        settlement.env.cr.execute(
            SQL(
                "UPDATE pos_sci_transaction SET settlement_id = %s WHERE id IN %s",
                settlement.id,
                tuple(found.ids),
            )
        )
        found.invalidate_recordset(["settlement_id"])


def counted(rows):
    """``{name: [number, minor units]}`` of what was paid, with the ``total``. Refunds
    are positive here, and the total is less by them."""
    found = {name: [0, 0] for name in NAMES}
    total = 0
    for row in rows:
        if not PAID.holds(row):
            continue
        charged = amounts.charged_amounts(row)
        for field, minor in charged.items():
            if minor and field in _NAME_OF:
                entry = found[_NAME_OF[field]]
                entry[0] += 1
                entry[1] += minor
        total += amounts.signed_total(charged)
    number = sum(1 for row in rows if PAID.holds(row))
    return {**found, "total": [number, total]}


def with_amount(rows, name):
    """The rows behind one of the numbers of :func:`counted`."""
    paid = rows.filtered(PAID.holds)
    return paid if name == "total" else paid.filtered(lambda row: part(row, name))


def part(row, name):
    """What a row adds to one of the numbers, where refunds are negative; of one that
    counts whole payments, all of it."""
    charged = amounts.charged_amounts(row)
    if name in NAMES:
        field = f"{name}_amount"
        charged = {field: charged.get(field, 0)}
    return amounts.signed_total(charged)

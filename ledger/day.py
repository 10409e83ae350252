"""The bank's day of a terminal, which a settlement ends, and what the ledger counts of
it (``docs/ledger.md`` "The bank's day").

Amounts are in minor units.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo.tools import SQL

from . import amounts
from .states import PAID

#: A bank ends a day by itself sooner or later. Until payments are this old, the last
#: settlement is taken to have begun the day that they belong to.
KNOWN_FOR = timedelta(hours=36)
#: No day of a bank is longer.
LONGEST = timedelta(hours=72)
#: How long such a day is where no session says when it may have begun.
USUAL = timedelta(hours=24)
#: What is counted, in the order in which people read it.
NAMES = ("purchase", "moto", "refund", "cashout", "tip", "surcharge")
_NAME_OF = {f"{name}_amount": name for name in NAMES}

# In SQL: a settlement and a payment may follow each other within a second, which
# domains do not tell apart.
_LAST_SETTLEMENT = """
SELECT id FROM pos_sci_settlement
 WHERE terminal_id = %(terminal)s AND kind = 'settlement'
   AND financial_status = 'APPROVED' AND sent_at < %(before)s
 ORDER BY sent_at DESC, id DESC LIMIT 1
"""
# Settlements that may have closed the day all the same.
_WITHOUT_ANSWER = """
SELECT sent_at FROM pos_sci_settlement
 WHERE terminal_id = %(terminal)s AND kind = 'settlement'
   AND (status = 'unknown' OR financial_status = 'UNKNOWN')
   AND sent_at >= %(since)s AND sent_at < %(before)s
 ORDER BY sent_at DESC
"""
_FIRST_ROW = """
SELECT min(sent_at) FROM pos_sci_transaction
 WHERE terminal_id = %(terminal)s AND sent_at >= %(since)s AND sent_at < %(before)s
"""
_ROWS = """
SELECT id FROM pos_sci_transaction
 WHERE terminal_id = %(terminal)s AND sent_at >= %(since)s AND sent_at < %(before)s
 ORDER BY id
"""
_SESSIONS = """
SELECT greatest(session.start_at, %(since)s),
       session.state <> 'closed' OR session.stop_at > %(before)s
  FROM pos_session session
 WHERE session.start_at IS NOT NULL AND session.id IN (
       SELECT session_id FROM pos_sci_transaction WHERE terminal_id = %(terminal)s
          AND sent_at >= %(since)s AND sent_at < %(before)s)
 ORDER BY 1
"""


class Begin(NamedTuple):
    """When a bank's day began, as far as the ledger can tell.

    :param at: a moment, UTC
    :param is_known: a settlement from here began it, so that what the bank says
        otherwise is a difference. If not, the bank may have begun a day at any time
    """

    at: object
    is_known: bool


def last_settlement(terminal, before=None):
    """The last settlement before a moment, if there is one.

    :param before: now by default
    """
    found = _query(terminal, _LAST_SETTLEMENT, before)
    return terminal.env["pos.sci.settlement"].sudo().browse([id_ for (id_,) in found])


def beginning(terminal, before=None, total=None):
    """When the bank's day of a moment began. It is the terminal's day, whoever asks.

    :param before: now by default
    :param total: minor units, where the bank has said its total. Of a day whose
        beginning is not known it tells with which session the bank began it
    """
    before = before or _now(terminal)
    settled = last_settlement(terminal, before).sent_at
    limits = {"before": before, "since": settled or before - LONGEST}
    ((first,),) = _query(terminal, _FIRST_ROW, **limits)
    unanswered = [at for (at,) in _query(terminal, _WITHOUT_ANSWER, **limits)]
    if settled and (not first or first >= before - KNOWN_FOR) and not unanswered:
        return Begin(settled, True)
    is_day = settled and (not first or first >= before - LONGEST)
    limits["since"] = max(limits["since"], before - LONGEST)
    sessions = _query(terminal, _SESSIONS, **limits)
    usual = settled if is_day else _usual(sessions, before)
    starts = [usual, *(start for start, _is_open in reversed(sessions)), *unanswered]
    for start in starts if total is not None else ():
        if counted(between(terminal, start, before))["total"][1] == total:
            return Begin(start, False)
    return Begin(usual, False)


def _usual(sessions, before):
    """With the first of the sessions that were open then, or with the last one."""
    is_open = [start for start, is_open in sessions if is_open]
    return (is_open or [start for start, _ in sessions[-1:]] or [before - USUAL])[0]


def between(terminal, since, before=None):
    """The rows that left for the terminal from one moment until another, now by
    default."""
    found = _query(terminal, _ROWS, before, since=since)
    Transaction = terminal.env["pos.sci.transaction"].sudo()
    return Transaction.browse([row_id for (row_id,) in found])


def rows_of(settlement):
    """The rows that a settlement or an enquiry of the current day was about."""
    if settlement.kind == "settlement":
        return settlement.transaction_ids
    since, before = settlement.day_begins_at, settlement.sent_at
    return between(settlement.terminal_id, since, before)


def _query(terminal, query, before=None, **values):
    env = terminal.env
    for model in ("pos.sci.settlement", "pos.sci.transaction", "pos.session"):
        env[model].flush_model()
    values["before"] = before or _now(terminal)
    env.cr.execute(query, {"terminal": terminal.id, **values})
    return env.cr.fetchall()


def _now(terminal):
    terminal.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
    return terminal.env.cr.fetchone()[0]


def keep(settlement):
    """The bank has answered about the current day: keep when it began. A settlement
    has closed it, and the day's rows belong to it."""
    terminal, env = settlement.terminal_id, settlement.env
    total = (settlement.totals or {}).get("total", (0, None))[1]
    begun = beginning(terminal, settlement.sent_at, total)
    # In SQL: Odoo writes whole seconds.
    env.cr.execute(
        "UPDATE pos_sci_settlement SET day_begins_at = %s, is_begin_known = %s"
        " WHERE id = %s",
        [begun.at, begun.is_known, settlement.id],
    )
    settlement.invalidate_recordset(["day_begins_at", "is_begin_known"])
    if settlement.kind == "settlement":
        _close(settlement, between(terminal, begun.at, settlement.sent_at))


def _close(settlement, found):
    found = found.filtered(lambda row: not row.settlement_id)
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

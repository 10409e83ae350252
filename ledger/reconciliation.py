"""The ledger beside the bank, by terminal and day, as one SQL query
(``docs/ledger.md`` "The bank's day").

One line for each day that a settlement has closed; of what none has closed yet, one for
each enquiry with the payments that it was about, as in the closing popup, and the rest
by the day on which its session opened. A settlement that the ledger knows no payment of
has a line too.
"""

from odoo.tools import SQL

from .states import PAID, UNRESOLVED

# Which line a row belongs to. The interval is the longest of ``day.LONGEST``.
_TAKEN = """
SELECT entry.*, %(day_of_row)s AS day, asked.id AS asked_id,
       CASE WHEN entry.settlement_id IS NULL AND asked.id IS NULL
            THEN %(day_of_row)s END AS unasked_day
  FROM pos_sci_transaction entry
  LEFT JOIN pos_session session ON session.id = entry.session_id
  LEFT JOIN LATERAL (
       SELECT answer.id FROM pos_sci_settlement answer
        WHERE entry.settlement_id IS NULL AND answer.terminal_id = entry.terminal_id
          AND answer.kind = 'enquiry' AND answer.financial_status = 'APPROVED'
          AND answer.enquiry_date IS NULL AND answer.day_begins_at <= entry.sent_at
          AND answer.sent_at > entry.sent_at
          AND answer.sent_at <= entry.sent_at + interval '72 hours'
        ORDER BY answer.sent_at DESC, answer.id DESC LIMIT 1) asked ON TRUE
 WHERE entry.sent_at IS NOT NULL
"""
# Whether an enquiry that names a day is about the same as the bank's day is not known
# (docs/protocol.md 5): where it says the same, it agrees, otherwise it proves nothing.
_QUERY = """
WITH taken AS (%(taken)s), counted AS (
    SELECT settlement_id, asked_id, terminal_id, min(company_id) AS company_id,
           min(currency_id) AS currency_id, min(day) AS day,
           CASE WHEN settlement_id IS NULL THEN min(day) END AS open_day,
           max(sent_at) AS last_sent_at,
           sum(CASE WHEN %(paid)s THEN 1 ELSE 0 END) AS number,
           sum(CASE WHEN %(unresolved)s THEN 1 ELSE 0 END) AS unresolved,
           sum(paid_amount) AS expected, %(columns)s
      FROM taken
     GROUP BY settlement_id, asked_id, terminal_id, unasked_day
), settled AS (
    SELECT answer.id, answer.terminal_id, terminal.company_id, terminal.currency_id,
           %(day_of_answer)s AS day, %(bank_day)s AS bank_day, answer.is_read,
           answer.total, answer.is_begin_known
      FROM pos_sci_settlement answer
      JOIN pos_sci_terminal terminal ON terminal.id = answer.terminal_id
      LEFT JOIN pos_session session ON session.id = answer.session_id
     WHERE answer.kind = 'settlement' AND answer.financial_status = 'APPROVED'
), enquired AS (
    SELECT answer.*, coalesce(answer.enquiry_date, %(bank_day)s) AS bank_day
      FROM pos_sci_settlement answer
     WHERE answer.kind = 'enquiry' AND answer.financial_status = 'APPROVED'
), lines AS (
    SELECT coalesce(counted.terminal_id, settled.terminal_id) AS terminal_id,
           coalesce(counted.company_id, settled.company_id) AS company_id,
           coalesce(counted.currency_id, settled.currency_id) AS currency_id,
           coalesce(counted.day, settled.day) AS day, counted.open_day,
           coalesce(settled.id, enquiry.id) AS answer_id, settled.id AS settlement_id,
           counted.asked_id,
           coalesce(settled.bank_day, enquiry.bank_day) AS bank_day,
           coalesce(settled.is_read, enquiry.is_read) AS is_read,
           coalesce(settled.total, enquiry.total) AS total,
           coalesce(settled.is_begin_known, enquiry.is_begin_known) AS is_known,
           coalesce(number, 0) AS number, coalesce(unresolved, 0) AS unresolved,
           coalesce(expected, 0) AS expected, %(names)s
      FROM counted
      FULL JOIN settled ON settled.id = counted.settlement_id
      LEFT JOIN LATERAL (
          SELECT * FROM enquired
           WHERE counted.settlement_id IS NULL AND settled.id IS NULL
             AND (enquired.id = counted.asked_id
                  OR enquired.terminal_id = counted.terminal_id
                     AND enquired.enquiry_date = counted.open_day
                     AND enquired.sent_at > counted.last_sent_at)
           ORDER BY (enquired.is_read
                     AND round(enquired.total - counted.expected, 4) = 0) IS TRUE DESC,
                    (enquired.id = counted.asked_id) IS TRUE DESC, enquired.id DESC
           LIMIT 1
          ) enquiry ON TRUE
)
SELECT CASE WHEN settlement_id IS NOT NULL THEN 2 * settlement_id
            WHEN asked_id IS NOT NULL THEN 2 * asked_id
            ELSE 2 * (100000 * terminal_id::bigint + (open_day - DATE '2000-01-01')) + 1
            END AS id,
       lines.*,
       CASE WHEN is_read THEN total END AS bank_total,
       CASE WHEN is_read THEN total - expected END AS difference,
       CASE WHEN answer_id IS NULL THEN 'not_asked'
            WHEN is_read IS NOT TRUE THEN 'unreadable'
            WHEN round(total - expected, 4) = 0 THEN 'agrees'
            WHEN is_known THEN 'differs'
            ELSE 'unsure' END AS state
  FROM lines
"""

#: Column: what it adds up.
AMOUNTS = {
    "purchases": "CASE WHEN kind IN ('purchase', 'purchase_with_cashout') THEN"
    " paid_amount - tip_amount - surcharge_amount - cashout_amount ELSE 0 END",
    "moto": "CASE WHEN kind = 'moto' THEN"
    " paid_amount - tip_amount - surcharge_amount ELSE 0 END",
    "refunds": "CASE WHEN kind = 'refund' THEN paid_amount ELSE 0 END",
    "cashout": "cashout_amount",
    "tips": "tip_amount",
    "surcharge": "surcharge_amount",
}


def query(time_zone):
    """:param time_zone: name of the one whose days are meant"""
    sums = [SQL(f"sum({value}) AS {name}") for name, value in AMOUNTS.items()]
    names = [SQL(f"coalesce({name}, 0) AS {name}") for name in AMOUNTS]
    answered_at = "coalesce(answer.finalised_at, answer.sent_at)"
    opened_at = "coalesce(session.start_at, answer.sent_at)"
    return SQL(
        _QUERY,
        taken=_taken(time_zone),
        day_of_answer=_day_of(opened_at, time_zone),
        bank_day=_day_of(answered_at, time_zone),
        paid=SQL(PAID.sql),
        unresolved=SQL(UNRESOLVED.sql),
        columns=SQL(", ").join(sums),
        names=SQL(", ").join(names),
    )


def flush(env):
    """Write what the queries read."""
    for model in ("pos.sci.transaction", "pos.sci.settlement", "pos.session"):
        env[model].flush_model()


def row_ids(env, line):
    """Ids of the rows of a line that no settlement has closed.

    :param line: a ``pos.sci.reconciliation``
    """
    same = (
        SQL("asked_id = %s", line.asked_id.id)
        if line.asked_id
        else SQL("unasked_day = %s", line.open_day)
    )
    flush(env)
    env.cr.execute(
        SQL(
            "SELECT id FROM (%s) taken WHERE terminal_id = %s AND settlement_id IS NULL"
            " AND %s",
            _taken(env.tz.zone),
            line.terminal_id.id,
            same,
        )
    )
    return [row_id for (row_id,) in env.cr.fetchall()]


def _taken(time_zone):
    opened_at = "coalesce(session.start_at, entry.create_date)"
    return SQL(_TAKEN, day_of_row=_day_of(opened_at, time_zone))


def _day_of(moment, time_zone):
    return SQL(f"({moment} AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", time_zone)

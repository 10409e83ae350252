"""The ledger beside the bank, by terminal and day, as one SQL query
(``docs/ledger.md`` "The bank's day").

One line for each day that a settlement has closed; what none has closed yet, by the
day on which its session opened. A settlement that the ledger knows no payment of has a
line too.
"""

from odoo.tools import SQL

from .states import PAID, UNRESOLVED

_QUERY = """
WITH taken AS (
    SELECT entry.*, %(day_of_row)s AS day,
           CASE WHEN %(paid)s THEN 1 ELSE 0 END AS is_paid,
           CASE WHEN %(unresolved)s THEN 1 ELSE 0 END AS is_unresolved
      FROM pos_sci_transaction entry
      LEFT JOIN pos_session session ON session.id = entry.session_id
     WHERE entry.sent_at IS NOT NULL
), counted AS (
    SELECT settlement_id, terminal_id, min(company_id) AS company_id,
           min(currency_id) AS currency_id, min(day) AS day,
           CASE WHEN settlement_id IS NULL THEN day END AS open_day,
           max(sent_at) AS last_sent_at, sum(is_paid) AS number,
           sum(is_unresolved) AS unresolved, sum(paid_amount) AS expected,
           %(columns)s
      FROM taken
     GROUP BY settlement_id, terminal_id, CASE WHEN settlement_id IS NULL THEN day END
), settled AS (
    SELECT answer.id, answer.terminal_id, terminal.company_id, terminal.currency_id,
           %(day_of_answer)s AS day, %(bank_day)s AS bank_day, answer.is_read,
           answer.total
      FROM pos_sci_settlement answer
      JOIN pos_sci_terminal terminal ON terminal.id = answer.terminal_id
      LEFT JOIN pos_session session ON session.id = answer.session_id
     WHERE answer.kind = 'settlement' AND answer.financial_status = 'APPROVED'
), enquired AS (
    SELECT answer.id, answer.terminal_id, answer.sent_at, answer.is_read, answer.total,
           coalesce(answer.enquiry_date, %(day_of_answer)s) AS day,
           coalesce(answer.enquiry_date, %(bank_day)s) AS bank_day
      FROM pos_sci_settlement answer
      LEFT JOIN pos_session session ON session.id = answer.session_id
     WHERE answer.kind = 'enquiry' AND answer.financial_status = 'APPROVED'
), lines AS (
    SELECT coalesce(counted.terminal_id, settled.terminal_id) AS terminal_id,
           coalesce(counted.company_id, settled.company_id) AS company_id,
           coalesce(counted.currency_id, settled.currency_id) AS currency_id,
           coalesce(counted.day, settled.day) AS day, counted.open_day,
           coalesce(settled.id, enquiry.id) AS answer_id, settled.id AS settlement_id,
           coalesce(settled.bank_day, enquiry.bank_day) AS bank_day,
           coalesce(settled.is_read, enquiry.is_read) AS is_read,
           coalesce(settled.total, enquiry.total) AS total,
           coalesce(number, 0) AS number, coalesce(unresolved, 0) AS unresolved,
           coalesce(expected, 0) AS expected, %(names)s
      FROM counted
      FULL JOIN settled ON settled.id = counted.settlement_id
      LEFT JOIN LATERAL (
          SELECT * FROM enquired
           WHERE counted.settlement_id IS NULL AND settled.id IS NULL
             AND enquired.terminal_id = counted.terminal_id
             AND enquired.day = counted.open_day
             AND enquired.sent_at > counted.last_sent_at
           ORDER BY enquired.id DESC LIMIT 1) enquiry ON TRUE
)
SELECT CASE WHEN settlement_id IS NOT NULL THEN 2 * settlement_id
            ELSE 2 * (100000 * terminal_id::bigint + (open_day - DATE '2000-01-01')) + 1
            END AS id,
       lines.*,
       CASE WHEN is_read THEN total END AS bank_total,
       CASE WHEN is_read THEN total - expected END AS difference,
       CASE WHEN answer_id IS NULL THEN 'not_asked'
            WHEN is_read IS NOT TRUE THEN 'unreadable'
            WHEN round(total - expected, 4) <> 0 THEN 'differs'
            ELSE 'agrees' END AS state
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

    def day_of(moment):
        local = "({} AT TIME ZONE 'UTC' AT TIME ZONE %s)::date"
        return SQL(local.format(moment), time_zone)

    sums = [SQL(f"sum({value}) AS {name}") for name, value in AMOUNTS.items()]
    names = [SQL(f"coalesce({name}, 0) AS {name}") for name in AMOUNTS]
    return SQL(
        _QUERY,
        day_of_row=day_of("coalesce(session.start_at, entry.create_date)"),
        day_of_answer=day_of("coalesce(session.start_at, answer.sent_at)"),
        bank_day=day_of("coalesce(answer.finalised_at, answer.sent_at)"),
        paid=SQL(PAID.sql),
        unresolved=SQL(UNRESOLVED.sql),
        columns=SQL(", ").join(sums),
        names=SQL(", ").join(names),
    )

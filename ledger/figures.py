"""What people search, group and add up: derived from a row by one formula and kept in
columns of its own, so that lists, graphs and the reconciliation can use it.

Nothing is decided by them; the row's statuses and amounts are the truth.
"""

import re

from odoo.tools import SQL

from . import amounts, rows
from .states import OCCUPYING, PAID

#: How a terminal begins its final message: ``(051) DECLINED``.
_RESPONSE_CODE = re.compile(r"\s*\((\w{1,40})\)")


def of(row):
    """``{column: value}``; amounts in the row's currency."""
    charged = amounts.charged_amounts(row) if PAID.holds(row) else {}
    return {
        "result": result_of(row),
        "response_code": _response_code(row),
        "paid_amount": amounts.in_currency_of(row, amounts.signed_total(charged)),
        **{
            name: amounts.in_currency_of(row, charged.get(name, 0))
            for name in ("tip_amount", "surcharge_amount", "cashout_amount")
        },
    }


def result_of(row):
    """The bank's answer where there is one, else what a person has stated."""
    if row.financial_status == "APPROVED":
        return "approved"
    if row.override_outcome:
        return "by_hand" if row.override_outcome == "yes" else "not_by_hand"
    if row.financial_status in ("DECLINED", "CANCELLED"):
        return row.financial_status.lower()
    if row.status == "not_sent":
        return "not_sent"
    return "running" if OCCUPYING.holds(row) else "unknown"


def _response_code(row):
    found = row.status == "FINALISED" and _RESPONSE_CODE.match(row.message or "")
    return found[1] if found else None


def fill_in(env):
    """Of rows from before there were these columns."""
    env.cr.execute("SELECT id FROM pos_sci_transaction WHERE result IS NULL")
    for (row_id,) in env.cr.fetchall():
        row = rows.row(env, row_id)
        values = {**of(row), "cashier": row.create_uid.name}
        rows.change(env, row_id, SQL("result IS NULL"), **values)

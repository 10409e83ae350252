"""What cards have paid, in figures for people: counted from the ledger, by the
database."""

from datetime import UTC, datetime, time
from typing import NamedTuple

from odoo.tools import SQL

from .states import PAID


class Total(NamedTuple):
    """Card payments of one terminal or register.

    :param count: paid rows, refunds among them
    :param amount: in the currency; a refund is negative
    """

    count: int
    amount: float


NONE = Total(0, 0.0)


def midnight(env):
    """When the user's day began; in UTC, as in the database."""
    begun = datetime.combine(datetime.now(env.tz).date(), time.min)
    return env.tz.localize(begun).astimezone(UTC).replace(tzinfo=None)


def of_terminals(env, terminal_ids, since):
    """``{terminal id: total}`` of the rows that were written since a moment (UTC)."""
    return _totals(
        env, SQL("terminal_id"), terminal_ids, SQL("create_date >= %s", since)
    )


def of_sessions(env, session_ids):
    """``{session id: total}``"""
    return _totals(env, SQL("session_id"), session_ids, SQL("TRUE"))


def _totals(env, column, ids, condition):
    if not ids:
        return {}
    env.cr.execute(
        SQL(
            "SELECT %(column)s, count(*), sum(paid_amount) FROM pos_sci_transaction"
            " WHERE %(column)s IN %(ids)s AND %(condition)s AND %(paid)s"
            " GROUP BY %(column)s",
            column=column,
            ids=tuple(ids),
            condition=condition,
            paid=SQL(PAID.sql),
        )
    )
    return {
        key: Total(count, float(amount)) for key, count, amount in env.cr.fetchall()
    }


def last_accepted(env, terminal_ids):
    """``{terminal id: when it last took a payment}``, whatever became of it."""
    if not terminal_ids:
        return {}
    env.cr.execute(
        "SELECT terminal_id, max(sent_at) FROM pos_sci_transaction"
        " WHERE terminal_id IN %s AND sci_id IS NOT NULL GROUP BY terminal_id",
        [tuple(terminal_ids)],
    )
    return dict(env.cr.fetchall())

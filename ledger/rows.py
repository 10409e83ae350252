"""Rows of the ledger: finding them, and the two statements that write them.

Rows are written in short transactions only (``server/short_transactions.py``). Times
are the database's clock, so that two Odoo hosts agree.
"""

from psycopg2.extras import Json

from odoo.fields import Domain
from odoo.tools import SQL

from ..server.odoo_adapter import fill_cache
from ..server.short_transactions import after_commit
from . import fetching, terminals
from .states import OCCUPYING, PAID_UNDISPUTED, UNRESOLVED, binds

NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


def ago(seconds):
    return SQL("%s - make_interval(secs => %s)", NOW, seconds)


# -- finding -----------------------------------------------------------------------


def row(env, row_id):
    return env["pos.sci.transaction"].browse(row_id)


def of_orders(env, order_uuids):
    """All rows of these orders, whoever may read them."""
    domain = [("order_uuid", "in", [uuid for uuid in order_uuids if uuid])]
    return env["pos.sci.transaction"].sudo().search(domain)


def order_of(row):
    """The row's order, if it is on the server; of its fields, the state is read."""
    Order = row.env["pos.order"].sudo()
    return Order.search_fetch([("uuid", "=", row.order_uuid)], ["state"], limit=1)


def number_of(order):
    """What people call an order. The name of a draft is "/"."""
    return order.pos_reference or order.name


def around(env, request):
    """What the ledger knows of a payment that is asked for: the rows of the payment and
    of its order, and the row that occupies its terminal.

    :param request: :class:`~.request.StartRequest`
    """
    query = SQL(
        "SELECT id FROM pos_sci_transaction"
        " WHERE payment_uuid = %s OR order_uuid = %s OR terminal_id = %s AND %s"
        " ORDER BY id DESC",
        request.payment_uuid,
        request.order_uuid,
        request.terminal_id,
        SQL(OCCUPYING.sql),
    )
    return row(env, [row_id for (row_id,) in env.execute_query(query)])


def of_payments(env, payment_uuids):
    """All rows of these payments, whoever may read them."""
    domain = [("payment_uuid", "in", [uuid for uuid in payment_uuids if uuid])]
    return env["pos.sci.transaction"].sudo().search(domain)


def binding(env, payment_uuids):
    """Rows of these payments that are unresolved or paid, whoever may read them."""
    return of_payments(env, payment_uuids).filtered(binds)


def other_stands(row):
    """Whether another attempt of the row's payment is unresolved, or paid without
    anybody having said otherwise."""
    others = of_payments(row.env, [row.payment_uuid]) - row
    return any(UNRESOLVED.holds(it) or PAID_UNDISPUTED.holds(it) for it in others)


def unresolved(env, condition):
    """Unresolved rows that meet a further condition, whoever may read them.

    :param condition: domain
    """
    Transaction = env["pos.sci.transaction"].sudo()
    return Transaction.search(UNRESOLVED.domain & Domain(condition))


def any_of(terminal):
    """Whether a terminal has a history: a payment was ever sent to it."""
    Transaction = terminal.env["pos.sci.transaction"].sudo()
    return bool(Transaction.search_count([("terminal_id", "=", terminal.id)], limit=1))


def occupants(env, terminals_):
    """``{terminal id: row of the payment that it takes now}``"""
    on_terminals = Domain("terminal_id", "in", terminals_.ids)
    Transaction = env["pos.sci.transaction"].sudo()
    found = Transaction.search(OCCUPYING.domain & on_terminals)
    return {row.terminal_id.id: row for row in found}


# -- writing -----------------------------------------------------------------------


def insert(env, values):
    """``INSERT … ON CONFLICT DO NOTHING``.

    :return: the new row's id, or ``None`` when this attempt exists or the terminal
        is taken
    """
    stamped = {
        **values,
        "version": 0,
        "given_up": False,
        "create_uid": env.uid,
        "write_uid": env.uid,
    }
    names = [SQL.identifier(name) for name in stamped]
    query = SQL(
        "INSERT INTO pos_sci_transaction (%s, create_date, write_date, followed_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
        SQL(", ").join(names),
        SQL(", ").join(SQL("%s", _adapted(value)) for value in stamped.values()),
        NOW,
        NOW,
        NOW,
    )
    env.cr.execute(query, log_exceptions=False)
    found = env.cr.fetchone()
    return found and found[0]


def change(env, row_id, condition, **values):
    """Compare-and-set: set ``values`` if ``condition`` (SQL) still holds. What the ORM
    has read of the row counts no more; nothing else is changed.

    :return: whether this caller made the change
    """
    return bool(_update(env, row_id, condition, values, SQL("id")))


def change_and_read(env, row_id, condition, **values):
    """:func:`change`, and read what a register is shown of the row.

    :return: the row, if this caller made the change, else none
    """
    changed = row(env, row_id)
    names = fetching.SHOWN_ROW
    returned = fetching.columns(changed, names)
    shown = _update(env, row_id, condition, values, returned)
    if not shown:
        return changed.browse()
    fill_cache(changed, names, shown)
    return changed


def _update(env, row_id, condition, values, returned):
    env.flush_all()
    assignments = SQL(", ").join(
        SQL(
            "%s = %s",
            SQL.identifier(name),
            value if isinstance(value, SQL) else _adapted(value),
        )
        for name, value in values.items()
    )
    query = SQL(
        "UPDATE pos_sci_transaction SET %s, write_date = %s WHERE id = %s AND (%s)"
        " RETURNING %s",
        assignments,
        NOW,
        row_id,
        condition,
        returned,
    )
    env.cr.execute(query, log_exceptions=False)
    row(env, row_id).invalidate_recordset(flush=False)
    return env.cr.fetchone()


def _adapted(value):
    return Json(value) if isinstance(value, dict) else value


# -- telling the registers ---------------------------------------------------------


def announce_after_commit(env, row_id, terminal_changed):
    """Hint to the register's tabs that the row has changed; the row is the truth.

    :param terminal_changed: tell all registers that use the terminal, which is taken
        or free now
    """
    after_commit(env, _announce, row_id, terminal_changed)


def _announce(env, row_id, terminal_changed):
    found = row(env, row_id)
    # Of a register's hundred fields, this needs one.
    register = found.config_id.with_context(prefetch_fields=False)
    register._notify("MX51_SCI_TRANSACTION", {"id": found.id, "version": found.version})
    if terminal_changed:
        terminals.notify_registers(found.terminal_id)

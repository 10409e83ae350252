"""What a register's closing shows of each terminal: counted from the ledger, and beside
it what the bank says (``docs/ux.md`` "Closing").

Amounts are integers in minor units, moments are UTC as text.
"""

from datetime import timedelta

from odoo import fields

from ..server.odoo_adapter import card_methods
from . import amounts, day, rows
from .settlement import ENDS_WITHIN
from .states import PAID, UNRESOLVED

#: Payments that a register lists of its session at most.
MOST_PAYMENTS = 50


def view(session):
    """One entry for each terminal of the register, or that has taken one of the
    session's payments.

    ``session`` and ``expected`` are counted as in :func:`~.day.counted`: what belongs
    to this session, and what the bank should say.
    """
    return [_entry(session, terminal) for terminal in _terminals(session)]


def payments(session):
    """The session's last payments, the newest first."""
    found = session.env["pos.sci.transaction"].sudo()
    of_session = [("session_id", "=", session.id)]
    found = found.search(of_session, order="id desc", limit=MOST_PAYMENTS)
    return [_row_view(row) for row in found]


def rows_behind(session, terminal_id, scope, name):
    """The payments behind one of the numbers. The ``amount`` of each is its part of the
    number: together they are what it says.

    :param scope: ``session`` or ``expected``
    :param name: as in :func:`~.day.counted`, or ``unresolved`` or ``later``
    """
    found = _terminals(session).filtered(lambda it: it.id == terminal_id)
    if not found:
        return []
    answer, _tried = _answers(session, found)
    of_session, of_bank = _of_session(session, found), _expected(found, answer)
    if name == "unresolved":
        behind = _unresolved(of_session, of_bank)
    elif name == "later":
        behind = _later(of_session, answer)
    else:
        behind = day.with_amount(of_bank if scope == "expected" else of_session, name)
    return [{**_row_view(row), "amount": day.part(row, name)} for row in behind]


def _terminals(session):
    config = session.config_id.sudo()
    found = config.sci_terminal_id
    found |= card_methods(config).sci_terminal_ids
    found = found.filtered(lambda terminal: terminal.state == "paired")
    of_session = [("session_id", "=", session.id)]
    groups = (
        session.env["pos.sci.transaction"]
        .sudo()
        ._read_group(of_session, ["terminal_id"])
    )
    for (terminal,) in groups:
        found |= terminal
    return found.sorted("name")


def _of_session(session, terminal):
    domain = [("session_id", "=", session.id), ("terminal_id", "=", terminal.id)]
    return session.env["pos.sci.transaction"].sudo().search(domain)


def _answers(session, terminal):
    """What the bank has said of the current day since the session opened.

    :return: the last settlement or enquiry that brought totals, and the last one since
        then that did not
    """
    Settlement = session.env["pos.sci.settlement"].sudo()
    since = [
        ("terminal_id", "=", terminal.id),
        ("enquiry_date", "=", False),
        ("sent_at", ">=", session.start_at or session.create_date),
    ]
    last = Settlement.search(since, limit=1)
    approved = [("financial_status", "=", "APPROVED")]
    answer = Settlement.search(since + approved, limit=1)
    return answer, last - answer


def _expected(terminal, answer):
    """The payments that the bank's answer is about, or would be."""
    if answer:
        return day.rows_of(answer)
    return day.between(terminal, day.beginning(terminal).at)


def _entry(session, terminal):
    answer, tried = _answers(session, terminal)
    of_session = _of_session(session, terminal)
    of_bank = _expected(terminal, answer)
    expected = day.counted(of_bank)
    settled = day.last_settlement(terminal)
    before = answer.sent_at or None
    since = answer.day_begins_at or day.beginning(terminal, before).at
    total = (answer.totals or {}).get("total")
    difference = total[1] - expected["total"][1] if total else 0
    is_compared = bool(total) and (answer.is_begin_known or not difference)
    return {
        "terminal_id": terminal.id,
        "name": terminal.name,
        "paired": terminal.state == "paired",
        "session": day.counted(of_session),
        "expected": expected,
        "since": _moment(since),
        "is_since_settled": day.last_settlement(terminal, before).sent_at == since,
        "settled_at": _moment(settled.sent_at),
        "bank": settlement_view(answer) if answer else False,
        "tried": settlement_view(tried) if tried else False,
        "difference": difference if is_compared else False,
        "is_compared": is_compared,
        "is_unsure": bool(total) and not is_compared,
        "later": len(_later(of_session, answer)),
        "unresolved": len(_unresolved(of_session, of_bank)),
    }


def _unresolved(of_session, of_bank):
    return (of_session | of_bank).filtered(UNRESOLVED.holds)


def _later(of_session, answer):
    """Payments that the bank's answer cannot know of."""
    return of_session.filtered(
        lambda row: answer and row.sent_at and row.sent_at > answer.sent_at
    ).filtered(PAID.holds)


def settlement_view(settlement):
    """A settlement or an enquiry as the browser may see it. ``until`` is when it is
    waited for no longer."""
    until = settlement.sent_at + timedelta(seconds=ENDS_WITHIN)
    return {
        "id": settlement.id,
        "kind": settlement.kind,
        "status": settlement.status,
        "financial_status": settlement.financial_status,
        "message": settlement.message or "",
        "at": _moment(settlement.sent_at),
        "until": _moment(until),
        "day": fields.Date.to_string(settlement.enquiry_date) or False,
        "totals": settlement.totals or False,
        "receipt": settlement.receipt or False,
        "terminal_name": settlement.terminal_id.name,
    }


def _row_view(row):
    labels = dict(row._fields["result"]._description_selection(row.env))
    kinds = dict(row._fields["kind"]._description_selection(row.env))
    order = rows.order_of(row)
    return {
        "id": row.id,
        "at": _moment(row.sent_at or row.create_date),
        "kind": kinds[row.kind],
        "terminal": row.terminal_id.name,
        "amount": amounts.charged(row),
        "charged": amounts.charged(row),
        "order_uuid": row.order_uuid,
        "order": rows.number_of(order) or "",
        "cashier": row.cashier or "",
        "outcome": row.result,
        "result": labels.get(row.result, ""),
        "message": row.message or row.error_message or "",
    }


def _moment(value):
    return fields.Datetime.to_string(value) or False

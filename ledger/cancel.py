"""The cancel request of a row (``docs/ledger.md`` "A cancel that gets no answer").

It is kept from the first press on and sent once; again only where it is certain that
nothing was done, or where nothing is known and a person asks again. What changes a row
is the work of one short transaction each.
"""

from odoo.tools import SQL

from . import transitions
from .rows import NOW, ago, change
from .states import AT_TERMINAL, NOT_FINAL

#: Seconds after which a cancel request without a result was interrupted: more than
#: the request may take.
STALE_AFTER = 20

#: It left, and nothing is known of it; :func:`state` says the same of a record.
_UNANSWERED = SQL(
    "(cancel_sent_at IS NOT NULL AND (cancel_result = 'no_answer'"
    " OR cancel_result IS NULL AND cancel_sent_at < %s))",
    ago(STALE_AFTER),
)
_NOT_FINAL = SQL(NOT_FINAL.sql)


def is_wanted(row):
    """Whether a cancel request is to be sent, or has been."""
    return bool(row.cancel_requested_at or row.override_outcome)


def state(row, now):
    """What became of the cancel request; see ``cancel_state`` in :mod:`.view`.

    :param now: naive UTC
    """
    if not row.cancel_requested_at:
        return False
    if row.cancel_result or not row.cancel_sent_at:
        return row.cancel_result or "due"
    is_stale = (now - row.cancel_sent_at).total_seconds() > STALE_AFTER
    return "no_answer" if is_stale else "sent"


def request(env, row_id):
    """A cashier asks to cancel; kept once. A row that has not left yet ends here."""
    text = env._("Cancelled. Nothing was charged.")
    if transitions.refuse(env, row_id, "cancelled", text):
        return change(env, row_id, SQL("TRUE"), cancel_requested_at=NOW)
    return change(
        env,
        row_id,
        SQL(
            "cancel_requested_at IS NULL AND (status = 'sending' OR %s"
            " OR status = 'unknown' AND sci_id IS NOT NULL)",
            SQL(AT_TERMINAL.sql),
        ),
        cancel_requested_at=NOW,
    )


def claim(env, row_id, is_pressed=False):
    """Only the caller that gets this may post the cancel request.

    :param is_pressed: a person asks for it now, which allows it once more where nothing
        is known of the one before
    """
    return change(
        env,
        row_id,
        SQL(
            "(cancel_sent_at IS NULL OR %s) AND sci_id IS NOT NULL"
            " AND (status = 'unknown' OR %s)",
            _UNANSWERED if is_pressed else SQL("FALSE"),
            SQL(AT_TERMINAL.sql),
        ),
        cancel_sent_at=NOW,
        cancel_result=None,
    )


def accepted(env, row_id):
    """mx51 has taken the cancel request; only polling shows how it ends."""
    return change(env, row_id, _NOT_FINAL, cancel_result="accepted")


def failed(env, row_id, did_nothing):
    """The cancel request was not answered as it should be.

    :param did_nothing: whether that is certain: then it is due again
    """
    if did_nothing:
        values = {"cancel_result": "refused", "cancel_sent_at": None}
    else:
        values = {"cancel_result": "no_answer"}
    return change(env, row_id, _NOT_FINAL, **values)

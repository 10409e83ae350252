"""The cancel request of a row (``docs/ledger.md`` "A cancel that gets no answer").

It is kept from the first press on and sent once; again only where it is certain that
nothing was done, or where nothing is known and a person asks again. What changes a row
is the work of one short transaction each.
"""

from datetime import timedelta

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
#: HTTP statuses of refusals that pass by themselves (none: it has not left): a clock or
#: a key is put right, the terminal comes back, mx51 has less to do.
PASSING = {None, 401, 424, 429}
#: Seconds from the press on, in which each poll sends one again that was refused for
#: another reason. Then the pauses grow: each is as long as all of them before.
SENT_OFTEN = 10
_MAY_BE_REPEATED = SQL(
    "(cancel_result = 'refused' AND %s - cancel_sent_at"
    " >= cancel_sent_at - cancel_requested_at - make_interval(secs => %s))",
    NOW,
    SENT_OFTEN,
)


def is_wanted(row):
    """Whether a cancel request is to be sent, or has been."""
    return bool(row.cancel_requested_at or row.override_outcome)


def is_due(row, now):
    """Whether the next poll has to send it.

    :param now: naive UTC
    """
    sent_at, asked_at = row.cancel_sent_at, row.cancel_requested_at
    if not sent_at:
        return is_wanted(row)
    if row.cancel_result != "refused" or not asked_at:
        return False
    return now - sent_at >= sent_at - asked_at - timedelta(seconds=SENT_OFTEN)


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
            "(cancel_sent_at IS NULL OR %s OR %s) AND sci_id IS NOT NULL"
            " AND (status = 'unknown' OR %s)",
            _MAY_BE_REPEATED,
            _UNANSWERED if is_pressed else SQL("FALSE"),
            SQL(AT_TERMINAL.sql),
        ),
        cancel_sent_at=NOW,
        cancel_result=None,
    )


def accepted(env, row_id):
    """mx51 has taken the cancel request; only polling shows how it ends."""
    return change(env, row_id, _NOT_FINAL, cancel_result="accepted")


def failed(env, row_id, did_nothing, http_status=None):
    """The cancel request was not answered as it should be.

    :param did_nothing: whether that is certain: then it is due again, at once or later
    :param http_status: of the answer that says so
    """
    values = {"cancel_result": "refused" if did_nothing else "no_answer"}
    if did_nothing and http_status in PASSING:
        values["cancel_sent_at"] = None
    return change(env, row_id, _NOT_FINAL, **values)

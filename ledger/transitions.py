"""The ledger's transitions, each a compare-and-set (``docs/ledger.md`` "Events").

Every function is the work of one short transaction: ``function(env, …)``, run by
:class:`~..server.short_transactions.ShortTransactions`.
"""

import json
import logging

from odoo.tools import SQL

from . import comparison, connection, dues, figures, posting
from .amounts import in_currency, signed_total
from .reviews import raise_item
from .rows import (
    NOW,
    ago,
    announce_after_commit,
    change,
    change_and_read,
    other_stands,
    row,
)
from .states import AT_TERMINAL, NOT_CHARGED, NOT_FINAL, OCCUPYING, PAID

_logger = logging.getLogger(__name__)

#: Seconds after which a request in this status is taken for interrupted.
DRAFT_STALE_AFTER = 15
SENDING_STALE_AFTER = 30
#: Seconds after which "no such pairing or transaction" counts.
MISSING_AFTER = 10
#: Seconds without a poll after which silence starts to count again from zero: more
#: than lies between two polls that are held, less than the silence that opens the
#: override's window.
FOLLOWED_GAP = 45

_NOT_FINAL = SQL(NOT_FINAL.sql)


def _finish(env, row_id, condition, *, terminal_taken=False, is_quiet=False, **values):
    """:func:`~.rows.change`, then into the order, and hint to the register's tabs.

    :param terminal_taken: tell the terminal's registers too, as when it becomes free
    :param is_quiet: no tab follows the row yet
    """
    changed = change_and_read(env, row_id, condition, **values)
    if changed:
        due = {"posting_due": posting.after_answer(env, row_id)}
        due.update(figures.of(changed))
        if comparison.is_due_at_once(changed):
            due["review_due"] = True
        if any(changed[name] != (value or False) for name, value in due.items()):
            changed = change_and_read(env, row_id, SQL("TRUE"), **due)
        terminal_changed = terminal_taken or not OCCUPYING.holds(changed)
        if terminal_changed or not is_quiet:
            announce_after_commit(env, row_id, terminal_changed)
    return bool(changed)


# -- start -------------------------------------------------------------------------


def refuse(env, row_id, code, message, status="draft", cause=None):
    """mx51 or we refused before anything was charged.

    :param cause: what is known of it, see :func:`~..server.causes.facts`
    """
    changed = _finish(
        env,
        row_id,
        SQL("status = %s", status),
        status="not_sent",
        error_code=code,
        error_message=message,
        error_cause=cause,
    )
    connection.learn(row(env, row_id), error={"code": code})
    return changed


def mark_sending(env, row_id):
    """The last thing before the create POST: only the caller that gets the row may
    send it."""
    return change(
        env,
        row_id,
        SQL("status = 'draft'"),
        status="sending",
        sent_at=NOW,
        silent_since=NOW,
    )


def mark_unknown(env, row_id, error=None, sci_id=None, cause=None):
    """The create POST left and no usable answer came.

    :param sci_id: mx51's id, if an answer had at least that: it can be polled
    :param cause: as of :func:`refuse`
    """
    if sci_id and env["pos.sci.transaction"].search_count([("sci_id", "=", sci_id)]):
        sci_id = None
    return _finish(
        env,
        row_id,
        SQL("status = 'sending'"),
        status="unknown",
        sci_id=sci_id,
        error_code=error and error["code"],
        error_message=error and error["message"],
        error_cause=cause,
    )


def expire(env, interrupted):
    """End a start whose request was interrupted, whoever comes across its row.

    If that request is still running after all, it fails to get ``sending`` and posts
    nothing.
    """
    if interrupted.status == "draft":
        message = env._("The request was interrupted. Nothing was charged.")
        return _finish(
            env,
            interrupted.id,
            SQL("status = 'draft' AND create_date < %s", ago(DRAFT_STALE_AFTER)),
            status="not_sent",
            error_code="interrupted",
            error_message=message,
        )
    if interrupted.status == "sending":
        return _finish(
            env,
            interrupted.id,
            SQL("status = 'sending' AND sent_at < %s", ago(SENDING_STALE_AFTER)),
            status="unknown",
        )
    return False


def created(env, row_id, transaction):
    """The create POST was answered with a whole transaction.

    The first version is announced to nobody: the register has it in the answer to
    its start, other tabs get the second.
    """
    changed = _finish(
        env,
        row_id,
        SQL("status = 'sending'"),
        terminal_taken=transaction.version > 1,
        is_quiet=transaction.version <= 1,
        sci_id=transaction.id,
        **_values(env, row_id, transaction),
    )
    if not changed:
        # It was taken for interrupted meanwhile: with its id it can be polled.
        change(
            env,
            row_id,
            SQL("status = 'unknown' AND sci_id IS NULL"),
            sci_id=transaction.id,
        )
        _logger.info("Answer to row %s came after it was given up", row_id)
    connection.learn(row(env, row_id), transaction=transaction)
    return changed


# -- polls -------------------------------------------------------------------------


def answered(env, row_id, transaction):
    """An answer about a row with an id: a new version, or a sign of life.

    :return: whether it was a new version
    """
    known = row(env, row_id)
    known.fetch(["sci_id", "version", "exponent"])
    is_newer = transaction.version > known.version
    if is_newer and transaction.id == known.sci_id:
        changed = _finish(
            env,
            row_id,
            SQL(
                "sci_id = %s AND version < %s AND %s",
                transaction.id,
                transaction.version,
                _NOT_FINAL,
            ),
            terminal_taken=known.version <= 1,
            **_values(env, row_id, transaction),
        )
        if changed:
            connection.learn(row(env, row_id), transaction=transaction)
            return True
    service_responded(env, row_id)
    return False


def _values(env, row_id, transaction):
    final = transaction.status == "FINALISED"
    present = transaction.present()
    if present.get("result_amounts"):
        total = signed_total(present["result_amounts"])
        exponent = row(env, row_id).exponent
        present["result_amount"] = in_currency(total, exponent)
    elif "result_amounts" in present:
        present["result_amount"] = None
    if present.get("pos_instructions"):
        present["pos_instructions"] = json.dumps(present["pos_instructions"])
    return {
        "status": transaction.status,
        "version": transaction.version,
        "financial_status": transaction.financial_status,
        **present,
        "error_code": None,
        "error_message": None,
        "silent_since": NOW,
        "followed_at": NOW,
        "lost_since": None,
        "is_lost": False,
        "finalised_at": NOW if final else None,
    }


def service_responded(env, row_id, error=None):
    """mx51 answered about the row without a new version.

    :param error: ``{code, message}`` to show meanwhile, such as a terminal that is
        not connected
    """
    changed = change_and_read(
        env,
        row_id,
        _NOT_FINAL,
        silent_since=NOW,
        followed_at=NOW,
        lost_since=None,
        is_lost=False,
        error_code=error and error["code"],
        error_message=error and error["message"],
    )
    connection.learn(row(env, row_id), error=error)
    return bool(changed)


def not_known_to_service(env, row_id):
    """mx51 does not (or no longer) know the pairing or the transaction. This counts if
    it says the same again some time later."""
    return change(
        env,
        row_id,
        _NOT_FINAL,
        is_lost=SQL("coalesce(lost_since < %s, FALSE)", ago(MISSING_AFTER)),
        lost_since=SQL("coalesce(lost_since, %s)", NOW),
        followed_at=NOW,
    )


def poll_failed(env, row_id):
    """A poll got no usable answer. The row is still being followed."""
    return change(env, row_id, _NOT_FINAL, followed_at=NOW)


def poll_begins(env, row_id):
    """The row is being followed. Silence counts only while it is."""
    return change(
        env,
        row_id,
        _NOT_FINAL,
        silent_since=SQL(
            "CASE WHEN followed_at < %s THEN %s ELSE silent_since END",
            ago(FOLLOWED_GAP),
            NOW,
        ),
        followed_at=NOW,
    )


# -- what people do ----------------------------------------------------------------


def claim_submit(env, row_id, version, is_cancel=False):
    """Only the caller that gets this may post the button of that version's form.

    :param is_cancel: the button asks to cancel, and its post is the cancel request
    """
    cancel = {
        "cancel_requested_at": SQL("coalesce(cancel_requested_at, %s)", NOW),
        "cancel_sent_at": NOW,
        "cancel_result": None,
    }
    return change(
        env,
        row_id,
        SQL(
            "version = %s AND %s"
            " AND override_outcome IS NULL AND given_up IS NOT TRUE"
            " AND coalesce(submitted_version, 0) < version",
            version,
            SQL(AT_TERMINAL.sql),
        ),
        submitted_version=version,
        **(cancel if is_cancel else {}),
    )


def release_submit(env, row_id, version):
    """The button was not posted: it may be pressed again."""
    return change(
        env, row_id, SQL("submitted_version = %s", version), submitted_version=None
    )


def override(env, row_id, outcome, reason, employee=None):
    """A person states the outcome: once, and Yes only while no other attempt stands."""
    dues.serialise(env, row(env, row_id).order_uuid)  # against a new attempt
    if outcome == "yes" and other_stands(row(env, row_id)):
        return False
    return _finish(
        env,
        row_id,
        SQL(
            "override_outcome IS NULL AND (financial_status = 'UNKNOWN'"
            " OR status = 'unknown' OR %s)",
            SQL(AT_TERMINAL.sql),
        ),
        override_outcome=outcome,
        override_reason=reason,
        override_user_id=env.uid,
        override_employee=employee,
        override_at=NOW,
    )


def state_against(env, row_id, reason, employee=None):
    """A manager states that the terminal's receipt says approved, against mx51's final
    answer: once, and only while this is the payment's last attempt and it is not paid.
    The answer stays as it is.
    """
    dues.serialise(env, row(env, row_id).order_uuid)  # against a new attempt
    return _finish(
        env,
        row_id,
        SQL(
            "override_outcome IS NULL AND status = 'FINALISED'"
            " AND financial_status IN %s AND NOT EXISTS ("
            "SELECT 1 FROM pos_sci_transaction other"
            " WHERE other.payment_uuid = pos_sci_transaction.payment_uuid"
            " AND other.id <> pos_sci_transaction.id"
            " AND (other.attempt > pos_sci_transaction.attempt OR %s))",
            NOT_CHARGED,
            SQL(PAID.sql),
        ),
        override_outcome="yes",
        override_reason=reason,
        override_user_id=env.uid,
        override_employee=employee,
        override_at=NOW,
    )


def give_up(env, row_id):
    """No final answer in a day: free the terminal, leave it to a manager."""
    changed = _finish(
        env,
        row_id,
        SQL("%s AND override_outcome IS NULL", SQL(AT_TERMINAL.sql)),
        given_up=True,
    )
    if changed:
        text = env._("No final answer within 24 hours.")
        raise_item(env, "day_without_answer", text, row=row(env, row_id))
    return changed

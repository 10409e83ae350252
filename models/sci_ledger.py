"""The ledger's transitions, each a compare-and-set (``ledger-states.md``, "Events").

Every function is the work of one short transaction: ``function(env, …)`` run by
:class:`~.short_transactions.ShortTransactions`. Times are the database's clock, so
that two Odoo hosts agree.
"""

import json
import logging

from psycopg2.extras import Json

from odoo.tools import SQL

from .short_transactions import after_commit

_logger = logging.getLogger(__name__)

OCCUPYING = ("draft", "sending", "PENDING", "AWAITING_POS")
#: Seconds after which whoever meets the row knows that its request is dead.
DRAFT_DIES_AFTER = 15
SENDING_DIES_AFTER = 30
#: Seconds after which "no such pairing or transaction" is believed.
LOST_AFTER = 10
#: Seconds without a follower after which silence starts to count anew: more than a
#: held poll lasts, less than the silence that opens the override's window.
FOLLOWED_GAP = 45

_NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


def signed_total(amounts):
    """All of ``amounts`` in minor units; a refund counts against the shop."""
    return sum(
        -amount if name == "refund_amount" else amount
        for name, amount in (amounts or {}).items()
    )


def rows(env, ids):
    return env["pos.sci.transaction"].browse(ids)


def tell(env, row_id, is_for_all):
    """A hint for the register's tabs; the row is the truth.

    :param is_for_all: tell the terminal's other registers that it is taken or free
    """
    row = rows(env, row_id)
    # Of a register's hundred fields, this needs one.
    register = row.config_id.with_context(prefetch_fields=False)
    register._notify("MX51_SCI_TRANSACTION", {"id": row.id, "version": row.version})
    if is_for_all:
        row.terminal_id._notify_registers()


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
        _NOW,
        _NOW,
        _NOW,
    )
    env.cr.execute(query, log_exceptions=False)
    row = env.cr.fetchone()
    return row and row[0]


def _adapted(value):
    return Json(value) if isinstance(value, dict) else value


def change(env, row_id, condition, **values):
    """Set ``values`` if ``condition`` (SQL) still holds; tell the register.

    :return: whether this caller made the change
    """
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
        " RETURNING id",
        assignments,
        _NOW,
        row_id,
        condition,
    )
    env.cr.execute(query, log_exceptions=False)
    changed = bool(env.cr.fetchone())
    env.invalidate_all()
    return changed


def refuse(env, row_id, code, message, status="draft"):
    """mx51 or we said no before anything was charged."""
    return _finish(
        env,
        row_id,
        SQL("status = %s", status),
        status="not_sent",
        error_code=code,
        error_message=message,
    )


def mark_sending(env, row_id):
    """The last thing before the create POST: only who gets the row may send it."""
    return change(
        env,
        row_id,
        SQL("status = 'draft'"),
        status="sending",
        sent_at=_NOW,
        silent_since=_NOW,
    )


def mark_unknown(env, row_id, error=None, sci_id=None):
    """The create POST left and no usable answer came.

    :param sci_id: the id, where an answer had that at least: it can be asked about
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
    )


def reap(env, row):
    """A dead request, met by whoever comes along.

    Its owner, should it still live, then fails to get ``sending`` and posts nothing.
    """
    if row.status == "draft":
        message = env._("The request was interrupted. Nothing was charged.")
        return _finish(
            env,
            row.id,
            SQL("status = 'draft' AND create_date < %s", _ago(DRAFT_DIES_AFTER)),
            status="not_sent",
            error_code="interrupted",
            error_message=message,
        )
    if row.status == "sending":
        return _finish(
            env,
            row.id,
            SQL("status = 'sending' AND sent_at < %s", _ago(SENDING_DIES_AFTER)),
            status="unknown",
        )
    return False


def _ago(seconds):
    return SQL("%s - make_interval(secs => %s)", _NOW, seconds)


def _finish(env, row_id, condition, *, is_taken=False, is_quiet=False, **values):
    """:func:`change`, and tell the register's tabs.

    :param is_taken: tell the terminal's registers too, as when it becomes free
    :param is_quiet: nobody follows the row yet, whose tabs would want to know
    """
    changed = change(env, row_id, condition, **values)
    if changed:
        row = rows(env, row_id)
        if row._must_be_reviewed():
            change(env, row_id, SQL("TRUE"), review_due=True)
        is_for_all = is_taken or not row._occupying
        if is_for_all or not is_quiet:
            after_commit(env, tell, row_id, is_for_all)
    return changed


def created(env, row_id, transaction):
    """The create POST was answered with a whole transaction.

    Of the first version nobody is told: the register knows by the answer to its
    start, the others hear with the second.
    """
    changed = _finish(
        env,
        row_id,
        SQL("status = 'sending'"),
        is_taken=transaction.version > 1,
        is_quiet=transaction.version <= 1,
        sci_id=transaction.id,
        **_values(env, row_id, transaction),
    )
    if not changed:
        # The request was taken for dead meanwhile: with its id it can be asked about.
        change(
            env,
            row_id,
            SQL("status = 'unknown' AND sci_id IS NULL"),
            sci_id=transaction.id,
        )
        _logger.info("Answer to row %s came after it was given up", row_id)
    return changed


def answered(env, row_id, transaction):
    """An answer about a row with an id: a new version, or a sign of life."""
    row = rows(env, row_id)
    if transaction.id != row.sci_id:
        return alive(env, row_id)
    changed = _finish(
        env,
        row_id,
        SQL(
            "sci_id = %s AND version < %s AND status NOT IN ('FINALISED', 'not_sent')",
            transaction.id,
            transaction.version,
        ),
        is_taken=row.version <= 1,
        **_values(env, row_id, transaction),
    )
    if not changed:
        alive(env, row_id)
    return changed


def _values(env, row_id, transaction):
    final = transaction.status == "FINALISED"
    present = transaction.present()
    if present.get("result_amounts"):
        unit = 10 ** rows(env, row_id).currency_id.decimal_places
        present["result_amount"] = signed_total(present["result_amounts"]) / unit
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
        "silent_since": _NOW,
        "followed_at": _NOW,
        "lost_since": None,
        "is_lost": False,
        "finalised_at": _NOW if final else None,
    }


def alive(env, row_id, error=None):
    """mx51 spoke about the row without a new version.

    :param error: ``{code, message}`` to show meanwhile, such as a terminal that is
        not connected
    """
    return change(
        env,
        row_id,
        SQL("status NOT IN ('FINALISED', 'not_sent')"),
        silent_since=_NOW,
        followed_at=_NOW,
        lost_since=None,
        is_lost=False,
        error_code=error and error["code"],
        error_message=error and error["message"],
    )


def lost(env, row_id):
    """mx51 does not know the pairing or the transaction (any more). Believed when it
    still says so some time later."""
    return change(
        env,
        row_id,
        SQL("status NOT IN ('FINALISED', 'not_sent')"),
        is_lost=SQL("coalesce(lost_since < %s, FALSE)", _ago(LOST_AFTER)),
        lost_since=SQL("coalesce(lost_since, %s)", _NOW),
        followed_at=_NOW,
    )


def asked(env, row_id):
    """Nobody answered; somebody still asks."""
    return change(
        env, row_id, SQL("status NOT IN ('FINALISED', 'not_sent')"), followed_at=_NOW
    )


def follow(env, row_id):
    """Somebody asks. Silence counts only while somebody does."""
    return change(
        env,
        row_id,
        SQL("status NOT IN ('FINALISED', 'not_sent')"),
        silent_since=SQL(
            "CASE WHEN followed_at < %s THEN %s ELSE silent_since END",
            _ago(FOLLOWED_GAP),
            _NOW,
        ),
        followed_at=_NOW,
    )


def request_cancel(env, row_id):
    """The cashier's wish, kept once. A row that has not left yet ends here."""
    text = env._("Cancelled. Nothing was charged.")
    if refuse(env, row_id, "cancelled", text):
        return change(env, row_id, SQL("TRUE"), cancel_requested_at=_NOW)
    return change(
        env,
        row_id,
        SQL(
            "cancel_requested_at IS NULL"
            " AND status IN ('sending', 'PENDING', 'AWAITING_POS')"
        ),
        cancel_requested_at=_NOW,
    )


def claim_cancel(env, row_id):
    """Only who gets this may post the cancel."""
    return change(
        env,
        row_id,
        SQL(
            "cancel_sent_at IS NULL AND sci_id IS NOT NULL"
            " AND status IN ('PENDING', 'AWAITING_POS', 'unknown')"
        ),
        cancel_sent_at=_NOW,
    )


def claim_submit(env, row_id, version):
    """Only who gets this may post the button of that version's form."""
    return change(
        env,
        row_id,
        SQL(
            "version = %s AND status IN ('PENDING', 'AWAITING_POS')"
            " AND override_outcome IS NULL AND given_up IS NOT TRUE"
            " AND coalesce(submitted_version, 0) < version",
            version,
        ),
        submitted_version=version,
    )


def release_submit(env, row_id, version):
    """The press did not leave: it may be made again."""
    return change(
        env, row_id, SQL("submitted_version = %s", version), submitted_version=None
    )


def override(env, row_id, outcome, reason, employee=None):
    """A person states the outcome: once."""
    return _finish(
        env,
        row_id,
        SQL(
            "override_outcome IS NULL AND (financial_status = 'UNKNOWN'"
            " OR status = 'unknown' OR given_up IS NOT TRUE"
            " AND status IN ('PENDING', 'AWAITING_POS'))"
        ),
        override_outcome=outcome,
        override_reason=reason,
        override_user_id=env.uid,
        override_employee=employee,
        override_at=_NOW,
    )


def give_up(env, row_id):
    """Nobody got an answer for a day: free the terminal, leave it to a manager."""
    changed = _finish(
        env,
        row_id,
        SQL("status IN ('PENDING', 'AWAITING_POS') AND override_outcome IS NULL"),
        given_up=True,
    )
    if changed:
        text = env._("No final answer within 24 hours.")
        env["pos.sci.review"]._raise_item(
            "day_without_answer", text, row=rows(env, row_id)
        )
    return changed

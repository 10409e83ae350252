"""What :class:`~.sci_flow.SciFlow` does in the database between its requests to mx51:
each function is the work of one short transaction."""

import json

from odoo.fields import Domain

from ..sci.errors import (
    DeviceNotConnected,
    Incomplete,
    NoActivePairings,
    NothingNew,
    TransactionNotFound,
)
from ..sci.forms import input_values, submit_url
from . import sci_ledger as ledger
from . import sci_start
from .credentials import MissingCredentials
from .sci_arguments import is_id
from .sci_texts import error_view

#: Seconds until mx51 may be asked again about a row without it holding the request.
ASK_AGAIN = 1


def view(env, row_id, error=None):
    row = ledger.rows(env, row_id)
    if isinstance(error, str):
        sentences = {
            "different_request": env._(
                "This payment was already sent with other details; they are shown here."
            ),
            "contradicted": env._(
                "Marked as not paid, but the bank has approved it. Nothing was charged "
                "again."
            ),
            "wrong_pin": env._("Wrong PIN. Please try again."),
            "too_many_pins": env._(
                "Too many wrong PINs at this register. Please try again in 5 minutes."
            ),
            "not_submitted": env._("That was sent already, or the terminal moved on."),
            "answered": env._("The bank has answered meanwhile."),
            "override_closed": env._(
                "The terminal service may still answer. Please wait."
            ),
        }
        error = {"code": error, "message": sentences[error], "hint": ""}
    return row._public_view(error)


def begin(env, request, asked_first=False):
    row, what = sci_start.begin(env, request, asked_first)
    return row.id, what


def created(env, row_id, transaction):
    """:return: whether somebody has wished for an end meanwhile, and the view"""
    ledger.created(env, row_id, transaction)
    return wants_cancel(env, row_id), view(env, row_id)


def answered(env, row_id, transaction):
    """:return: the view, and whether to review the row now: what came in time, the
    order's sync and the session's end compare"""
    ledger.answered(env, row_id, transaction)
    row = ledger.rows(env, row_id)
    is_due = row.status == "FINALISED" and (row.review_due or _is_ordered(env, row))
    return view(env, row_id), is_due


def _is_ordered(env, row):
    finished = [("uuid", "=", row.order_uuid), ("state", "!=", "draft")]
    return env["pos.order"].search_count(finished, limit=1)


def no_version(env, row_id, exc):
    """mx51 was asked, and ``exc`` is what came instead of a version.

    :return: the view, with an error of this moment, if any
    """
    if isinstance(exc, NothingNew | Incomplete):
        ledger.alive(env, row_id)
        return view(env, row_id)
    error = error_view(env, exc)
    if isinstance(exc, DeviceNotConnected):
        ledger.alive(env, row_id, error)
        return view(env, row_id)
    if isinstance(exc, TransactionNotFound | NoActivePairings):
        ledger.lost(env, row_id)
    else:
        ledger.asked(env, row_id)
    return view(env, row_id, error)


def wants_cancel(env, row_id):
    row = ledger.rows(env, row_id)
    return bool(row.cancel_requested_at or row.override_outcome)


def look(env, row_id, known=None):
    """What a poll needs to know. There is an ``api`` if mx51 is to be asked, which
    counts as somebody asking: not about what is final, and not too often for a browser
    that lags behind.

    :param known: the version that the browser has; by default the ledger's
    """
    row = ledger.rows(env, row_id)
    ledger.reap(env, row)
    known = row.version if known is None else known
    newer = type(known) is not int or row.version > known
    asked_ago = (env.cr.now() - row.followed_at).total_seconds()
    due = not newer or asked_ago >= ASK_AGAIN
    askable = row.sci_id and row.status not in ("FINALISED", "not_sent")
    api = None
    if askable and due:
        api = _api(row)
        ledger.follow(env, row_id)
    return {
        "api": api,
        "sci_id": row.sci_id,
        "version": row.version,
        "newer": newer,
        "cancel": askable and not row.cancel_sent_at and wants_cancel(env, row_id),
    }


def _api(row):
    """The API under the pairing that the row was sent under, if it is still known."""
    terminal = row.terminal_id
    if row.pairing_id != terminal.pairing_id or not terminal.api_base_url:
        return None
    try:
        return terminal._api()
    except MissingCredentials:
        return None


def claimed_submit(env, row_id, version, button_key, inputs):
    row = ledger.rows(env, row_id)
    form = json.loads(row.pos_instructions or "null")
    url = isinstance(button_key, str) and submit_url(form, button_key)
    api = _api(row)
    if url and api and is_id(version):
        if ledger.claim_submit(env, row_id, version):
            return api, url, input_values(form, inputs)
    return None, None, None


def claimed_cancel(env, row_id):
    row = ledger.rows(env, row_id)
    api = row.sci_id and _api(row)
    if api and ledger.claim_cancel(env, row_id):
        return api, row.sci_id
    return None, None


def window_is_open(env, row_id):
    row, now = ledger.rows(env, row_id), env.cr.now()
    opens_at = row._override_opens_at(now)
    return bool(opens_at and opens_at <= now)


def financial_status(env, row_id):
    return ledger.rows(env, row_id).financial_status


def resume(env, config_id):
    Transaction = env["pos.sci.transaction"]
    unfinished = Transaction.search(
        Transaction._unresolved_domain() & Domain("config_id", "=", config_id)
    )
    for row in unfinished:
        ledger.reap(env, row)
    drafts = env["pos.order"].search(
        [("config_id", "=", config_id), ("state", "=", "draft")]
    )
    open_rows = Transaction.search([("order_uuid", "in", drafts.mapped("uuid"))])
    return [row._public_view() for row in (unfinished | open_rows).sorted("id")]


def orphans(env):
    """Unfinished rows that nobody has asked about for half a minute, those that have
    not ended in a day, and those that a person has answered for: for a day the bank
    may still contradict them."""
    env.cr.execute(_ORPHANS)
    return [row_id for (row_id,) in env.cr.fetchall()]


_ORPHANS = """
SELECT id
  FROM pos_sci_transaction, (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS now) clock
 WHERE status NOT IN ('FINALISED', 'not_sent') AND NOT given_up
   AND CASE
       WHEN override_outcome IS NOT NULL
       THEN sci_id IS NOT NULL AND override_at > now - interval '1 day'
            AND followed_at
                < now - greatest(interval '1 min', (now - override_at) / 2)
       WHEN status = 'unknown'
       THEN sci_id IS NOT NULL AND sent_at > now - interval '1 day'
            AND followed_at < now - interval '30 s'
       ELSE followed_at < now - interval '30 s' OR sent_at < now - interval '1 day'
       END
 ORDER BY followed_at
"""


def unreviewed(env):
    """Rows about which somebody said something that was not compared yet."""
    env.cr.execute("SELECT id FROM pos_sci_transaction WHERE review_due ORDER BY id")
    return [row_id for (row_id,) in env.cr.fetchall()]


def give_up_old(env, row_id):
    row = ledger.rows(env, row_id)
    if row._occupying and row.sent_at and (env.cr.now() - row.sent_at).days >= 1:
        ledger.give_up(env, row_id)

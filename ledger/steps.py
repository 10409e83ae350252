"""What :class:`~.flow.SciFlow` does in the database between its requests to mx51: each
function is the work of one short transaction."""

import dataclasses
import functools
import json
import logging

from odoo.fields import Domain

from ..sci.errors import (
    DeviceNotConnected,
    Incomplete,
    NoActivePairings,
    NothingNew,
    NotOurs,
    TransactionNotFound,
)
from ..sci.forms import input_values, is_cancel, submit_url
from ..server.arguments import is_id
from ..server.credentials import CannotSign, OtherDatabase, OtherPairing
from ..server.sentences import error_view
from . import cancel, comparison, fetching, rows, terminals, transitions, window
from .states import FINAL_STATUSES, NOT_CHARGED, UNRESOLVED
from .view import public_view

_logger = logging.getLogger(__name__)

#: Seconds until mx51 may be polled again about a row without it holding the request.
POLL_AGAIN_AFTER = 1
#: Seconds until the browser polls again while a form waits for the cashier.
POLL_FORM_AFTER = 4
#: A row that is being followed is marked so every so many seconds, and with each
#: answer: polls are many, and a mark that is hardly newer costs as much as any.
MARKED_EVERY = 3


def view(env, row_id, error=None, is_asked=False):
    """The public view of a row.

    :param error: one of this moment, as a view or as a code from below
    :param is_asked: mx51 is to be asked about the row: if it cannot be, that is the
        error
    """
    row = rows.row(env, row_id)
    order = fetching.fetch_shown(row, is_asked)
    error = (is_asked and _cannot_ask(row)) or error
    if isinstance(error, str):
        sentences = {
            "different_request": env._(
                "This payment was already sent with other details; they are shown here."
            ),
            "contradicted": env._(
                "Marked as not paid, but the bank has approved it. Nothing was charged "
                "again."
            ),
            **pin_sentences(env),
            "not_submitted": env._("That was sent already, or the terminal moved on."),
            "answered": env._("The bank has answered meanwhile."),
            "answer_stands": env._(
                "Only the last attempt can be corrected, while it is declined or "
                "cancelled and nothing else has paid this payment."
            ),
            "other_stands": env._(
                "Another attempt of this payment is paid or in progress, so this one "
                "can only be marked as not paid. If the bank charged both, refund one."
            ),
            "override_closed": env._(
                "The terminal service may still answer. Please wait."
            ),
        }
        error = {"code": error, "message": sentences[error], "hint": ""}
    return public_view(row, order, error)


def pin_sentences(env):
    return {
        "wrong_pin": env._("Wrong PIN. Please try again."),
        "too_many_pins": env._(
            "Too many wrong PINs at this register. Please try again in 5 minutes."
        ),
        "wrong_login": env._("Wrong login or password. Please try again."),
        "second_factor": env._(
            "This login needs a second factor, which cannot be given here."
        ),
        "no_manager": env._("Only a manager may do this."),
    }


# -- start -------------------------------------------------------------------------


def created(env, row_id, transaction):
    """:return: whether a cancel was requested meanwhile, and the view"""
    transitions.created(env, row_id, transaction)
    return cancel.is_wanted(rows.row(env, row_id)), view(env, row_id)


# -- polls -------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Poll:
    """What a poll needs to know of its row.

    :param api: where mx51 is to be asked; ``None`` where it is not, because the row
        is final, cannot be asked about, or was asked about a moment ago
    :param version: the ledger's
    :param is_newer: whether that is newer than the browser's
    :param cancel_due: whether a cancel request is still to be sent
    """

    api: object
    sci_id: str
    version: int
    is_newer: bool
    cancel_due: bool


def begin_poll(env, row_id, known=None):
    """Read the row; if mx51 is to be asked, the row is marked as followed.

    :param known: the version that the browser has; by default the ledger's
    :return: :class:`Poll`
    """
    row = rows.row(env, row_id)
    fetching.fetch_polled(row)
    transitions.expire(env, row)
    known = row.version if known is None else known
    is_newer = type(known) is not int or row.version > known
    polled_ago = (env.cr.now() - row.followed_at).total_seconds()
    is_due = not is_newer or polled_ago >= POLL_AGAIN_AFTER
    can_be_asked = row.sci_id and row.status not in FINAL_STATUSES
    is_asked = can_be_asked and is_due
    poll = Poll(
        api=_api_or_none(row) if is_asked else None,
        sci_id=row.sci_id,
        version=row.version,
        is_newer=is_newer,
        cancel_due=bool(
            can_be_asked and not row.cancel_sent_at and cancel.is_wanted(row)
        ),
    )
    # A browser that is behind is not held: the mark keeps it from asking at once again.
    if is_asked and (is_newer or polled_ago >= MARKED_EVERY):
        transitions.poll_begins(env, row_id)  # what was read is stale afterwards
    return poll


def _api_of(row):
    """The API under the pairing that the row was sent under.

    :raises CannotSign: that is not known any more, or see :func:`~.terminals.api_of`
    """
    terminal = row.terminal_id
    if row.pairing_id != terminal.pairing_id or not terminal.api_base_url:
        raise OtherPairing(terminal.name)
    return terminals.api_of(terminal)


def _api_or_none(row):
    try:
        return _api_of(row)
    except CannotSign:
        return None


def _cannot_ask(row):
    """:return: why this server may not ask about a row that has not ended, if so"""
    if not row.sci_id or row.status in FINAL_STATUSES:
        return None
    try:
        _api_of(row)
    except CannotSign as exc:
        return error_view(row.env, exc)
    return None


def answered(env, row_id, transaction):
    """:return: the view, and whether to review the row now; what arrives in time is
    compared by the order's sync and at the end of the session"""
    row = rows.row(env, row_id)
    is_due = (
        transitions.answered(env, row_id, transaction)
        and row.status == "FINALISED"
        and (row.review_due or comparison.is_ordered(row))
    )
    return view(env, row_id), is_due


def without_version(env, row_id, exc):
    """mx51 was asked, and ``exc`` came instead of a version.

    :return: the view, with an error of this moment, if any
    """
    if isinstance(exc, NothingNew | Incomplete):
        transitions.service_responded(env, row_id)
        return view(env, row_id)
    error = error_view(env, exc)
    if exc.code == "invalid_request":
        error["hint"] = ""  # that is about pairing codes
    if isinstance(exc, DeviceNotConnected):
        transitions.service_responded(env, row_id, error)
        return view(env, row_id)
    if isinstance(exc, TransactionNotFound | NoActivePairings):
        transitions.not_known_to_service(env, row_id)
    else:
        transitions.poll_failed(env, row_id)
    return view(env, row_id, error)


def financial_status(env, row_id):
    return rows.row(env, row_id).financial_status


# -- submit, cancel, override ------------------------------------------------------


def claimed_submit(env, row_id, version, button_key, inputs):
    """:return: ``(API, URL, inputs)`` of a button that may be posted, or three
    ``None``; and whether it asks to cancel"""
    row = rows.row(env, row_id)
    form = json.loads(row.pos_instructions or "null")
    # A later form may use the same key for something else.
    is_shown = version == row.version and isinstance(button_key, str)
    url = is_shown and submit_url(form, button_key)
    api = _api_or_none(row)
    cancels = is_cancel(button_key, url)
    if url and api and is_id(version):
        if transitions.claim_submit(env, row_id, version, cancels):
            return api, url, input_values(form, inputs), cancels
    return None, None, None, cancels


def not_submitted(env, row_id, version, exc):
    """The button was certainly not pressed: it may be pressed again."""
    if isinstance(exc, NotOurs):
        _log_foreign_button(env.cr.dbname, row_id, version, exc.diagnosis)
    transitions.release_submit(env, row_id, version)


@functools.lru_cache(maxsize=1000)
def _log_foreign_button(_database, row_id, version, diagnosis):
    """Once for each form, however often the button is pressed."""
    _logger.warning("Row %s, version %s: %s", row_id, version, diagnosis)


def request_cancel(env, row_id):
    """:return: whether there is a cancel request to send"""
    cancel.request(env, row_id)
    return cancel.is_wanted(rows.row(env, row_id))


def claimed_cancel(env, row_id, is_pressed):
    """:return: ``(API, mx51's id)`` of a cancel request that may be posted, or two
    ``None``. Where it cannot be signed it counts as refused; in a copy of the database,
    and under another pairing, it never will be, so it stays as it is."""
    row = rows.row(env, row_id)
    try:
        api = row.sci_id and _api_of(row)
    except (OtherDatabase, OtherPairing):
        return None, None
    except CannotSign:
        if not row.cancel_sent_at:
            cancel.failed(env, row_id, did_nothing=True)
        return None, None
    if api and cancel.claim(env, row_id, is_pressed):
        return api, row.sci_id
    return None, None


def cancel_failed(env, row_id, exc):
    """The cancel request was answered with ``exc``."""
    cancel.failed(env, row_id, exc.did_nothing)
    if isinstance(exc, DeviceNotConnected):
        without_version(env, row_id, exc)


def override_refusal(env, row_id, outcome=None):
    """:return: a code of :func:`view` unless a person may state the outcome now"""
    row = rows.row(env, row_id)
    if not window.is_open(row):
        return "override_closed"
    return "other_stands" if outcome == "yes" and rows.other_stands(row) else None


def against_refusal(env, row_id):
    """:return: a code of :func:`view` unless a final answer may be said to be wrong"""
    row = rows.row(env, row_id)
    is_open = row.financial_status in NOT_CHARGED and not row.override_outcome
    return None if is_open else "answer_stands"


# -- resume ------------------------------------------------------------------------


def resume(env, config_id):
    """Views of what a register has to follow: unresolved rows, and the rows of orders
    that are not finished yet."""
    Transaction = env["pos.sci.transaction"]
    unfinished = Transaction.search(
        UNRESOLVED.domain & Domain("config_id", "=", config_id)
    )
    for row in unfinished:
        transitions.expire(env, row)
    drafts = env["pos.order"].search(
        [("config_id", "=", config_id), ("state", "=", "draft")]
    )
    of_drafts = Transaction.search([("order_uuid", "in", drafts.mapped("uuid"))])
    found = (unfinished | of_drafts).sorted("id")
    return [public_view(row, rows.order_of(row)) for row in found]

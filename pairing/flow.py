"""Pairing: code → confirmation → test → paired, and back (mx51's pairing guide;
``docs/architecture.md`` "Pairing").

No database transaction is open while mx51 is awaited. Each function takes the terminal
in the environment of a user whose access was checked, and returns the pairing view.
"""

import logging

from odoo import fields

from ..ledger import terminals
from ..sci.client import PairingApi
from ..sci.errors import NoActivePairings, SciError
from ..server import credentials, database
from ..server.causes import cause_text
from ..server.credentials import CannotSign
from ..server.sentences import error_view
from ..server.short_transactions import ShortTransactions, end_transaction
from . import claims, history
from .view import pairing_view

_logger = logging.getLogger(__name__)

#: What mx51's answer brings, kept on the terminal until the pairing ends.
ANSWER_FIELDS = (
    "pairing_id",
    "key_id",
    "confirmation_code",
    "tid",
    "terminal_nickname",
    "api_base_url",
    "signing_secret_part_b",
)
LONGEST_NICKNAME = 100
NOT_CONFIRMED = "not_confirmed"
#: How a pairing has ended, which its screen goes on saying until the next one begins.
ENDS = (NoActivePairings.code, NOT_CONFIRMED)


def check(terminal):
    """Check whether the pairing is active, when its screen opens and while the
    terminal's confirmation is awaited. Notices a loss, and that nobody has confirmed;
    never finishes a pairing."""
    if terminal.state == "unpaired":
        has_ended = terminal.last_error_code in ENDS
        return pairing_view(terminal, error=None if has_ended else False)
    short = ShortTransactions(terminal.env)
    if not short.run(claims.claim_check, terminal.id):
        return pairing_view(terminal)
    try:
        return _ask(terminal, finish=False)
    finally:
        short.run(claims.release_check, terminal.id)


def test(terminal):
    """The merchant's Test button: asks pairing-info, finishes a pairing."""
    if terminal.state == "unpaired":
        return pairing_view(terminal)
    return _ask(terminal, finish=True)


def pair(terminal, pairing_code, pairing_nickname=None):
    """Exchange the code shown on the terminal for a pairing.

    :param pairing_code: text; leading zeros count, blanks do not
    :param pairing_nickname: optional label of this pairing
    """
    env = terminal.env
    code = "".join(_one_line(pairing_code).split())
    nickname = _one_line(pairing_nickname)
    if not code:
        text = env._("Enter the code shown on the terminal.")
        return _with_error(terminal, "invalid_request", text)
    try:
        api = PairingApi(*credentials.pairing_credentials())
    except CannotSign as exc:
        return pairing_view(terminal, error=error_view(env, exc))
    short = ShortTransactions(env)
    claimed_at, refusal = short.run(claims.claim, terminal.id, ["unpaired"])
    if refusal:
        return _refused(terminal, refusal)
    end_transaction(env)
    try:
        pairing = api.progress_pairing(code, nickname)
    except SciError as exc:
        values = terminals.error_values(error_view(env, exc))
    else:
        values = {
            **{name: getattr(pairing, name) for name in ANSWER_FIELDS},
            **claims.NO_ERROR,
            "pairing_nickname": pairing.pairing_nickname or nickname,
            "state": "confirming",
            "confirming_since": fields.Datetime.now(),
            "paired_database": database.identity(env),
            "currency_id": terminal.company_id.currency_id.id,
            "can_forget": False,
        }
    short.run_persistently(claims.release, terminal.id, claimed_at, values)
    going_on = _in_old_record(short, terminal.id)
    return _fresh_view(terminal.browse(going_on), short)


def _in_old_record(short, terminal_id):
    """:return: id of the record that the pairing goes on in"""
    try:
        return short.run(history.go_on, terminal_id)
    except Exception:
        # The pairing is kept already; that its history is one is for the eye.
        _logger.warning("Terminal %s has two records", terminal_id, exc_info=True)
        return terminal_id


def unpair(terminal, state):
    """Remove the pairing. Without an answer the terminal stays as it is here.

    :param state: ``confirming`` (leaves no half pairing at mx51, ``docs/protocol.md``
        8, SCIPAIRING07) or ``paired``; another state is only shown
    """
    env = terminal.env
    if terminal.state != state:
        return pairing_view(terminal)
    try:
        api = terminals.api_of(terminal)
    except CannotSign as exc:
        return pairing_view(terminal, error=error_view(env, exc))
    short = ShortTransactions(env)
    claimed_at, refusal = short.run(claims.claim, terminal.id, [state])
    if refusal:
        return _refused(terminal, refusal)
    end_transaction(env)
    try:
        api.unpair()
        values = _unpaired_values()
    except NoActivePairings:
        values = _unpaired_values()
    except SciError as exc:
        remedy = env._(
            "The terminal is still paired. Try again, or forget the pairing here "
            "and remove it on the terminal."
        )
        hint = f"{cause_text(env, exc)} {remedy}".strip()
        error = error_view(env, exc, hint=hint)
        values = {**terminals.error_values(error), "can_forget": True}
    short.run_persistently(claims.release, terminal.id, claimed_at, values)
    return _fresh_view(terminal, short)


def forget(terminal):
    """Forget the pairing here only, after an unpairing that got no answer."""
    if not terminal.can_forget:
        return pairing_view(terminal)
    short = ShortTransactions(terminal.env)
    states = ["confirming", "paired"]
    claimed_at, refusal = short.run(claims.claim, terminal.id, states)
    if refusal:
        return _refused(terminal, refusal)
    short.run(claims.release, terminal.id, claimed_at, _unpaired_values())
    return _fresh_view(terminal, short)


def _ask(terminal, finish):
    """Ask pairing-info and keep what it says.

    :param finish: whether an active pairing that was ``confirming`` is complete
    """
    env, pairing_id = terminal.env, terminal.pairing_id
    try:
        api = terminals.api_of(terminal)
    except CannotSign as exc:
        return pairing_view(terminal, error=error_view(env, exc))
    short = ShortTransactions(env)
    end_transaction(env)
    error, confirmed = False, False
    try:
        api.pairing_info()
    except NoActivePairings as exc:
        # Whoever may only look ends nothing.
        if terminal.has_access("write") and (
            claim := short.run(claims.claim_unconfirmed, terminal.id, pairing_id)
        ):
            return _end_unconfirmed(terminal, short, api, claim)
        state = short.run(
            terminals.not_active, terminal.id, pairing_id, error_view(env, exc)
        )
        if state == "confirming" and finish:
            text = env._("Not confirmed on the terminal yet.")
            error = {"code": NOT_CONFIRMED, "message": text, "hint": ""}
            short.run(claims.keep_error, terminal.id, pairing_id, error)
        elif state == "paired":
            hint = env._("It was paired a moment ago. Try again in a minute.")
            error = error_view(env, exc, hint=hint)
        else:
            error = None
    except SciError as exc:
        error = error_view(env, exc)
        if finish:
            short.run(claims.keep_error, terminal.id, pairing_id, error)
    else:
        short.run(claims.active, terminal.id, pairing_id, finish)
        confirmed = True
    return _fresh_view(terminal, short, error=error, confirmed=confirmed)


def _end_unconfirmed(terminal, short, api, claimed_at):
    """Leave no half pairing at mx51, where it can be reached: nothing has been charged
    under it."""
    env = terminal.env
    try:
        api.unpair()
    except SciError as exc:
        _logger.info("Unconfirmed pairing of terminal %s: %s", terminal.id, exc)
    text = env._("The code was not confirmed on the terminal.")
    hint = env._("Start the pairing again on the terminal and type its new code.")
    error = {"code": NOT_CONFIRMED, "message": text, "hint": hint}
    values = {**_unpaired_values(), **terminals.error_values(error)}
    short.run_persistently(claims.release, terminal.id, claimed_at, values)
    return _fresh_view(terminal, short)


def take_over(terminals_):
    """A manager declares this database the live one, after a rename or a disaster:
    payments on these terminals are sent from here from now on."""
    env = terminals_.env
    copied = terminals_.sudo().filtered(terminals.is_of_other_database)
    if not copied:
        return
    _logger.warning(
        "User %s declares database %s the live one for the terminals %s",
        *(env.uid, env.cr.dbname, copied.mapped("name")),
    )
    copied.write(
        {
            "paired_database": database.identity(env),
            "taken_over_by_id": env.uid,
            "taken_over_at": fields.Datetime.now(),
        }
    )


# -- what the caller gets ----------------------------------------------------------


def _refused(terminal, refusal):
    """:param refusal: ``(reason, state)`` of :func:`~.claims.claim`"""
    env, (reason, state) = terminal.env, refusal
    if reason == "unresolved_transaction":
        text = env._(
            "A payment on this terminal has no result yet. Wait for it, or cancel it."
        )
        return _with_error(terminal, reason, text)
    if reason == "in_progress":
        text = env._("Another request for this terminal is on its way.")
        return _with_error(terminal, reason, text)
    if state == "paired":
        text = env._("This terminal is paired. Unpair it first.")
        return _with_error(terminal, reason, text)
    return _fresh_view(terminal, ShortTransactions(env))


def _with_error(terminal, code, message):
    return pairing_view(terminal, error={"code": code, "message": message, "hint": ""})


def _fresh_view(terminal, short, **kwargs):
    """The view after short transactions: this request's own snapshot is older."""
    terminal.env.invalidate_all(flush=False)
    model, terminal_id, uid = terminal._name, terminal.id, short.uid

    def view(env):
        # Without all rights: the view says what the user may do.
        return pairing_view(env(user=uid)[model].browse(terminal_id), **kwargs)

    return short.run(view)


def _unpaired_values():
    """The secret is erased too: nothing waits for an answer under it. The TID stays: a
    terminal that is paired again is known by it."""
    answer = set(ANSWER_FIELDS) - {"tid"}
    times = ("confirming_since", "paired_at", "not_connected_since")
    gone = dict.fromkeys((*answer, *times, "paired_database"), False)
    return {**gone, **claims.NO_ERROR, "state": "unpaired", "can_forget": False}


def _one_line(text):
    """What a person typed, as one printable line."""
    text = text if isinstance(text, str) else ""
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_NICKNAME]

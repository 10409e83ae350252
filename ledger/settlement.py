"""Settlement and enquiry: the day's totals of a terminal (``docs/protocol.md`` 5).

A settlement closes the day at the bank. Like a payment it is on disk before it leaves,
is sent once, and is then polled until it has ended.
"""

import logging
import random
import time
from datetime import timedelta
from functools import partial

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..sci.currency import exponent_of
from ..sci.errors import Incomplete, NoAnswer, NothingNew, SciError
from ..sci.messages import FINALISED
from ..server.credentials import CannotSign
from ..server.sentences import cannot_sign_text, error_view
from ..server.short_transactions import (
    ShortTransactions,
    after_commit,
    end_transaction,
)
from . import bank_totals, connection, day, rows, terminals
from .refusals import being_paired, taking_payment
from .states import AT_TERMINAL_STATUSES
from .sweep import CONNECTING, again
from .transitions import SENDING_STALE_AFTER

_logger = logging.getLogger(__name__)

#: Seconds that a manager waits for the totals; after that they arrive by themselves.
WAIT = 10
#: Seconds that mx51 may hold each of the polls meanwhile.
HOLD = 5
KINDS = ("settlement", "enquiry")
UNFINISHED = ("sending", *AT_TERMINAL_STATUSES)
#: Seconds after which a settlement that has not ended keeps nobody waiting any more:
#: it is taken for unknown, and the terminal for free.
ENDS_WITHIN = 300
#: Seconds for which the end of one that is unknown is still looked for.
LOOKED_FOR = 24 * 3600


def start(env, terminal_id, kind, date=None, session_id=None):
    """Run a settlement or an enquiry, and wait a little for its end.

    :param kind: ``settlement`` or ``enquiry``
    :param date: the day that an enquiry is about, unless the current one
    :param session_id: the session at whose end it is asked for
    :return: id of the new ``pos.sci.settlement``
    :raises UserError: nothing was sent, for this reason
    """
    short = ShortTransactions(env)
    end_transaction(env)
    settlement_id, api, refusal = short.run(_begin, terminal_id, kind, date, session_id)
    if refusal:
        raise UserError(refusal)
    try:
        answer = api.create_settlement(kind, date)
    except SciError as exc:
        _logger.info("Settlement %s: %s", settlement_id, exc)
        short.run_persistently(_not_created, settlement_id, exc)
    else:
        short.run_persistently(_answered, settlement_id, answer)
        give_up_at = time.monotonic() + WAIT
        while _poll(short, settlement_id) and time.monotonic() < give_up_at:
            pass
    return settlement_id


def check(env, settlement_id):
    """Poll once more, before the scheduled action does."""
    short = ShortTransactions(env)
    end_transaction(env)
    _poll(short, settlement_id)


def sweep(env, turn):
    """Finish the settlements that nobody waits for, in any order, so that none waits
    for another one.

    :param turn: :class:`~.sweep.Turn`
    """
    short = ShortTransactions(env)
    was_cut, turn.is_cut = turn.is_cut, False
    unfinished = turn.for_shops(short, _unfinished, CONNECTING + HOLD)
    for own_short, settlement_id, base_url in unfinished:
        try:
            turn.asks(settlement_id, base_url, partial(_is_silent, own_short))
        except Exception:
            _logger.exception("Could not look after settlement %s", settlement_id)
    if turn.is_cut and not was_cut:  # else the payments have asked for the next one
        short.run(again)
    turn.is_cut |= was_cut


def _is_silent(short, settlement_id, _seconds):
    """Poll once. :return: whether nobody answered"""
    return _poll(short, settlement_id) is None


def _poll(short, settlement_id):
    """Poll for the next version; mx51 holds the request until there is one.

    :return: whether it is worth polling again; ``None`` if nobody answered
    """
    api, sci_id, version = short.run(_begin_poll, settlement_id)
    if not api:
        return False
    try:
        answer = api.get_settlement(sci_id, version + 1, HOLD)
    except (NothingNew, Incomplete):
        return True
    except SciError as exc:
        _logger.info("Settlement %s: %s", settlement_id, exc)
        short.run(_poll_failed, settlement_id, exc)
        return None if isinstance(exc, NoAnswer) else False
    short.run_persistently(_answered, settlement_id, answer)
    return answer.status != FINALISED


# -- work of one short transaction each --------------------------------------------


def _begin(env, terminal_id, kind, date, session_id):
    """The record, committed before its request leaves.

    :return: ``(id, API, None)`` or ``(None, None, sentence)``
    """
    terminal = env["pos.sci.terminal"].browse(terminal_id)
    terminals.serialise(terminal)
    refusal = _refusal(env, terminal)
    if refusal:
        return None, None, refusal
    try:
        api = terminals.api_of(terminal)
    except CannotSign as exc:
        return None, None, cannot_sign_text(env, exc)
    settlement = env["pos.sci.settlement"].create(
        {
            "kind": kind,
            "terminal_id": terminal_id,
            "pairing_id": terminal.pairing_id,
            "status": "sending",
            "enquiry_date": date,
            "session_id": session_id,
        }
    )
    settlement.flush_recordset()
    env.cr.execute(
        SQL(
            "UPDATE pos_sci_settlement SET sent_at = %s WHERE id = %s",
            rows.NOW,
            settlement.id,
        )
    )
    settlement.invalidate_recordset(["sent_at"])
    return settlement.id, api, None


def _refusal(env, terminal):
    if terminal.state != "paired":
        return env._("No active pairings found")
    if terminals.is_claimed(terminal):
        return being_paired(env, terminal)
    row = rows.occupants(env, terminal).get(terminal.id)
    if row:
        return taking_payment(env, terminal, row.config_id.name)
    others = env["pos.sci.settlement"].search(
        [("terminal_id", "=", terminal.id), ("status", "in", UNFINISHED)]
    )
    _expire(others)
    if others.filtered(lambda other: other.status in UNFINISHED):
        return env._("%s is busy with its totals.", terminal.name)
    return None


def _unfinished(env):
    """Those that have not ended, and those whose end may still be found.

    :return: ``[(company id, id, base URL)]``, in any order
    """
    is_new = Domain("sent_at", ">", env.cr.now() - timedelta(seconds=LOOKED_FOR))
    is_lost = Domain("status", "=", "unknown") & Domain("sci_id", "!=", False)
    found = env["pos.sci.settlement"].search(
        Domain("status", "in", UNFINISHED) | (is_lost & is_new)
    )
    found = found.filtered(lambda it: it.status in UNFINISHED or _is_of_pairing(it))
    listed = [(it.company_id.id, it.id, it.terminal_id.api_base_url) for it in found]
    random.shuffle(listed)
    return listed


def _locked(env, settlement_id):
    env.cr.execute(
        "SELECT id FROM pos_sci_settlement WHERE id = %s FOR UPDATE",
        [settlement_id],
        log_exceptions=False,
    )
    return env["pos.sci.settlement"].browse(settlement_id)


def running(env, terminal_ids):
    """What these terminals are at work on."""
    found = env["pos.sci.settlement"].search(
        [("terminal_id", "in", terminal_ids), ("status", "in", UNFINISHED)]
    )
    return found.filtered(lambda it: _is_of_pairing(it) and not _is_overdue(it))


def _is_of_pairing(settlement):
    """Whether the terminal is still paired as when it was sent: under another pairing
    nobody can ask for its end."""
    return settlement.pairing_id == settlement.terminal_id.pairing_id


def _is_overdue(settlement):
    """Whether it was interrupted, or has not ended in time."""
    is_sending = settlement.status == "sending"
    limit = SENDING_STALE_AFTER if is_sending else ENDS_WITHIN
    age = settlement.env.cr.now() - settlement.sent_at
    return age.total_seconds() > limit


def _expire(settlements):
    """Nobody waits for what is overdue, or belongs to an earlier pairing. What is known
    of it stays: a person has to look at the terminal."""
    for settlement in settlements.filtered(lambda it: it.status in UNFINISHED):
        if not _is_of_pairing(settlement):
            text = settlement.env._("The terminal was unpaired before it had ended.")
            settlement.write({"status": "unknown", "message": text})
        elif _is_overdue(settlement):
            settlement.status = "unknown"
        else:
            continue
        _tell(settlement)
    # The index of those that have not ended is to know of it.
    settlements.flush_recordset(["status"])


def _tell(settlement):
    """The registers' marks show that the terminal is free."""
    after_commit(settlement.env, connection.announce, settlement.terminal_id.id)


def _begin_poll(env, settlement_id):
    """:return: ``(API or None, mx51's id, version)``"""
    settlement = _locked(env, settlement_id)
    _expire(settlement)
    is_open = settlement.status in (*UNFINISHED, "unknown")
    if not (is_open and settlement.sci_id and _is_of_pairing(settlement)):
        return None, None, None
    terminal = settlement.terminal_id
    try:
        return terminals.api_of(terminal), settlement.sci_id, settlement.version
    except CannotSign:
        return None, None, None


def _not_created(env, settlement_id, exc):
    settlement = _locked(env, settlement_id)
    error = error_view(env, exc)
    if settlement.status == "sending":
        status = "not_sent" if exc.did_nothing else "unknown"
        settlement.write({"status": status, "message": error["message"]})
        _tell(settlement)
    connection.learn(settlement, error=error)


def _poll_failed(env, settlement_id, exc):
    """Why its end is not known yet, for people. That mx51 does not know it (any more)
    says nothing of what the terminal has done."""
    settlement = _locked(env, settlement_id)
    error = error_view(env, exc)
    if settlement.status != FINALISED:
        settlement.message = error["message"]
        connection.learn(settlement, error=error)


def _answered(env, settlement_id, answer):
    """Keep a new version. One that is unknown stays so until it has ended: another may
    be at work meanwhile."""
    settlement = _locked(env, settlement_id)
    final = answer.status == FINALISED
    is_ours = settlement.sci_id in (False, answer.id)
    is_new = answer.version > settlement.version and is_ours
    if settlement.status == FINALISED or not is_new:
        return
    is_lost = settlement.status == "unknown" and not final
    settlement.write(
        {
            "sci_id": answer.id,
            "version": answer.version,
            "status": "unknown" if is_lost else answer.status,
            "financial_status": answer.financial_status,
            "message": answer.message or settlement.message,
            "receipt": answer.merchant_receipt or settlement.receipt,
            "finalised_at": fields.Datetime.now() if final else False,
        }
    )
    connection.learn(settlement, transaction=answer)
    if final:
        _tell(settlement)
    if final and answer.financial_status == "APPROVED":
        settlement.totals = _totals(settlement)
        if not settlement.enquiry_date:
            day.keep(settlement)


def _totals(settlement):
    currency = settlement.terminal_id.currency_id.name
    return bank_totals.read(settlement.receipt, currency, exponent_of(currency) or 0)

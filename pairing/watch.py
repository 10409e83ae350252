"""Pairings are checked without anybody looking: each night, and when a register opens.

A loss, or a terminal that has taken nothing all day, is told to those who look after
EFTPOS (``ledger/alerts.py``).
"""

import logging
from functools import partial

from ..ledger import alerts, terminals
from ..ledger.sweep import CONNECTING, Turn
from ..sci.client import PAIRING_INFO_TIMEOUT
from ..sci.errors import NoActivePairings, NoAnswer, SciError
from ..server.credentials import CannotSign
from ..server.sentences import error_view, in_one_text
from ..server.short_transactions import ShortTransactions
from . import claims, flow

_logger = logging.getLogger(__name__)

#: Seconds that one run takes at most: what is left, the next run does.
TURN = 30
#: Seconds that a person waits for the test of all terminals at most.
TEST_ALL = 30
#: Minutes within which a pairing is not checked again: the registers of a shop open
#: one after the other.
FRESH = 10
#: Hours between the first and the last sale of a day on which a terminal is missed.
LONG_DAY = 4

_DUE = """
SELECT company_id, id, api_base_url FROM pos_sci_terminal
 WHERE state = 'paired' AND active
   AND coalesce(watched_at, '-infinity')
       < clock_timestamp() AT TIME ZONE 'UTC' - make_interval(mins => %s)
 ORDER BY watched_at NULLS FIRST, id
"""
_CLAIM = """
UPDATE pos_sci_terminal SET watched_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE id = %s AND state = 'paired'
   AND coalesce(watched_at, '-infinity')
       < clock_timestamp() AT TIME ZONE 'UTC' - make_interval(mins => %s)
RETURNING id
"""
#: Terminals whose own registers have sold for hours since their last sign of life.
_SILENT = """
SELECT terminal.id, alive.since
  FROM pos_sci_terminal terminal,
       LATERAL (
           SELECT greatest(terminal.paired_at, max(entry.sent_at)) AS since
             FROM pos_sci_transaction entry
            WHERE entry.terminal_id = terminal.id AND entry.sci_id IS NOT NULL
       ) alive,
       LATERAL (
           SELECT min(sale.date_order) AS first, max(sale.date_order) AS last
             FROM pos_config register
             JOIN pos_session session ON session.config_id = register.id
             JOIN pos_order sale ON sale.session_id = session.id
            WHERE register.sci_terminal_id = terminal.id
              AND sale.state NOT IN ('draft', 'cancel')
              AND sale.date_order
                  > clock_timestamp() AT TIME ZONE 'UTC' - interval '24 h'
       ) sold
 WHERE terminal.state = 'paired' AND terminal.active
   AND sold.first > alive.since
   AND sold.last - sold.first >= make_interval(hours => %s)
   AND coalesce(terminal.told_at, '-infinity') <= alive.since
"""


def soon(env):
    """Have the pairings checked as soon as a scheduled action may run."""
    cron = env.ref("pos_mx51_sci.ir_cron_watch", raise_if_not_found=False)
    if cron:
        cron.sudo()._trigger()


def watch(env, seconds=TURN):
    """Check the pairings that nobody has checked for a while, and tell of trouble."""
    short = ShortTransactions(env)
    turn = Turn(seconds)
    due = turn.for_shops(short, _due, CONNECTING + PAIRING_INFO_TIMEOUT)
    for own_short, terminal_id, base_url in due:
        turn.asks(terminal_id, base_url, partial(_check, own_short))
    for terminal_id in short.run(_untold):
        _attempt(short, alerts.tell_loss, terminal_id)
    for terminal_id, since in short.run(_silent):
        _attempt(short, alerts.tell_silence, terminal_id, since)
    if turn.is_cut:
        short.run(soon)
    return turn


def _attempt(short, tell, terminal_id, *args):
    """What cannot be told of one terminal keeps no other from being told of."""
    try:
        short.run(tell, terminal_id, *args)
    except Exception:
        _logger.exception("Could not tell of terminal %s", terminal_id)


def _due(env):
    env.cr.execute(_DUE, [FRESH])
    return env.cr.fetchall()


def _untold(env):
    """Losses of which a process that ended has told nobody."""
    env.cr.execute(
        "SELECT id FROM pos_sci_terminal WHERE state = 'unpaired'"
        " AND lost_at > coalesce(told_at, '-infinity')"
    )
    return [terminal_id for (terminal_id,) in env.cr.fetchall()]


def _silent(env):
    env.cr.execute(_SILENT, [LONG_DAY])
    return env.cr.fetchall()


def _check(short, terminal_id, _seconds):
    """:return: whether mx51 was asked and did not answer"""
    api, pairing_id = short.run(_claim, terminal_id)
    if not api:
        return False
    try:
        api.pairing_info()
    except NoActivePairings as exc:
        short.run(_lost, terminal_id, pairing_id, exc)
    except SciError as exc:
        _logger.info("Pairing of terminal %s: %s", terminal_id, exc)
        return isinstance(exc, NoAnswer)
    else:
        short.run(claims.active, terminal_id, pairing_id, finish=False)
    return False


def _claim(env, terminal_id):
    """``(client, pairing id)`` for the only caller that gets them; ``(None, None)``
    where there is nothing to ask, or nothing to ask with."""
    env.cr.execute(_CLAIM, [terminal_id, FRESH], log_exceptions=False)
    if not env.cr.fetchone():
        return None, None
    terminal = env["pos.sci.terminal"].browse(terminal_id)
    if terminals.is_claimed(terminal):
        return None, None  # somebody is ending the pairing
    try:
        return terminals.api_of(terminal), terminal.pairing_id
    except CannotSign:
        return None, None


def _lost(env, terminal_id, pairing_id, exc):
    terminals.not_active(env, terminal_id, pairing_id, error_view(env, exc))


def test_all(terminals_):
    """Test these paired terminals for somebody who waits.

    :return: the notification that says how it went
    """
    env, turn = terminals_.env, Turn(TEST_ALL)
    right, wrong = [], []

    def test(terminal, _left):
        error = flow.test(terminal)["error"]
        if error:
            wrong.append(f"{terminal.name}: {in_one_text(error)}")
        else:
            right.append(terminal.name)
        return bool(error) and error["code"] == NoAnswer.code

    needed = CONNECTING + PAIRING_INFO_TIMEOUT
    for terminal in turn.through(terminals_, needed):
        turn.asks(terminal, terminal.api_base_url, test)
    left = len(terminals_) - len(right) - len(wrong)
    lines = [env._("Active: %s.", ", ".join(right))] if right else []
    lines += wrong
    if left:
        lines.append(env._("%s were not tested.", left))
    is_all_right = bool(right) and not wrong and not left
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "message": "\n".join(lines) or env._("No terminal is paired yet."),
            "type": "success" if is_all_right else "warning",
            "sticky": not is_all_right,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }

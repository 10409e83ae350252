"""What pairing does in the database between its requests to mx51: each function is the
work of one short transaction.

A request that changes a pairing is claimed first, committed, and sent once. Odoo runs
a remote call again after a serialization failure; then the claim, or the new state, is
there.
"""

import logging
from datetime import timedelta

from odoo import fields

from ..ledger import alerts, rows, terminals, transitions
from ..ledger.terminals import error_values, locked
from ..sci.client import clock_offset

_logger = logging.getLogger(__name__)

#: Seconds; one screen at a time checks the pairing, and none takes longer.
CHECK_LIFETIME = 12

#: mx51 does not say that a confirmation was rejected on the terminal, or that nobody
#: gave it (``docs/protocol.md`` 2.5): only time tells. A confirmation of the last
#: moment may take a while to be known everywhere.
CONFIRMATION_TIME = timedelta(minutes=3) + terminals.LOCKSTEP_GRACE

NO_ERROR = {"last_error": False, "last_error_code": False, "last_error_hint": False}


def claim_check(env, terminal_id):
    """Only the caller that gets this asks: with a silent mx51 the screens of one
    terminal would hold the workers of the whole shop."""
    env.cr.execute(
        "UPDATE pos_sci_terminal SET looked_at = clock_timestamp() AT TIME ZONE 'UTC'"
        " WHERE id = %s AND (looked_at IS NULL OR looked_at <"
        " clock_timestamp() AT TIME ZONE 'UTC' - make_interval(secs => %s))"
        " RETURNING id",
        [terminal_id, CHECK_LIFETIME],
        log_exceptions=False,
    )
    return bool(env.cr.fetchone())


def release_check(env, terminal_id):
    env.cr.execute(
        "UPDATE pos_sci_terminal SET looked_at = NULL WHERE id = %s",
        [terminal_id],
        log_exceptions=False,
    )


def claim(env, terminal_id, states):
    """Compare-and-set before a request that changes the pairing leaves.

    :param states: states of the terminal in which it may leave
    :return: ``(claim, None)`` or ``(None, (reason, state))``
    """
    terminal = locked(env, terminal_id)
    if terminal.state not in states:
        return None, ("wrong_state", terminal.state)
    if terminals.is_claimed(terminal):
        return None, ("in_progress", terminal.state)
    on_terminal = [("terminal_id", "=", terminal_id)]
    for row in rows.unresolved(env, on_terminal):
        transitions.expire(env, row)
    if rows.unresolved(env, on_terminal):
        return None, ("unresolved_transaction", terminal.state)
    terminal.claimed_at = now = env.cr.now().replace(microsecond=0)
    return now, None


def claim_unconfirmed(env, terminal_id, pairing_id):
    """Claim a pairing that has not been confirmed in time, to end it.

    :return: the claim; ``None`` where there is no such pairing (any more)
    """
    terminal = locked(env, terminal_id, pairing_id)
    since = terminal.confirming_since
    if terminal.state != "confirming" or (
        since and since > fields.Datetime.now() - CONFIRMATION_TIME
    ):
        return None
    claimed_at, _refusal = claim(env, terminal_id, ["confirming"])
    return claimed_at


def release(env, terminal_id, claimed_at, values):
    """Keep what the request brought, unless the claim is somebody else's by now."""
    terminal = locked(env, terminal_id)
    if terminal.claimed_at != claimed_at:
        _logger.warning("Terminal %s was claimed by somebody else", terminal_id)
        return
    secret = values.pop("signing_secret_part_b", None)
    terminal.write({**values, "claimed_at": False})
    if secret is not None:
        # Not through the ORM, whose failing queries are logged.
        env.cr.execute(
            "UPDATE pos_sci_terminal SET signing_secret_part_b = %s WHERE id = %s",
            [secret or None, terminal_id],
            log_exceptions=False,
        )


def active(env, terminal_id, pairing_id, finish):
    """pairing-info answered 200.

    :param finish: whether a pairing that was ``confirming`` is complete
    """
    terminal = locked(env, terminal_id, pairing_id)
    if terminal.state not in ("confirming", "paired"):
        return
    now = fields.Datetime.now()
    values = {
        "last_checked_at": now,
        "can_forget": False,
        "clock_offset": round(clock_offset(terminal.api_base_url)),
    }
    if terminal.state == "paired" or finish:
        values.update(NO_ERROR)
    if terminal.state == "confirming" and finish:
        over = dict.fromkeys(("lost_at", "told_at", "not_connected_since"), False)
        values.update(state="paired", paired_at=now, **over)
        alerts.done(terminal)
    terminal.write(values)


def keep_error(env, terminal_id, pairing_id, error):
    terminal = locked(env, terminal_id, pairing_id)
    if terminal.state != "unpaired":
        terminal.write(error_values(error))

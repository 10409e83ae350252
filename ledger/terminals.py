"""What payments and pairings both need of a terminal."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ..sci.client import SciApi
from ..sci.messages import RECEIPT_FLAGS
from ..server import credentials, database
from ..server.short_transactions import after_commit
from . import alerts

_logger = logging.getLogger(__name__)

#: A claim whose process has ended is void after this time: longer than any request
#: that changes a pairing may take.
CLAIM_LIFETIME = timedelta(seconds=60)
#: Pairing API and SCI API are not in lockstep: for this long after a pairing
#: ``no_active_pairings_found`` does not count as a loss (``docs/protocol.md`` 2.5).
LOCKSTEP_GRACE = timedelta(seconds=60)


def api_of(terminal):
    """The SCI API under this terminal's pairing.

    :raises CannotSign: the server has no Part A, or this is a copy of the database
        that the terminal was paired in
    """
    terminal = terminal.sudo()
    check_database(terminal)
    return SciApi(
        terminal.api_base_url,
        terminal.key_id,
        credentials.signing_secret(terminal.signing_secret_part_b or ""),
    )


def check_database(terminal):
    """:raises OtherDatabase: the terminal was paired in a database of which this is a
    copy"""
    if is_of_other_database(terminal):
        raise credentials.OtherDatabase(terminal.name)


def is_of_other_database(terminal):
    """Whether the pairing was made in another database."""
    return terminal.paired_database not in (False, database.identity(terminal.env))


def receipt_flags(terminal):
    """The receipt settings that go along with each transaction."""
    return {flag: terminal[flag] for flag in RECEIPT_FLAGS}


def is_claimed(terminal):
    """Whether a request that changes the pairing is under way."""
    claimed_at = terminal.sudo().claimed_at
    return bool(claimed_at and claimed_at > terminal.env.cr.now() - CLAIM_LIFETIME)


def serialise(terminal):
    """Make another database transaction that changes this terminal at the same time
    start over: a payment and a change of the pairing exclude each other."""
    terminal.env.cr.execute(
        "UPDATE pos_sci_terminal SET write_date = write_date WHERE id = %s",
        [terminal.id],
        log_exceptions=False,
    )


def locked(env, terminal_id, pairing_id=None):
    """The terminal, locked against other changes of its pairing; empty if it is no
    longer paired under ``pairing_id``."""
    env.cr.execute(
        "SELECT pairing_id FROM pos_sci_terminal WHERE id = %s FOR UPDATE",
        [terminal_id],
        log_exceptions=False,
    )
    found = env.cr.fetchone()
    if not found or (pairing_id and found[0] != pairing_id):
        return env["pos.sci.terminal"]
    return env["pos.sci.terminal"].browse(terminal_id)


def error_values(error):
    """Columns of an error view (``server/sentences.py``)."""
    return {
        "last_error": error["message"],
        "last_error_code": error["code"],
        "last_error_hint": error["hint"],
    }


def not_active(env, terminal_id, pairing_id, error):
    """pairing-info answered ``no_active_pairings_found``.

    ``confirming``: not confirmed yet. ``paired``: lost, unless it was paired a moment
    ago. The secret stays for rows that still wait for an answer under it. Whoever looks
    after EFTPOS is told.

    :return: the terminal's state afterwards
    """
    terminal = locked(env, terminal_id, pairing_id)
    now = fields.Datetime.now()
    in_lockstep = not terminal.paired_at or terminal.paired_at <= now - LOCKSTEP_GRACE
    if terminal.state == "paired" and in_lockstep:
        _logger.info("The pairing of terminal %s is gone", terminal_id)
        terminal.write(
            {
                **error_values(error),
                "state": "unpaired",
                "last_checked_at": now,
                "lost_at": now,
            }
        )
        after_commit(env, alerts.tell_loss, terminal_id)
    return terminal.state


def notify_registers(terminals):
    """Tell the open registers that may use these terminals to read them again."""
    own = Domain("sci_terminal_id", "in", terminals.ids)
    by_method = Domain("payment_method_ids.sci_terminal_ids", "in", terminals.ids)
    notify(terminals.env["pos.config"].sudo().search(own | by_method))


def notify(registers):
    """Tell those of these registers that are open to read their terminals again."""
    # Odoo's own fields for this read every session that a register ever had.
    sessions = registers.env["pos.session"].search(
        [("config_id", "in", registers.ids), ("state", "!=", "closed")]
    )
    for register in sessions.config_id:
        register._notify("MX51_SCI_TERMINALS", {})

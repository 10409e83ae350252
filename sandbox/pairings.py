"""How a pairing starts, is confirmed and ends. Changes need the world's lock."""

import secrets
import time
import uuid

from .errors import pairing_error
from .records import Pairing
from .world import Refused

FREE_STAGES = ("idle", "result", "paired_notice")
LONGEST_NICKNAME = 255


def start(world, terminal):
    """The merchant starts a pairing on the terminal: a code appears."""
    if not terminal.reachable:
        raise Refused("The terminal has no connection.")
    if terminal.stage not in (*FREE_STAGES, "pairing_code", "confirm_pairing"):
        raise Refused("The terminal is busy.")
    give_up(world, terminal)
    pairing = Pairing(
        id=f"pid_{uuid.uuid4()}",
        terminal=terminal.id,
        code=_new_code(world),
        created_at=time.time(),
    )
    world.pairings[pairing.id] = pairing
    terminal.pairing = pairing.id
    terminal.transaction = None
    _show(world, terminal, "pairing_code", "code_expired", "pairing_code_ttl")
    return pairing


def progress(world, code, nickname):
    """The POS has sent a code: the confirmation code appears on both sides.

    :raises ApiError: as documented for progress-pairing
    """
    pairing = world.pairing_by(code=code)
    if not pairing:
        raise pairing_error("pairing_not_found")
    terminal = world.terminals[pairing.terminal]
    if terminal.tenant == "forbidden":
        raise pairing_error("pairing_route_forbidden")
    if terminal.tenant == "live":
        raise pairing_error("test_api_key_forbidden_for_live_pairing")
    if pairing.state != "initial":
        raise pairing_error("pairing_not_initial")
    pairing.state = "confirming"
    pairing.key_id = f"kid_{uuid.uuid4()}"
    pairing.part_b = secrets.token_hex(16)
    pairing.confirmation_code = f"{secrets.randbelow(10_000):04d}"
    pairing.nickname = nickname
    pairing.base_url = world.address_of(terminal)
    _show(world, terminal, "confirm_pairing", "code_expired", "pairing_code_ttl")
    return pairing, terminal


def confirm(world, terminal):
    """The merchant confirms that the codes match: the pairing becomes active."""
    if terminal.screen != "confirm_pairing" or not terminal.online:
        raise Refused("There is no pairing to confirm.")
    pairing = world.pairings[terminal.pairing]
    if world.settings["pairing_replaces"]:
        for earlier in world.active_pairings(terminal):
            earlier.state = "replaced"
    pairing.state = "active"
    pairing.confirmed_at = time.time()
    terminal.pairing = None
    _show(world, terminal, "paired_notice", "rest", "notice_time")


def give_up(world, terminal, state="revoked"):
    """The pairing on the screen ends unconfirmed."""
    if terminal.pairing:
        world.pairings[terminal.pairing].state = state
        terminal.pairing = None
        terminal.stage = "idle"
        terminal.due = terminal.due_at = None


def unpair_on_terminal(world, terminal, pairing_id=None):
    """The merchant removes pairings at the terminal: one, or all."""
    if not terminal.reachable:
        raise Refused("The terminal has no connection.")
    found = [p for p in world.active_pairings(terminal) if pairing_id in (None, p.id)]
    if not found:
        raise Refused("The terminal is not paired.")
    for pairing in found:
        pairing.state = "unpaired"


def unpair_by_pos(world, pairing):
    """The POS removes its pairing, even one that is not confirmed yet."""
    terminal = world.terminals[pairing.terminal]
    if terminal.pairing == pairing.id:
        give_up(world, terminal)
    pairing.state = "unpaired"


def _show(world, terminal, stage, due, duration):
    terminal.stage = stage
    terminal.due = due
    terminal.due_at = time.time() + world.settings[duration]


def _new_code(world):
    while True:
        code = f"{secrets.randbelow(1_000_000):06d}"
        if not world.pairing_by(code=code):
            return code

"""The set-up check: shows an administrator what is wrong before a cashier finds out.

It works on any server: nothing of ``dev/`` is needed.
"""

import time
from typing import NamedTuple

import odoo
from odoo.tools import config

from ..ledger import terminals
from ..sci.client import CLOCK_TOLERANCE, reach
from ..sci.errors import SciError
from ..sci.urls import UnsafeUrl, authority, checked_base_url
from ..server import credentials, proxies, waiting
from ..server.causes import facts, is_proxy_setting, text_of
from ..server.odoo_adapter import card_methods
from ..server.sentences import cannot_sign_text, place_text
from ..server.short_transactions import end_transaction
from .set_up import has_paid

#: Seconds that the whole check may wait for mx51, so that a proxy sees an answer.
LONGEST = 20
#: Seconds that one host may take to answer.
LONGEST_ANSWER = 5
#: Causes between this server and the host; an empty one is silence.
ON_THE_WAY = ("", "proxy", "tls", "unreachable", "interposed")
#: Minutes after which a scheduled action that should run every minute is late.
CRON_LATE = 10
#: Connections below which a burst of payments has to wait in the evented process.
FEW_CONNECTIONS = 8


class Finding(NamedTuple):
    """One line of the check.

    :param state: ``ok``, ``warning``, ``error``, or ``unknown`` where it could not be
        looked at
    :param text: what was found, or what to do
    :param detail: lines to copy, if any
    """

    key: str
    state: str
    title: str
    text: str
    detail: str = ""


def findings(env, way=None, problem=None):
    """All lines, as dictionaries of :class:`Finding`.

    :param way: the kind of process that answered the browser's request to
        ``/websocket`` (a key of :data:`~..server.waiting.WAYS`), ``None`` if none did
    :param problem: the HTTP status that it got instead
    """
    found = [_credentials(env), *_shop(env)]
    found += _databases(env)
    found += [_cron(env), _waiting(env, way, problem)]
    if way == "evented":
        found.append(_connections(env))
    addresses = _addresses(env)
    end_transaction(env)
    give_up_at = time.monotonic() + LONGEST
    for address in addresses:
        found += _reached(env, address, give_up_at)
    return [finding._asdict() for finding in found]


def shop_findings(env):
    """What a manager may set right, without asking anybody: of the user's company."""
    own = [("company_id", "=", env.company.id)]
    copied = [line for line in _databases(env, own) if line.state != "ok"]
    found = (_credentials(env), *copied, *_shop(env))
    return [finding._asdict() for finding in found]


def _credentials(env):
    title = env._("Credentials")
    try:
        credentials.pairing_credentials()
    except credentials.CannotSign as exc:
        return Finding("credentials", "error", title, cannot_sign_text(env, exc))
    text = env._("Pairing API key and signing secret (Part A) are set.")
    if credentials.is_sandbox():
        _url, source = credentials.find(credentials.PAIRING_API_URL_VARIABLE)
        text += " " + env._(
            "Payments go to a SANDBOX on this machine. %s leads there; for real ones, "
            "remove it.",
            place_text(env, source),
        )
        return Finding("credentials", "warning", title, text)
    return Finding("credentials", "ok", title, text)


# -- the shop ----------------------------------------------------------------------


def _shop(env):
    of_company = [("company_id", "=", env.company.id)]
    # An administrator need not sell.
    found = env["pos.sci.terminal"].sudo().search(of_company)
    registers = env["pos.config"].sudo().search(of_company)
    paired = found.filtered(lambda terminal: terminal.state == "paired")
    return [_paired(found, paired), _registers(registers), _tested(paired)]


def _paired(found, paired):
    env, title = found.env, found.env._("Terminals")
    copied = found.filtered(terminals.is_of_other_database)
    if copied:
        text = env._(
            "Paired in another database: %s. See “Database”.",
            ", ".join(copied.mapped("name")),
        )
        return Finding("terminals", "warning", title, text)
    if not paired:
        text = env._("No terminal is paired yet. Begin with “Set up EFTPOS”.")
        return Finding("terminals", "warning", title, text)
    left = found - paired
    if left:
        text = env._(
            "Not paired: %s. Pair them, or archive what is no longer used.",
            ", ".join(left.mapped("name")),
        )
        return Finding("terminals", "warning", title, text)
    text = env._("Paired: %s.", ", ".join(paired.mapped("name")))
    return Finding("terminals", "ok", title, text)


def _registers(registers):
    env, title = registers.env, registers.env._("Registers")
    cards = registers.filtered(card_methods)
    if not cards:
        text = env._(
            "No register takes card payments with a terminal yet. Choose registers in "
            "“Set up EFTPOS”."
        )
        return Finding("registers", "warning", title, text)
    left = cards.filtered(
        lambda it: not (it.sci_terminal_id or card_methods(it).sci_terminal_ids)
    )
    if left:
        text = env._(
            "Without a terminal: %s. Choose one in “Set up EFTPOS”.",
            ", ".join(left.mapped("name")),
        )
        return Finding("registers", "warning", title, text)
    text = env._("With a terminal: %s.", ", ".join(cards.mapped("name")))
    return Finding("registers", "ok", title, text)


def _tested(paired):
    env, title = paired.env, paired.env._("Test payment")
    left = paired.filtered(lambda terminal: not has_paid(terminal))
    if left:
        text = env._(
            "No card has paid yet with %s. Sell something small at the register by "
            "card, then refund it.",
            ", ".join(left.mapped("name")),
        )
        return Finding("test", "warning", title, text)
    if not paired:
        text = env._("Pair a terminal first.")
        return Finding("test", "unknown", title, text)
    text = env._("A card has paid with each terminal.")
    return Finding("test", "ok", title, text)


# -- the database ------------------------------------------------------------------


def _databases(env, condition=()):
    """:param condition: domain of the terminals"""
    title = env._("Database")
    with_pairing = [("state", "!=", "unpaired"), *condition]
    found = env["pos.sci.terminal"].sudo().search(with_pairing)
    copied = found.filtered(terminals.is_of_other_database)
    if copied:
        text = env._(
            "This is a copy: nothing is sent to %s from here. If this is the live "
            "database, say so on the terminal's form.",
            ", ".join(copied.mapped("name")),
        )
        return [Finding("database", "error", title, text)]
    if not found:
        return []
    text = env._("Paired with this database: %s", ", ".join(found.mapped("name")))
    return [Finding("database", "ok", title, text)]


def _cron(env):
    title = env._("Scheduled actions")
    cron = env.ref("pos_mx51_sci.ir_cron_sweep", raise_if_not_found=False)
    if not cron or not cron.sudo().active:
        text = env._(
            "The scheduled action that finishes interrupted payments is switched off. "
            "Activate “EFTPOS: finish transactions nobody follows”."
        )
        return Finding("cron", "error", title, text)
    since = cron.sudo().lastcall
    if not since:
        text = env._("It has not run yet. Check again in a few minutes.")
        return Finding("cron", "warning", title, text)
    minutes = int((env.cr.now() - since).total_seconds() // 60)
    if minutes >= CRON_LATE:
        text = env._(
            "Interrupted payments were last looked after %s minutes ago. Start Odoo "
            "with --max-cron-threads of at least 1; a host that runs scheduled actions "
            "rarely finishes interrupted payments late.",
            minutes,
        )
        return Finding("cron", "error", title, text)
    text = env._("Interrupted payments were looked after %s minutes ago.", minutes)
    return Finding("cron", "ok", title, text)


# -- how requests arrive -----------------------------------------------------------


def _waiting(env, way, problem):
    title = env._("Waiting for payments")
    if way == "evented":
        text = env._("Payments wait in the evented process, which costs nothing.")
        return Finding("waiting", "ok", title, text)
    if way == "threads":
        text = env._("Payments wait in a thread of this server, which has no workers.")
        return Finding("waiting", "ok", title, text)
    if way == "worker":
        text = env._(
            "Payments work, but each register asks every second and takes a worker to "
            "do so. Have the proxy send all of /websocket to the evented process:"
        )
    else:
        text = env._(
            "/websocket did not answer (%s). Payments take another way, but registers "
            "learn of nothing by themselves. Have the proxy send all of /websocket to "
            "the evented process:",
            problem or env._("no connection"),
        )
    return Finding("waiting", "warning", title, text, proxies.lines())


def _connections(env):
    title = env._("Database connections")
    most = int(config["db_maxconn_gevent"] or config["db_maxconn"])
    text = env._(
        "The evented process may open %s database connections (db_maxconn_gevent).",
        most,
    )
    if most >= FEW_CONNECTIONS:
        return Finding("connections", "ok", title, text)
    text += " " + env._(
        "In a burst, payments wait for one another. Raise it to at least %s, within "
        "PostgreSQL's max_connections, then restart Odoo.",
        FEW_CONNECTIONS,
    )
    return Finding("connections", "warning", title, text)


# -- mx51 --------------------------------------------------------------------------


def _addresses(env):
    """The Pairing API, then the addresses of paired terminals, each host once."""
    paired = env["pos.sci.terminal"].sudo().search([("state", "=", "paired")])
    found = [credentials.pairing_api_url(), *paired.mapped("api_base_url")]
    return list({host_of(url): url for url in filter(None, found)}.values())


def host_of(address):
    """The host of a URL, with its port unless that is the default; ``None`` if it
    cannot be read: what somebody has set may be anything."""
    try:
        return authority(address)
    except UnsafeUrl:
        return None


def _reached(env, address, give_up_at):
    host = host_of(address)
    key, title = f"reach {host}", env._("Connection to %s", host)
    if not host:
        key, title = "reach", env._("Connection to the terminal service")
    wrong = _wrong(env, address)
    if wrong:
        return [Finding(key, "error", title, wrong)]
    left = give_up_at - time.monotonic()
    if left < 1:
        text = env._("There was no time left to look. Please check again.")
        return [Finding(key, "unknown", title, text)]
    seconds = min(left, LONGEST_ANSWER)
    try:
        offset = reach(address, seconds)
    except SciError as exc:
        cause = facts(exc)
        said = text_of(env, cause) or env._("No answer within %s s.", round(seconds))
        if not is_proxy_setting(cause):
            said = f"{said} {_remedy(env, exc.reason, host)}".rstrip()
        return [Finding(key, "error", title, said)]
    text = env._("Name, connection and encryption are right.")
    return [Finding(key, "ok", title, text), *_clock(env, host, offset)]


def _wrong(env, address):
    """What is wrong with an address as it stands, and where it was found, if that is
    this server; ``None`` if nothing is."""
    try:
        if address == credentials.pairing_api_url():
            credentials.checked_pairing_api_url()
        checked_base_url(address, allow_loopback_http=True)
    except credentials.CannotSign as exc:
        return cannot_sign_text(env, exc)
    except UnsafeUrl:
        return env._("This is no address that payments may go to. It needs https.")
    return None


def _remedy(env, reason, host):
    """What to do, where the cause does not say so itself."""
    if reason == "unavailable":
        return env._("Please check again later.")
    if reason in ON_THE_WAY:
        return env._(
            "Have whoever looks after this server's network let HTTPS requests to %s "
            "through, past firewall and proxy.",
            host,
        )
    return ""


def _clock(env, host, offset):
    if offset is None:
        return []
    key, title = f"clock {host}", env._("Clock")
    if abs(offset) <= CLOCK_TOLERANCE:
        text = env._("This server's clock agrees with the terminal service's.")
        return [Finding(key, "ok", title, text)]
    text = env._(
        "This server's clock is %s s off the terminal service's. Requests are signed "
        "with the corrected time; please set up time synchronisation.",
        round(offset),
    )
    return [Finding(key, "warning", title, text)]


def versions(env):
    """What support asks first."""
    module = env["ir.module.module"].sudo().search([("name", "=", "pos_mx51_sci")])
    return {
        "addon": module.installed_version,
        "odoo": odoo.release.version,
        "process": waiting.way(),
    }

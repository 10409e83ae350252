"""Whether the hosts of mx51 can be reached: part of the set-up check."""

import time
from typing import NamedTuple

from ..ledger import terminals
from ..sci import client
from ..sci.client import CLOCK_TOLERANCE
from ..sci.errors import SciError
from ..sci.urls import UnsafeUrl, authority, checked_base_url
from ..server import credentials
from ..server.causes import facts, is_proxy_setting, text_of
from ..server.sentences import cannot_sign_text
from .finding import Finding

#: Seconds that the whole check may wait for mx51, so that a proxy sees an answer.
LONGEST = 20
#: Seconds that one host may take to answer.
LONGEST_ANSWER = 5
#: Causes between this server and the host; an empty one is silence.
ON_THE_WAY = ("", "proxy", "tls", "unreachable", "interposed")


class Address(NamedTuple):
    """A host to ask.

    :param is_asked: ``False`` where this is a copy of the database: from there nothing
        is sent
    """

    url: str
    is_pairing_api: bool
    is_asked: bool


def addresses(env):
    """The Pairing API, and the addresses of paired terminals, each host once."""
    every = env["pos.sci.terminal"].sudo().with_context(active_test=False)
    known = every.search([("state", "!=", "unpaired")])
    copied = known.filtered(terminals.is_of_other_database)
    own = known - copied
    found = [
        *(Address(url, False, False) for url in _urls(copied)),
        Address(credentials.pairing_api_url(), True, bool(own or not copied)),
        *(Address(url, False, True) for url in _urls(own)),
    ]
    return list({host_of(address.url): address for address in found}.values())


def _urls(found):
    paired = found.filtered(lambda terminal: terminal.state == "paired")
    return filter(None, paired.mapped("api_base_url"))


def findings(env, found):
    """What asking these addresses shows."""
    give_up_at = time.monotonic() + LONGEST
    return [line for address in found for line in _reached(env, address, give_up_at)]


def host_of(url):
    """The host of a URL, with its port unless that is the default; ``None`` if it
    cannot be read: what somebody has set may be anything."""
    try:
        return authority(url)
    except UnsafeUrl:
        return None


def _reached(env, address, give_up_at):
    host = host_of(address.url)
    key, title = f"reach {host}", env._("Connection to %s", host)
    if not host:
        key, title = "reach", env._("Connection to the terminal service")
    wrong = _wrong(env, address)
    if wrong:
        return [Finding(key, "error", title, wrong)]
    if not address.is_asked:
        text = env._("This is a copy of the database, so nobody was asked.")
        return [Finding(key, "unknown", title, text)]
    left = give_up_at - time.monotonic()
    if left < 1:
        text = env._("There was no time left to look. Please check again.")
        return [Finding(key, "unknown", title, text)]
    seconds = min(left, LONGEST_ANSWER)
    try:
        offset = client.reach(
            address.url, seconds, is_pairing_api=address.is_pairing_api
        )
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
        if address.is_pairing_api:
            credentials.checked_pairing_api_url()
        checked_base_url(address.url, allow_loopback_http=True)
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

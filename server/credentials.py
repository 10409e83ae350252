"""The integrator's credentials: from the server, never from the database.

Of each, the first of these that is not empty counts: the environment variable, the file
named by the variable with ``_FILE`` behind it (as containers pass secrets), the option
in the section ``[mx51_sci]`` of Odoo's configuration file. The section is read here
because Odoo reads ``[options]`` only.
"""

import configparser
import os
from typing import NamedTuple
from urllib.parse import urljoin

from odoo.tools import config

from ..sci.client import PAIRING_API_URL
from ..sci.urls import UnsafeUrl, checked_base_url, is_loopback

SECTION = "mx51_sci"
PAIRING_API_KEY = "MX51_SCI_PAIRING_API_KEY"
SIGNING_SECRET_PART_A = "MX51_SCI_SIGNING_SECRET_PART_A"
PAIRING_API_URL_VARIABLE = "MX51_SCI_PAIRING_API_URL"
#: All of them, and those whose values are secrets.
SECRETS = (PAIRING_API_KEY, SIGNING_SECRET_PART_A)
VARIABLES = (*SECRETS, PAIRING_API_URL_VARIABLE)
#: Longest file that is read as a credential, in characters.
LONGEST_FILE = 10_000
#: Straight quotes, and what editors and chat programs make of them.
_QUOTES = frozenset("'\"\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb")


class CannotSign(Exception):
    """This server may not send requests under a pairing."""


class MissingCredentials(CannotSign):
    """The server lacks credentials.

    :param variables: the environment variables that would name them
    """

    def __init__(self, variables):
        super().__init__(", ".join(variables))
        self.variables = variables


class UnusableCredentials(MissingCredentials):
    """A credential is set, but cannot be right. Never carries its value.

    :param variable: what it is
    :param source: :class:`Source` that it was found in
    :param mistake: ``quotes``, ``blanks``, ``comment``, ``characters``, ``address`` or
        ``unreadable``
    """

    def __init__(self, variable, source, mistake):
        super().__init__([variable])
        self.source = source
        self.mistake = mistake


class OtherDatabase(CannotSign):
    """The pairing was made in another database, of which this is a copy.

    :param terminal_name: what the shop calls the terminal
    """

    def __init__(self, terminal_name):
        super().__init__(terminal_name)
        self.terminal_name = terminal_name


class OtherPairing(CannotSign):
    """The payment was sent under a pairing that its terminal no longer has.

    :param terminal_name: what the shop calls the terminal
    """

    def __init__(self, terminal_name):
        super().__init__(terminal_name)
        self.terminal_name = terminal_name


class Source(NamedTuple):
    """Where a credential was found.

    :param kind: ``environment``, ``file`` or ``configuration``
    :param name: the variable or the option
    """

    kind: str
    name: str


def option_of(variable):
    """The option of the configuration file that means the same as a variable."""
    return variable.removeprefix("MX51_SCI_").lower()


def find(variable):
    """``(value, source)`` of a credential; an empty value where it is not set.

    :raises UnusableCredentials: a file that was named cannot be read
    """
    value = _clean(os.environ.get(variable))
    if value:
        return value, Source("environment", variable)
    path = _clean(os.environ.get(f"{variable}_FILE"))
    if path:
        source = Source("file", f"{variable}_FILE")
        value = _from_file(variable, path, source)
        if value:
            return value, source
    return _from_configuration(variable), Source("configuration", option_of(variable))


def _clean(value):
    return (value or "").strip().removeprefix("\ufeff").strip()


def _from_file(variable, path, source):
    try:
        with open(path, encoding="utf-8") as file:
            return _clean(file.read(LONGEST_FILE))
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise UnusableCredentials(variable, source, "unreadable") from exc


def _from_configuration(variable):
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(config["config"] or [], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return _clean(parser.get(SECTION, option_of(variable), fallback=""))


def _checked(variable):
    """The value of a credential, empty where it is not set.

    :raises UnusableCredentials: it cannot be right
    """
    value, source = find(variable)
    is_address = variable == PAIRING_API_URL_VARIABLE
    mistake = _mistake(value) or (is_address and value and _mistake_of_address(value))
    if mistake:
        raise UnusableCredentials(variable, source, mistake)
    return value


def _required(*variables):
    values = {variable: _checked(variable) for variable in variables}
    missing = [variable for variable, value in values.items() if not value]
    if missing:
        raise MissingCredentials(missing)
    return values.values()


def _mistake(value):
    """What a value has that no credential of mx51 has, if anything."""
    marks = (f"{blank}{mark}" for blank in " \t\n" for mark in "#;")
    if value.startswith("#") or any(mark in value for mark in marks):
        return "comment"
    if value and {value[0], value[-1]} & _QUOTES:
        return "quotes"
    if any(map(str.isspace, value)):
        return "blanks"
    can_be_sent = value.isascii() and value.isprintable()
    return None if can_be_sent else "characters"


def _mistake_of_address(value):
    try:
        checked_base_url(value, allow_loopback_http=True)
    except UnsafeUrl:
        return "address"
    return None


def pairing_api_url():
    """Base URL of the Pairing API; mx51's host unless set otherwise."""
    try:
        return find(PAIRING_API_URL_VARIABLE)[0] or PAIRING_API_URL
    except UnusableCredentials:
        return PAIRING_API_URL


def checked_pairing_api_url():
    """The same.

    :raises UnusableCredentials: what is set cannot be right
    """
    return _checked(PAIRING_API_URL_VARIABLE) or PAIRING_API_URL


def pairing_credentials():
    """``(base URL, API key)`` of the Pairing API.

    Part A is required as well: without it a new pairing could not be used.

    :raises MissingCredentials: names what is not set, or not set right
    """
    api_key, _part_a = _required(PAIRING_API_KEY, SIGNING_SECRET_PART_A)
    return checked_pairing_api_url(), api_key


def signing_secret(part_b):
    """Part A and Part B joined as text (``docs/protocol.md`` 1.3).

    :raises MissingCredentials: Part A is not set, or not set right
    """
    (part_a,) = _required(SIGNING_SECRET_PART_A)
    return part_a + part_b


def is_sandbox(api_base_url=None):
    """Whether payments go to a stand-in on this machine: a loopback URL."""
    return bool(sandbox_page(api_base_url))


def sandbox_page(api_base_url=None):
    """Where the virtual terminals of the sandbox are, if payments go there."""
    for url in (pairing_api_url(), api_base_url):
        if is_loopback(url):
            return urljoin(url, "/")
    return ""

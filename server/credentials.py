"""The integrator's credentials: from the server, never from the database.

Environment variables win over the section ``[mx51_sci]`` of Odoo's configuration
file. The section is read here because Odoo reads ``[options]`` only.
"""

import configparser
import os

from odoo.tools import config

from ..sci.client import PAIRING_API_URL
from ..sci.urls import is_loopback

SECTION = "mx51_sci"
PAIRING_API_KEY = "MX51_SCI_PAIRING_API_KEY"
SIGNING_SECRET_PART_A = "MX51_SCI_SIGNING_SECRET_PART_A"
PAIRING_API_URL_VARIABLE = "MX51_SCI_PAIRING_API_URL"


class MissingCredentials(Exception):
    """The server lacks credentials; ``variables`` names them."""

    def __init__(self, variables):
        super().__init__(", ".join(variables))
        self.variables = variables


def _value(variable):
    value = os.environ.get(variable)
    if value is None:
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(config["config"] or [], encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            return ""
        option = variable.removeprefix("MX51_SCI_").lower()
        value = parser.get(SECTION, option, fallback="")
    return value.strip()


def _required(*variables):
    values = [_value(variable) for variable in variables]
    missing = [v for v, value in zip(variables, values, strict=True) if not value]
    if missing:
        raise MissingCredentials(missing)
    return values


def pairing_api_url():
    """Base URL of the Pairing API; mx51's host unless set otherwise."""
    return _value(PAIRING_API_URL_VARIABLE) or PAIRING_API_URL


def pairing_credentials():
    """``(base URL, API key)`` of the Pairing API.

    Part A is required as well: without it a new pairing could not be used.

    :raises MissingCredentials: names what is not set
    """
    api_key, _part_a = _required(PAIRING_API_KEY, SIGNING_SECRET_PART_A)
    return pairing_api_url(), api_key


def signing_secret(part_b):
    """Part A and Part B joined as text (``docs/protocol.md`` 1.3).

    :raises MissingCredentials: Part A is not set
    """
    (part_a,) = _required(SIGNING_SECRET_PART_A)
    return part_a + part_b


def is_sandbox(api_base_url=None):
    """Whether payments go to a stand-in on this machine: a loopback URL."""
    return is_loopback(pairing_api_url()) or is_loopback(api_base_url)

"""The credentials of mx51's test environment, set as the addon reads them."""

import configparser
import os
from pathlib import Path

from lib.console import Stop

VARIABLES = {
    "MX51_SCI_PAIRING_API_KEY": "pairing_api_key",
    "MX51_SCI_SIGNING_SECRET_PART_A": "signing_secret_part_a",
}


def of_environment():
    """(Pairing API key, Part A); `Stop` if one is missing."""
    section = _section()
    found = [
        os.environ.get(name) or _in_file(f"{name}_FILE") or section.get(option)
        for name, option in VARIABLES.items()
    ]
    if not all(found):
        named = zip(VARIABLES, found, strict=True)
        missing = [name for name, value in named if not value]
        raise Stop(f"Set {' and '.join(missing)}: mx51 has given them to you.")
    return found


def _in_file(name):
    path = os.environ.get(name)
    return path and Path(path).read_text().strip()


def _section():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(os.environ.get("ODOO_RC") or "")
    return parser["mx51_sci"] if parser.has_section("mx51_sci") else {}

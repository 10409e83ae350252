"""./dev/pot: makes i18n/pos_mx51_sci.pot, the template of translations."""

import argparse
import re
import tempfile
from pathlib import Path

from . import databases, odoo, places, setup
from .console import Stop, step

TEMPLATE = places.CHECKOUT / "i18n" / f"{places.ADDON}.pot"
DATABASE = "pot"
DATES = re.compile(r'^"(POT-Creation|PO-Revision)-Date: .*$\n', re.MULTILINE)


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/pot", description=__doc__)
    parser.parse_args(arguments)
    setup.prepare()
    databases.new(DATABASE)
    try:
        with step("Exporting the terms"), tempfile.TemporaryDirectory() as folder:
            text = _exported(Path(folder) / TEMPLATE.name)
    finally:
        databases.drop(DATABASE)
    # A new date alone is no change.
    if not TEMPLATE.exists() or _undated(text) != _undated(TEMPLATE.read_text()):
        TEMPLATE.write_text(text)


def _exported(file):
    log = places.LOGS / "pot.log"
    command = ["i18n", "export", "-d", DATABASE, "-l", "pot", "-o", file, places.ADDON]
    status, printed = odoo.run_logged(command, log)
    if status or not file.exists():
        raise Stop(f"Odoo could not export the terms:\n{printed}")
    return file.read_text()


def _undated(text):
    return DATES.sub("", text)

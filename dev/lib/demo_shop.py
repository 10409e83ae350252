"""The demo shop: an Australian company with two registers, in its own database."""

import hashlib
import json

from . import cluster, databases, odoo, places, source
from .console import Stop, explain, step

DATABASE = "demo_shop"
SCRIPT = places.CHECKOUT / "dev" / "lib" / "demo_shop_data.py"
# Folders that an installation or update of the addon does not read; static/ is read
# whenever a page is loaded.
NOT_INSTALLED = ("dev", "docs", "sandbox", "static", "tests")
# The Australian chart of accounts needs the company's country before it is installed.
MODULES = f"l10n_au,point_of_sale,{places.ADDON}"


def get(fresh=False, database=DATABASE):
    """Make the demo shop, or update it if the addon's files have changed."""
    made_from = places.OWN / f"{database}.json"
    wanted = {
        "odoo": source.get().key,
        "script": _hash([SCRIPT]),
        "addon": _hash(_addon_files()),
    }
    current = _read(made_from)
    if fresh or not databases.exists(database) or current.get("odoo") != wanted["odoo"]:
        made_from.unlink(missing_ok=True)
        with databases.made(database) as name:
            _make(name)
    elif current != wanted:
        # If it fails, the next run tries again on the same database.
        made_from.write_text(json.dumps({"odoo": wanted["odoo"]}))
        databases.install(database, ["-u", places.ADDON], "Updating the addon")
        _complete(database)
    made_from.write_text(json.dumps(wanted))


def registers():
    """[(id, name)] of the registers on the dashboard."""
    rows = cluster.query(
        "SELECT id, name FROM pos_config WHERE active ORDER BY id", DATABASE
    )
    return [row.split("|", 1) for row in rows.splitlines()]


def _make(name):
    with step("Making an Australian company"):
        _odoo("db", "init", name, "--country", "AU")
    log = databases.install(name, ["-i", MODULES], "Installing Point of Sale, accounts")
    databases.check_installed(name, log)
    _complete(name)


def _complete(name):
    with step("Filling the demo shop"):
        _odoo("shell", "-d", name, "--no-http", stdin=SCRIPT)


def _odoo(*arguments, stdin="/dev/null"):
    log = places.LOGS / "demo-shop.log"
    status, printed = odoo.run_logged(arguments, log, stdin=stdin)
    # Odoo's shell ends with 0 whatever its input did.
    if status or "Traceback (most recent call last)" in printed:
        raise Stop(explain("The demo shop could not be made:", printed, log))


def _read(file):
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}


def _addon_files():
    yield from sorted(places.CHECKOUT.glob("*.py"))
    for folder in sorted(places.CHECKOUT.iterdir()):
        if folder.name in NOT_INSTALLED or folder.name.startswith("."):
            continue
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield path


def _hash(files):
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(places.CHECKOUT)}\0".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]

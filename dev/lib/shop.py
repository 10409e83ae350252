"""The demo shop: an Australian company with two registers, in a database of its own."""

import hashlib
import json

from . import cluster, databases, odoo, places, source
from .console import Stop, explain, step

DATABASE = "demo_shop"
SCRIPT = places.CHECKOUT / "dev" / "demo_shop.py"
MADE_FROM = places.OWN / "demo_shop.json"
# What Odoo reads of the addon when it installs or updates it.
ADDON_PARTS = ("models", "security", "data", "views", "demo", "i18n", "controllers")
# An Australian chart of accounts wants the company's country before it is installed.
MODULES = f"l10n_au,point_of_sale,{places.ADDON}"


def get(fresh=False):
    """Have the demo shop in its database, as the addon's files are now."""
    wanted = {
        "odoo": source.get().key,
        "script": _hash([SCRIPT]),
        "addon": _hash(_addon_files()),
    }
    current = _made_from()
    if fresh or not databases.exists(DATABASE) or current.get("odoo") != wanted["odoo"]:
        MADE_FROM.unlink(missing_ok=True)
        with databases.made(DATABASE) as name:
            _make(name)
    elif current != wanted:
        # Until it has succeeded, the next run tries again, on this same database.
        MADE_FROM.write_text(json.dumps({"odoo": wanted["odoo"]}))
        databases.install(DATABASE, ["-u", places.ADDON], "Updating the addon")
        _complete(DATABASE)
    MADE_FROM.write_text(json.dumps(wanted))


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
    with step("Furnishing the demo shop"):
        _odoo("shell", "-d", name, "--no-http", stdin=SCRIPT)


def _odoo(*arguments, stdin="/dev/null"):
    log = places.LOGS / "demo-shop.log"
    status, printed = odoo.run_logged(arguments, log, stdin=stdin)
    # Odoo's shell ends with 0 whatever its input did.
    if status or "Traceback (most recent call last)" in printed:
        raise Stop(explain("The demo shop could not be made:", printed, log))


def _made_from():
    try:
        return json.loads(MADE_FROM.read_text())
    except (OSError, ValueError):
        return {}


def _addon_files():
    yield places.CHECKOUT / "__manifest__.py"
    for part in ADDON_PARTS:
        for path in sorted((places.CHECKOUT / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _hash(files):
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(places.CHECKOUT)}\0".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]

"""Odoo's own command line, inside the prepared environment."""

import os

from . import cluster, packages, places, processes, source

# Unlike `python -m odoo`, a file, which Odoo needs to start its evented process.
SCRIPT = """import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def environment(odoo=None):
    """The variables of an Odoo process: Odoo reads all its settings from them.

    Options on the command line and MX51_SCI_* pass through; a configuration file
    given with -c keeps its other settings.
    """
    odoo = odoo or source.get()
    addons = ",".join(str(folder) for folder in (*odoo.addons, places.ADDONS))
    values = dict(
        os.environ,
        **cluster.environment(),
        ODOO_ADDONS_PATH=addons,
        ODOO_DATA_DIR=str(cluster.data()),
        PYTHONPATH=str(odoo.python_path),
        # Compiled files save seconds, and do not belong in the checkout.
        PYTHONPYCACHEPREFIX=str(places.SHARED / "pycache"),
        HYPOTHESIS_STORAGE_DIRECTORY=str(places.OWN / "hypothesis"),
        VIRTUAL_ENV=str(packages.folder()),
        PATH=f"{packages.folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    )
    # With demo passwords and the sandbox, only this machine may connect.
    values.setdefault("ODOO_HTTP_INTERFACE", "127.0.0.1")
    for name in ("no_proxy", "NO_PROXY"):
        values[name] = f"{values.get(name, '')},127.0.0.1,localhost".lstrip(",")
    for name in ("PGDATABASE", "PGPASSWORD", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME"):
        values.pop(name, None)
    for variable, option in (
        ("MX51_DEV_HTTP_PORT", "ODOO_HTTP_PORT"),
        ("MX51_DEV_GEVENT_PORT", "ODOO_GEVENT_PORT"),
    ):
        if os.environ.get(variable):
            values[option] = str(places.port(variable))
    return values


def command(*arguments):
    """The command line that runs Odoo with these arguments."""
    script = places.OWN / "bin" / "odoo"
    if not script.exists() or script.read_text() != SCRIPT:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(SCRIPT)
    return [str(part) for part in (packages.python(), script, *arguments)]


def run_logged(arguments, log, **options):
    """Run Odoo with its log in a file; return (exit status, the log's text)."""
    options = {"cwd": places.CHECKOUT, "env": environment(), **options}
    with processes.started("Odoo", command(*arguments), log, **options) as process:
        status = processes.wait_for_end(process)
    return status, log.read_text(errors="replace")

"""Programs that need the Python packages, the testbed, and the addon's own code."""

import os
import subprocess

from . import odoo, packages, places


def run(module, arguments):
    """Run a package in dev/ as a program; return its exit status."""
    environment = odoo.environment()
    # For the packages sandbox and sci.
    folders = environment["PYTHONPATH"], str(places.CHECKOUT)
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    command = [packages.python(), "-m", module, *arguments]
    folder = places.CHECKOUT / "dev"
    return subprocess.run(command, cwd=folder, env=environment).returncode

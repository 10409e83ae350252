"""Programs that need the Python packages, the testbed, and the addon's own code."""

import os
import subprocess

from . import odoo, packages, places


def run(module, arguments, first=()):
    """Run a package in dev/ as a program; return its exit status.

    :param first: folders in which Python searches before all others
    """
    environment = odoo.environment()
    # The checkout for the packages sandbox and sci.
    folders = *first, environment["PYTHONPATH"], places.CHECKOUT
    environment["PYTHONPATH"] = os.pathsep.join(map(str, folders))
    command = [packages.python(), "-m", module, *arguments]
    folder = places.CHECKOUT / "dev"
    return subprocess.run(command, cwd=folder, env=environment).returncode

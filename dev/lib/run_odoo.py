"""./dev/odoo ARGS…: Odoo's own command line, inside the prepared environment."""

import os

from . import odoo, setup


def main(arguments):
    setup.prepare()
    command = odoo.command(*arguments)
    os.execve(command[0], command, odoo.environment())

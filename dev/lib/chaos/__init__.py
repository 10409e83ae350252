"""./dev/chaos: card payments while everything fails, then three records compared.

Real Odoo processes on a durable PostgreSQL, the sandbox as mx51 with its own record of
charges, and registers that behave as the front end does. Calls to mx51 fail in every
way, browsers lose their line, Odoo is killed, PostgreSQL and the sandbox restart, by
chance. At the end mx51's charges, the ledger and Odoo's orders have to agree.

The same seed is the same plan of faults. It is no exact replay: which of two requests
comes first is up to threads and processes.
"""

import argparse
import subprocess

from .. import odoo, packages, places, setup

MODES = ("hosts", "threaded")


def parser():
    found = argparse.ArgumentParser(
        prog="dev/chaos",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--payments", type=int, default=60, help="how many (60)")
    found.add_argument("--seed", default="1", help="the plan of what fails (1)")
    found.add_argument(
        "--mode",
        choices=MODES,
        default=MODES[0],
        help="two hosts with an HTTP worker and an evented process each, or one "
        "server with threads",
    )
    found.add_argument("--registers", type=int, help="how many; by default at most 30")
    found.add_argument(
        "--load",
        metavar="SECONDS",
        type=int,
        help="instead: all registers pay for so long, behind nginx, with faults in "
        "5 %% of the payments; memory and connections must not grow",
    )
    return found


def main(arguments):
    options = parser().parse_args(arguments)
    setup.prepare(proxy=bool(options.load))
    command = [packages.python(), "-m", "lib.chaos", *arguments]
    folder = places.CHECKOUT / "dev"
    return subprocess.run(command, cwd=folder, env=odoo.environment()).returncode

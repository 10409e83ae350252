"""./dev/bench: what a card payment costs, beside Odoo's own payment addons.

The production topology on this machine: nginx in front of Odoo with two HTTP workers
and the evented process, PostgreSQL with fsync on, the sandbox as mx51. The table is
printed and written to dev/bench-results.md. Leave the machine alone meanwhile.
"""

import argparse
import subprocess

from .. import odoo, packages, places, setup

#: Names of the measurements, in the order in which they are made: the memory before
#: many have waited, since a process gives little of it back.
NAMES = ("B7", "B6", "B4", "B1", "memory", "B2", "B3", "B5")


def parser():
    found = argparse.ArgumentParser(
        prog="dev/bench",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument(
        "names", metavar="NAME", nargs="*", help=f"only these: {', '.join(NAMES)}"
    )
    found.add_argument(
        "--quick",
        action="store_true",
        help="smoke run in less than 3 minutes: does everything work? Writes nothing",
    )
    return found


def main(arguments):
    options = parser().parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser().error(f"no such measurement: {', '.join(sorted(unknown))}")
    setup.prepare(browser=True, proxy=True)
    command = [packages.python(), "-m", "lib.bench", *arguments]
    folder = places.CHECKOUT / "dev"
    return subprocess.run(command, cwd=folder, env=odoo.environment()).returncode

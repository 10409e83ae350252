"""./dev/chaos: card payments while everything fails, then five records compared.

Real Odoo processes on a durable PostgreSQL, the sandbox as mx51 with its own record of
charges, and the front end that ships, run by node. By chance, calls to mx51 fail in
every way, browsers lose their connection, Odoo is killed, PostgreSQL and the sandbox
restart; other people use Odoo's other doors to the same orders. At the end sessions are
closed, and mx51's charges, the ledger, Odoo's orders, their payments and journal items
have to agree, or a manager has a review item.

The same seed gives the same plan of faults, not the same run: threads and processes
decide which of two requests comes first.
"""

import argparse

from . import places, setup, tooling

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
        help="instead: all registers take payments for so long, behind nginx, with "
        "faults in 5 %% of them; memory and connections must not grow",
    )
    return found


def main(arguments):
    options = parser().parse_args(arguments)
    setup.prepare(proxy=bool(options.load), javascript=True)
    return tooling.run("chaos_tests", arguments)

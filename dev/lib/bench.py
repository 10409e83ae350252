"""./dev/bench: what a card payment costs, compared with Odoo's own payment addons.

The production topology on this machine: nginx in front of Odoo with two HTTP workers
and the evented process, PostgreSQL with fsync on, the sandbox as mx51. The table is
printed and written to dev/bench-results.md. Nothing else should run meanwhile.
"""

import argparse

from . import places, setup, tooling

#: The measurements in their order: the memory before many payments have waited, since
#: a process gives little of it back.
NAMES = (
    *("signing", "page_weight", "start_delay", "result_delay", "recovery"),
    *("memory", "shop_under_load", "waiting_payments", "quiet_spell"),
    *("many_waiting", "ledger_size"),
)


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
    return tooling.run("benchmark", arguments)

"""./dev/certify: mx51's public requirements, played one by one in Chromium.

Writes a run sheet (HTML with pictures, and CSV): each case with its requirement, steps,
what was expected, what came, and the exchanges with mx51, secrets masked; also when it
is stopped. Ends with 1 if a case falls short or was not reached. What cannot be shown
without mx51 is listed as such.

Against the sandbox nobody has to do anything. With --against, the cases run against
mx51's test environment: set MX51_SCI_PAIRING_API_KEY and
MX51_SCI_SIGNING_SECRET_PART_A (or their _FILE variables, or [mx51_sci] in the file that
ODOO_RC names), and somebody does at the terminal what the console asks for, and judges
what mx51 words differently. "skip", typed at any question, leaves the case out.
"""

import argparse
from pathlib import Path

from . import places, setup, tooling


def parser():
    found = argparse.ArgumentParser(
        prog="dev/certify",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument(
        "cases", metavar="CASE", nargs="*", help="only these, such as PAIR-01"
    )
    found.add_argument(
        "--quick",
        action="store_true",
        help="the regression suite for a release: the mandatory cases, in ten minutes",
    )
    found.add_argument(
        "--against",
        metavar="URL",
        help="mx51's Pairing API instead of the sandbox; somebody is at the terminal",
    )
    found.add_argument(
        "--record",
        action="store_true",
        help="keep each case's exchanges, masked, as fixtures in dev/playbook/recorded",
    )
    found.add_argument(
        "--to",
        metavar="FOLDER",
        type=lambda text: Path(text).absolute(),
        default=places.OWN / "certification",
        help="where the run sheet is written (default: in the cache folder)",
    )
    return found


def main(arguments):
    options = parser().parse_args(arguments)
    setup.prepare(browser=True, javascript=True)
    # What is relative means the caller's folder.
    return tooling.run("playbook.certify", [*arguments, f"--to={options.to}"])

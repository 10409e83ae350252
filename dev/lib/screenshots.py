"""./dev/screenshots: makes the pictures of README, guides and store page.

They come from the running Point of Sale, paired with the sandbox's virtual terminals;
dev/playbook/pictures.json says which ones, and how they come about.
"""

import argparse

from . import places, setup, tooling


def parser():
    found = argparse.ArgumentParser(
        prog="dev/screenshots",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument(
        "names", metavar="NAME", nargs="*", help="only these pictures, such as pairing"
    )
    return found


def main(arguments):
    parser().parse_args(arguments)
    setup.prepare(browser=True)
    return tooling.run("playbook.screenshots", arguments)

"""./dev/newdb NAME: a fresh database with point_of_sale, demo data and the addon.

Copied from a template that is made the first time; a database of that name is
replaced. The addon is installed as it is in the checkout now.
"""

import argparse
import time

from . import databases, setup
from .console import say


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/newdb", description=__doc__)
    parser.add_argument("name", metavar="NAME")
    name = databases.check_name(parser.parse_args(arguments).name)
    begun = time.monotonic()
    setup.prepare()
    databases.new(name)
    say(f"\nDatabase {name} is ready after {time.monotonic() - begun:.0f} s.")
    say(f"Work with it: ./dev/odoo -d {name}    ./dev/odoo shell -d {name}")

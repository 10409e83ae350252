"""./dev/changelog: moves the changelog's fragments into CHANGELOG.md.

The last step before a release is tagged: its section gets the manifest's version and
today's date, and the fragments are removed.
"""

import argparse

from . import debian, packages, places, shipped
from .console import run

FRAGMENTS = places.CHECKOUT / "readme" / "newsfragments"


def fragments():
    """The files of what is new since the last release."""
    return sorted(FRAGMENTS.glob("*.*.md"))


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/changelog", description=__doc__)
    parser.parse_args(arguments)
    debian.install(packages.missing_for_venv())
    run(
        [
            *(packages.made(packages.LINTERS) / "bin" / "towncrier", "build", "--yes"),
            *("--version", shipped.version()),
        ],
        "The changelog cannot be made:",
        cwd=places.CHECKOUT,
    )

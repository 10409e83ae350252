"""./dev/release: builds the ZIP files of a release and tries them.

Installs the addon's file into an empty Odoo, pairs and sells in Chromium against the
sandbox's file, and updates the last release's database with it. docs/release.md has
the rest.
"""

import argparse
import shutil
import zipfile

from . import last_release, places, publishing, setup, shipped, tooling
from .console import say, step

FOLDER = places.OWN / "release"


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="dev/release",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--build", action="store_true", help="only build the files")
    only_build = parser.parse_args(arguments).build
    places.prepare()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with step(f"Building {shipped.version()}"):
        files = shipped.build(FOLDER)
    status = 0 if only_build else _try(files)
    for file in files:
        say(f"\n{file}  {file.stat().st_size / 1e6:.1f} MB")
    for reason in publishing.reasons_against():
        say(f"Not to be published: {reason}")
    return status


def _try(files):
    setup.prepare(browser=True)
    addon, sandbox = (_unpacked(file) for file in files)
    last = FOLDER / "last"
    name = last_release.unpack(last / places.ADDON)
    if not name:
        say("  No earlier release is in this clone: this one is updated with itself.")
        last, name = addon, shipped.version()
    pictures = FOLDER / "pictures"
    pictures.mkdir()
    (sandbox,) = sandbox.iterdir()
    # The sandbox that ships, before the one in the checkout.
    arguments = [str(place) for place in (addon, last, name, pictures)]
    status = tooling.run("release_check", arguments, first=[sandbox])
    say(f"\nPictures: {pictures}")
    return status


def _unpacked(file):
    folder = FOLDER / file.stem
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder

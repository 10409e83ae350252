"""Odoo 19 itself: Debian's package, unpacked, or an existing checkout."""

import hashlib
import os
import tempfile
from pathlib import Path

from . import places
from .console import Stop, built, locked, step
from .debian import PrivateApt

# In the name of the folder: with another number Odoo is fetched again.
RECIPE = 1
# Debian's package links to these instead of shipping them.
RESOURCES = [
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
]
# Other releases keep these elsewhere, so they come from the machine's own.
RESOURCES_OF_THIS_RELEASE = ["fonts-font-awesome", "fonts-inconsolata"]
# Missing in the package; without it every run of the unit tests logs an error.
LEFT_OUT = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


class Odoo:
    """A copy of Odoo: what goes on PYTHONPATH, and its addons folders."""

    def __init__(self, python_path):
        self.python_path = python_path
        folders = (python_path / "odoo" / "addons", python_path / "addons")
        self.addons = [
            folder for folder in folders if (folder / "web/static/src").exists()
        ]

    @property
    def key(self):
        """Changes when Odoo does; databases made with another one are not reused."""
        release = self.python_path / "odoo" / "release.py"
        mark = release.stat()
        text = f"{release}{mark.st_mtime_ns}{mark.st_size}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def find():
    """The Odoo that is there; None if it has to be fetched first."""
    checkout = os.environ.get("ODOO_SOURCE")
    if checkout:
        return _of_checkout(Path(checkout).resolve())
    root = places.SHARED / f"odoo-19-{RECIPE}"
    return _of_package(root) if root.exists() else None


def get():
    """Odoo; fetch it if need be."""
    odoo = find()
    if odoo:
        return odoo
    with locked(places.SHARED / "odoo.lock"):
        if not find():
            places.check_room()
            _fetch(places.SHARED / f"odoo-19-{RECIPE}")
    return find()


def _fetch(target):
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
        built(target) as root,
    ):
        with step("Reading Debian's package lists"):
            apt = PrivateApt(folder)
            apt.update()
        with step("Fetching and unpacking Odoo 19"):
            apt.unpack(["odoo-19"], root)
            apt.unpack(RESOURCES, root)
            apt.unpack(
                [f"{name}/{apt.release}" for name in RESOURCES_OF_THIS_RELEASE], root
            )
            left_out = _of_package(root).python_path / "odoo" / LEFT_OUT
            if not left_out.exists():
                left_out.parent.mkdir(parents=True, exist_ok=True)
                left_out.touch()


def _of_package(root):
    return Odoo(root / "usr/lib/python3/dist-packages")


def _of_checkout(folder):
    release = folder / "odoo" / "release.py"
    if not release.exists() or "version_info = (19, 0" not in release.read_text():
        raise Stop(f"ODOO_SOURCE is {folder}, and that is no checkout of Odoo 19.0.")
    return Odoo(folder)

"""The release before this one, from the repository's history."""

import subprocess

from . import places, shipped
from .console import run

#: The addon before its first tag, with all its tables; named 19.0.0.1.0 in the
#: changelog.
FIRST = "94fe06ae85bc9314f17ff0c3dd4a6d699e3f2788"


def unpack(folder):
    """Put its files into `folder`; return its name, or nothing if it is not there."""
    name = _name()
    if not name:
        return None
    folder.mkdir(parents=True)
    archive = folder.parent / "last.tar"
    run(
        ["git", "archive", f"--output={archive}", name],
        "git cannot give the last release:",
        cwd=places.CHECKOUT,
    )
    run(["tar", "-xf", archive, "-C", folder], "It cannot be unpacked:")
    archive.unlink()
    return name


def _name():
    """The newest tag that is no tag of this version, else the first release."""
    tags = _git("tag", "--list", "19.0.*", "--sort=-version:refname").split()
    for tag in tags:
        if tag != shipped.version():
            return tag
    return FIRST if _git("rev-parse", "--verify", f"{FIRST}^{{commit}}") else None


def _git(*arguments):
    """What git prints; nothing if it fails, as where there is no history."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=places.CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return "" if done.returncode else done.stdout

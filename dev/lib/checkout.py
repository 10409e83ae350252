"""The files of this checkout that git knows or would add."""

import shutil

from . import places
from .console import run


def files():
    """Their paths, sorted."""
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        "git cannot list the files of this checkout:",
        cwd=places.CHECKOUT,
    )
    names = sorted(set(listed.splitlines()))
    return [name for name in names if (places.CHECKOUT / name).exists()]


def copy(names, target):
    """Copy these files into the folder `target`."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(places.CHECKOUT / name, target / name)

"""node, and the packages of the linters, which all checkouts share."""

import hashlib
import re
import shutil
import subprocess

from . import places
from .console import Stop, built, fetch, locked, step

WANTED = places.CHECKOUT / "dev" / "node"
OLDEST = (18, 19)
NPM = ("npm", "--no-audit", "--no-fund", "--ignore-scripts")


def missing():
    """System packages, and what they are for."""
    wanted = {"node": ("nodejs", "JavaScript"), "npm": ("npm", "linters")}
    return {
        package: purpose
        for program, (package, purpose) in wanted.items()
        if not shutil.which(program)
    }


def program():
    """node itself, new enough."""
    _check_version()
    return shutil.which("node")


def modules():
    """The folder node_modules; make it if need be."""
    key = hashlib.sha256((WANTED / "package-lock.json").read_bytes()).hexdigest()[:8]
    target = places.SHARED / f"node-{key}"
    if not target.exists():
        _check_version()
        with locked(places.SHARED / "node.lock"):
            if not target.exists():
                with step("Installing the node packages"), built(target) as folder:
                    for file in WANTED.iterdir():
                        shutil.copy(file, folder)
                    fetch([*NPM, "ci"], "the node packages", cwd=folder)
    return target / "node_modules"


def _check_version():
    printed = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True)
    found = re.match(r"v(\d+)\.(\d+)", printed.stdout)
    if not found or tuple(map(int, found.groups())) < OLDEST:
        raise Stop(
            f"Node 18.19 or newer is needed: `node` is {printed.stdout.strip()}."
        )

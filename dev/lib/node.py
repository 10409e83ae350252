"""The node packages of the linters, which all checkouts share."""

import hashlib
import re
import shutil
import subprocess

from . import places
from .console import Stop, built, fetch, locked, step

WANTED = places.CHECKOUT / "dev" / "node"
OLDEST = (18, 18)
NPM = ("npm", "--no-audit", "--no-fund", "--ignore-scripts")


def missing():
    wanted = {"node": "nodejs", "npm": "npm"}
    return {
        package: "linters for JavaScript"
        for program, package in wanted.items()
        if not shutil.which(program)
    }


def modules():
    """The folder node_modules; made first if need be."""
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
            f"Node 18.18 or newer is needed for eslint: {printed.stdout.strip()} is "
            "what `node` is."
        )

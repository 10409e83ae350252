"""The Python packages: virtual environments that all checkouts share."""

import hashlib
import sys
from importlib.util import find_spec

from . import places
from .console import built, fetch, locked, run, step

#: What Odoo, the sandbox and the tests run in.
RUNTIME = "venv"
#: What the linters run in: what they need must not change what Odoo runs with.
LINTERS = "linters"
REQUIREMENTS = {RUNTIME: "requirements.txt", LINTERS: "lint-requirements.txt"}


def missing_for_venv():
    """The system package that Debian's Python needs to make environments."""
    if find_spec("ensurepip"):
        return {}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {f"python{version}-venv": "Python packages"}


def folder(kind=RUNTIME):
    """The environment of these requirements and this Python."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = hashlib.sha256(_requirements(kind).read_bytes()).hexdigest()[:8]
    return places.SHARED / f"{kind}-{version}-{key}"


def python(kind=RUNTIME):
    """The interpreter of an environment; make it if need be."""
    return made(kind) / "bin" / "python"


def made(kind):
    """The folder of an environment; make it if need be."""
    target = folder(kind)
    if not target.exists():
        with locked(places.SHARED / f"{kind}.lock"):
            if not target.exists():
                places.check_room()
                with step(f"Installing the Python packages ({kind})"):
                    _make(target, _requirements(kind))
    return target


def _requirements(kind):
    return places.CHECKOUT / "dev" / REQUIREMENTS[kind]


def _make(target, requirements):
    with built(target) as venv:
        run([sys.executable, "-m", "venv", venv], "Python cannot make an environment:")
        pip = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        fetch(
            [*pip, "install", "--quiet", "--requirement", requirements],
            "the Python packages",
        )
        # The scripts contain the path of their interpreter, which is about to change.
        for script in (venv / "bin").iterdir():
            if script.is_file() and not script.is_symlink():
                text = script.read_bytes()
                script.write_bytes(
                    text.replace(str(venv).encode(), str(target).encode())
                )

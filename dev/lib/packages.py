"""The Python packages: a virtual environment that all checkouts share."""

import hashlib
import sys
from importlib.util import find_spec

from . import places
from .console import built, fetch, locked, run, step

REQUIREMENTS = places.CHECKOUT / "dev" / "requirements.txt"


def missing_for_venv():
    """The system package that Debian's Python needs to make environments."""
    if find_spec("ensurepip"):
        return {}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {f"python{version}-venv": "Python packages"}


def folder():
    """The environment of these requirements and this Python."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:8]
    return places.SHARED / f"venv-{version}-{key}"


def python():
    """Its interpreter; make the environment if need be."""
    target = folder()
    if not target.exists():
        with locked(places.SHARED / "venv.lock"):
            if not target.exists():
                places.check_room()
                with step("Installing the Python packages"):
                    _make(target)
    return target / "bin" / "python"


def _make(target):
    with built(target) as venv:
        run([sys.executable, "-m", "venv", venv], "Python cannot make an environment:")
        pip = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        fetch(
            [*pip, "install", "--quiet", "--requirement", REQUIREMENTS],
            "the Python packages",
        )
        # The scripts contain the path of their interpreter, which is about to change.
        for script in (venv / "bin").iterdir():
            if script.is_file() and not script.is_symlink():
                text = script.read_bytes()
                script.write_bytes(
                    text.replace(str(venv).encode(), str(target).encode())
                )

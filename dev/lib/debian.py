"""Debian's packages: installing what is missing, and unpacking without installing."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from . import places
from .console import Stop, fetch, run, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
POLICY = Path("/usr/sbin/policy-rc.d")
START_NOTHING = (
    "#!/bin/sh\n# Written by pos_mx51_sci's dev/setup, while it installs\nexit 101\n"
)


def install(missing):
    """Install the system packages `missing` if we are root; otherwise say how.

    :param missing: {package: what it is for}
    """
    if not missing:
        return
    names = sorted(missing)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    if not places.is_root():
        wanted = ", ".join(f"{name} ({missing[name]})" for name in names)
        raise Stop(
            f"Missing on this machine: {wanted}. Run\n\n    sudo apt-get update && "
            f"sudo {shlex.join(command)}\n\nand then this again."
        )
    if not shutil.which("apt-get"):
        raise Stop(f"Install {', '.join(names)} first: there is no apt-get here.")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    with step(f"Installing {', '.join(names)}"), _services_kept_asleep():
        fetch(["apt-get", "update"], "Debian's package lists", env=environment)
        fetch(command, ", ".join(names), env=environment)


@contextlib.contextmanager
def _services_kept_asleep():
    """Packages with a service must not start it: we run our own."""
    if POLICY.exists() and POLICY.read_text() != START_NOTHING:
        yield
        return
    POLICY.write_text(START_NOTHING)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


class PrivateApt:
    """apt with lists and a cache of its own, which also reads the suite `sid`.

    Needs no root, and leaves the machine's own apt as it is.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.release = _release()
        self.mirror = _mirror(self.release)
        for name in ("lists/partial", "cache/archives/partial", "debs"):
            (self.folder / name).mkdir(parents=True)
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        (self.folder / "sources.list").write_text(
            "".join(
                f"deb {signed}{self.mirror} {suite} main\n"
                for suite in dict.fromkeys(("sid", self.release))
            )
        )

    def update(self):
        self._apt(f"the package lists of {self.mirror}", "update", "--error-on=any")

    def unpack(self, names, root):
        """Fetch the packages and unpack their files under `root`."""
        self._apt(", ".join(names), "download", *names, cwd=self.folder / "debs")
        for package in sorted((self.folder / "debs").glob("*.deb")):
            run(
                ["dpkg-deb", "-x", package, root],
                f"{package.name} cannot be unpacked:",
            )
            package.unlink()

    def _apt(self, what, *arguments, **options):
        settings = {
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": "-",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            # An outdated mirror is good enough for a development machine.
            "Acquire::Check-Valid-Until": "false",
            "Acquire::Languages": "none",
            "Acquire::Retries": 2,
            "Acquire::http::Timeout": 20,
            "APT::Sandbox::User": "root" if places.is_root() else "",
            "APT::Update::Post-Invoke-Success": "",
            "Debug::NoLocking": "true",
        }
        flags = [f"-o{key}={value}" for key, value in settings.items() if value != ""]
        fetch(["apt-get", "-qq", *flags, *arguments], what, **options)


def _release():
    """The code name of the machine's Debian."""
    text = Path("/etc/os-release").read_text()
    found = re.search(r'^VERSION_CODENAME="?([\w-]+)', text, re.MULTILINE)
    if not found or not re.search(r"^ID=\"?debian", text, re.MULTILINE):
        raise Stop(
            "Odoo 19 is fetched as Debian's package, and this is not Debian: point "
            "ODOO_SOURCE at an Odoo 19 checkout."
        )
    return found[1]


def _mirror(release):
    """The Debian mirror that the machine's own apt uses."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)"],
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    for line in listed.splitlines():
        site, suite = line.split(" ", 1)
        if suite == release:
            return site
    raise Stop(f"The machine's apt knows no mirror for Debian {release}.")

"""Where everything is kept, and which ports are used.

Nothing is ever written into the checkout. What checkouts can share (Odoo, the Python
packages, the node packages) is kept once; what they cannot (databases, files, the link
that gives the addon its name) is kept per checkout.
"""

import hashlib
import os
import pwd
import shutil
import socket
from pathlib import Path

from .console import Stop

ADDON = "pos_mx51_sci"
CHECKOUT = Path(__file__).resolve().parents[2]

SHARED = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / ADDON
# Nothing is shared with a checkout in another folder, or with another cache.
KEY = hashlib.sha256(f"{CHECKOUT}\n{SHARED}".encode()).hexdigest()[:10]
OWN = SHARED / "checkouts" / KEY

ADDONS = OWN / "addons"
DATA = OWN / "data"
LOGS = OWN / "logs"

PORTS = {
    "MX51_DEV_HTTP_PORT": (8069, "Odoo"),
    "MX51_DEV_GEVENT_PORT": (8072, "Odoo's evented process, with --workers"),
    "MX51_DEV_SANDBOX_PORT": (8051, "the sandbox and its virtual terminals"),
}
ROOM_NEEDED = 5 * 1024**3

HELP = f"""
environment:
  XDG_CACHE_HOME   everything is kept in its folder pos_mx51_sci
                   (default ~/.cache; now {SHARED})
  ODOO_SOURCE      an existing Odoo 19 checkout, instead of fetching Odoo
""" + "".join(
    f"  {name:<22} port of {what} (default {default})\n"
    for name, (default, what) in PORTS.items()
)


def port(name):
    """The port that variable `name` asks for, or its default."""
    text = os.environ.get(name) or str(PORTS[name][0])
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"{name} is {text!r}: it has to be a port, 1 to 65535.")
    return int(text)


def free_port(name):
    """Like `port`, but stop if something listens there."""
    number = port(name)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except PermissionError as error:
            raise Stop(f"Port {number} is for root only: choose {name}.") from error
        except OSError as error:
            raise Stop(
                f"Port {number} ({PORTS[name][1]}) is in use: end what listens there, "
                f"or choose another one with {name}=…"
            ) from error
    return number


def any_free_ports(count):
    """Ports that are free at this moment."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def prepare():
    """Make the folders of this checkout, and the link that gives the addon its name."""
    try:
        for folder in (ADDONS, DATA, LOGS):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"{error.filename} cannot be made: {error.strerror}.") from error
    (OWN / "checkout").write_text(f"{CHECKOUT}\n")
    link = ADDONS / ADDON
    if not link.is_symlink() or link.readlink() != CHECKOUT:
        link.unlink(missing_ok=True)
        link.symlink_to(CHECKOUT)


def check_room():
    """Stop if the disk is too full, rather than with something half-made."""
    place = SHARED
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < ROOM_NEEDED:
        raise Stop(
            f"The disk is too full: {SHARED} needs {ROOM_NEEDED / 1024**3:.0f} GB, "
            f"and {free / 1024**3:.1f} GB are free."
        )


def is_root():
    return os.geteuid() == 0


def database_account():
    """The account that runs PostgreSQL, which refuses root; None is our own."""
    if not is_root():
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError as error:
        raise Stop(
            "There is no account `postgres`, and PostgreSQL refuses to run as root: "
            "install Debian's package postgresql, or run this as an ordinary user."
        ) from error


def cluster_home(name):
    """The folder of this checkout's PostgreSQL cluster of that name.

    In the cache, or in the system's cache folder if the account `postgres` may not
    enter ours, as in root's home.
    """
    if is_root() and not _open_to_all(OWN):
        return Path("/var/cache") / ADDON / (f"{KEY}-{name}" if name else KEY)
    return OWN / (f"cluster-{name}" if name else "cluster")


def _open_to_all(folder):
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))

"""This checkout's own PostgreSQL: a cluster in the cache, reached through a socket.

No TCP port is opened, so the clusters of several checkouts and the system's own
PostgreSQL do not collide. All commands share the quick cluster; a command that
measures, or that stops PostgreSQL on purpose, works in a durable one (`durable`).
"""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from . import places
from .console import Stop, built, locked, run, say, step

USER = "odoo"  # Odoo refuses to connect as postgres
PORT = "5432"  # part of the socket's name
OLDEST = 13
# Linux allows 107 bytes for a socket's path.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
jit = off
max_parallel_workers_per_gather = 0
log_timezone = 'UTC'
timezone = 'UTC'
"""
# The data can be made again: speed matters more than surviving a power cut. After one
# it is made again: PostgreSQL starts, and what it has is damaged.
QUICK = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""
# Another one after each start of the machine.
BOOT = Path("/proc/sys/kernel/random/boot_id")
# The name of the durable cluster in use; empty for the quick one.
_name = ""


@contextlib.contextmanager
def durable(name):
    """Work in a durable cluster of this name, and stop it at the end.

    Until then `cluster`, `databases` and `odoo` use that one. Nobody else does, so it
    may be restarted and killed.
    """
    global _name
    with locked(places.OWN / f"cluster-{name}-user.lock"):
        _name = name
        try:
            start()
            yield
        finally:
            stop()
            _name = ""


@contextlib.contextmanager
def quick():
    """Within `durable`: use the quick cluster for the length of this block."""
    global _name
    name, _name = _name, ""
    try:
        yield
    finally:
        _name = name


def is_durable():
    return bool(_name)


def missing():
    return {} if _programs() else {"postgresql": "databases"}


def environment():
    """The variables by which libpq, and so Odoo, finds the cluster."""
    return {"PGHOST": str(socket()), "PGPORT": PORT, "PGUSER": USER}


def socket():
    folder = _home() / "socket"
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path("/tmp") / f"{places.ADDON}-{places.KEY}{_name and '-'}{_name}"


def data():
    """The folder of Odoo's files for the databases of this cluster."""
    return places.OWN / f"data-{_name}" if _name else places.DATA


def start():
    """Make the cluster if need be, and start it unless it runs; return whether it was
    started."""
    home = _home()
    with locked(places.OWN / "cluster.lock"):
        if running():
            return False
        data = home / "data"
        started_in = home / "started_in"
        if not _name and _is_cut_off(started_in):
            say("  The machine stopped while PostgreSQL ran: its data is made again.")
            shutil.rmtree(data, ignore_errors=True)
        if not data.exists():
            places.check_room()
            with step("Making the PostgreSQL cluster"):
                _make(home, data)
        _own_folder(socket())
        _as_its_account(
            _program("pg_ctl"),
            *("--pgdata", data, "--log", home / "log", "--wait", "--timeout", "60"),
            "start",
            failure=f"PostgreSQL does not start (its log: {home / 'log'}):",
        )
        started_in.write_bytes(BOOT.read_bytes())
    return True


def _is_cut_off(started_in):
    """Whether it ran when the machine stopped, without having been stopped before."""
    return started_in.exists() and started_in.read_bytes() != BOOT.read_bytes()


def stop():
    """Stop the cluster; the quick one only if nobody else is using it."""
    if not running():
        return
    if not _name and _is_shared():
        say("PostgreSQL stays: another command of this checkout is using it.")
        return
    _control("stop", "fast")
    (_home() / "started_in").unlink(missing_ok=True)


def restart(mode):
    """Restart a durable cluster: `fast`, or `immediate` as after a power cut."""
    _control("restart", mode)


def _is_shared():
    others = query(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return others != "0"


def _control(what, mode):
    home = _home()
    _as_its_account(
        _program("pg_ctl"),
        *("--pgdata", home / "data", "--log", home / "log"),
        *("--mode", mode, "--wait", "--timeout", "60"),
        what,
        failure=f"PostgreSQL does not {what}:",
    )


def running():
    data = _home() / "data"
    if not data.exists():
        return False
    status = [_program("pg_ctl"), "--pgdata", data, "status"]
    return (
        subprocess.run(
            status, **_account(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).returncode
        == 0
    )


def query(sql, database="postgres"):
    """Run SQL as Odoo's user; return the values, a line for each row, bars between
    columns."""
    command = [
        _program("psql"),
        *_place(),
        *("--no-psqlrc", "--tuples-only", "--no-align", "--quiet"),
        *("--set", "ON_ERROR_STOP=1", "--command", sql, database),
    ]
    return run(command, f"PostgreSQL refused: {sql}").strip()


def dump(database, file):
    command = [_program("pg_dump"), *_place(), "--format", "custom", "--compress", "0"]
    run([*command, "--file", file, database], f"{database} cannot be dumped:")


def restore(file, database):
    """Restore into a new database."""
    query(f"CREATE DATABASE \"{database}\" TEMPLATE template0 LC_COLLATE 'C'")
    command = [_program("pg_restore"), *_place(), "--single-transaction"]
    run([*command, "--dbname", database, file], f"{database} cannot be restored:")


def _place():
    return ("--host", socket(), "--port", PORT, "--username", USER)


def _home():
    return places.cluster_home(_name)


def _make(home, data):
    _own_folder(home)
    if places.is_root():  # whatever the umask is
        home.parent.chmod(home.parent.stat().st_mode | 0o011)
    with built(data) as folder:
        _own_folder(folder)
        _as_its_account(
            _program("initdb"),
            *("--pgdata", folder, "--auth", "trust", "--encoding", "UTF8"),
            *("--locale", "C.UTF-8", "--username", USER, "--no-sync"),
            failure="PostgreSQL cannot make a cluster:",
        )
        with open(folder / "postgresql.conf", "a") as settings:
            settings.write(SETTINGS.format(socket=socket()))
            if not _name:
                settings.write(QUICK)


def _own_folder(folder):
    folder.mkdir(parents=True, exist_ok=True)
    account = places.database_account()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def _as_its_account(*command, failure):
    return run(command, failure, **_account())


def _account():
    """Options for running as PostgreSQL's account, in a folder that it may enter."""
    account = places.database_account()
    if not account:
        return {"cwd": "/"}
    groups = {"group": account.pw_gid, "extra_groups": []}
    return {"cwd": "/", "user": account.pw_uid, **groups}


def _program(name):
    folder = _programs()
    if not folder:
        raise Stop(f"PostgreSQL {OLDEST} or newer is needed: run ./dev/setup.")
    return folder / name


def _programs():
    """The folder of the newest PostgreSQL's programs; None when it is too old."""
    found = {}
    for initdb in Path("/usr/lib/postgresql").glob("*/bin/initdb"):
        found[float(initdb.parts[-3])] = initdb.parent
    on_path = shutil.which("initdb")
    if not found and on_path:
        printed = run([on_path, "--version"], "initdb does not run:")
        found[float(re.search(r"\d+(\.\d+)?", printed)[0])] = Path(on_path).parent
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None

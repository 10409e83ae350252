"""Databases: two templates, with point_of_sale and with the addon too, and copies."""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from . import cluster, odoo, places, source
from .console import Stop, explain, locked, step

# In the template's name: another number is another template.
RECIPE = 1
UNFINISHED = "_unfinished"
# What an installation of the addon brings into a database.
INSTALLED = {".py", ".xml", ".csv", ".po"}
NOT_INSTALLED = {".git", "dev", "docs", "sandbox", "static", "tests"}
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")


def new(name):
    """Make a database with point_of_sale, demo data and the addon as it is now."""
    check_name(name)
    with locked(places.OWN / "addon.lock"):
        ready = with_addon()
        with made(name) as unfinished:
            _copy(ready, unfinished)


def check_installed(name, log):
    """Stop if the addon is not installed: Odoo only warns if it cannot load it."""
    sql = f"SELECT state FROM ir_module_module WHERE name = '{places.ADDON}'"
    if cluster.query(sql, name) != "installed":
        raise Stop(explain("Odoo did not install the addon.", log.read_text(), log))


def copy_of_template(name):
    """Make a database with point_of_sale and demo data; replace one of this name."""
    with made(check_name(name)) as unfinished:
        _copy(template(), unfinished)


def _copy(old, name):
    with step(f"Copying {old}"):
        cluster.query(f'CREATE DATABASE "{name}" TEMPLATE "{old}"')
        _share_files(_files(old), name)


def _share_files(files, name):
    """Link the stored files of one database to the other: Odoo never changes them."""
    if files.exists():
        shutil.copytree(files, _files(name), copy_function=os.link)


def template():
    """The name of the template with point_of_sale; make it if need be."""
    name = f"template_{source.get().key}_{RECIPE}"
    with locked(places.OWN / "template.lock"):
        return _kept(name, _make_template)


def with_addon():
    """The name of the template with the addon as it is now; make it if need be."""
    name = f"addon_{source.get().key}_{RECIPE}_{_state_of_addon()}"
    if not exists(name):
        sql = "SELECT datname FROM pg_database WHERE datname ~ '^addon_'"
        for old in cluster.query(sql).splitlines():
            drop(old)
    return _kept(name, _make_with_addon)


def _state_of_addon():
    files = {
        path.relative_to(places.CHECKOUT): path
        for path in places.CHECKOUT.rglob("*")
        if path.suffix in INSTALLED
        and path.relative_to(places.CHECKOUT).parts[0] not in NOT_INSTALLED
    }
    state = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = path.read_bytes()
        state.update(f"{name}\n{len(content)}\n".encode() + content)
    return state.hexdigest()[:10]


def _kept(name, make):
    if not exists(name):
        if cluster.is_durable():
            _bring(name, make)
        else:
            with made(name) as unfinished:
                make(unfinished)
    return name


def _bring(name, make):
    """Copy a template from the quick cluster, since making it takes longer."""
    with tempfile.TemporaryDirectory(dir=places.OWN) as folder:
        file = Path(folder) / "dump"
        with cluster.quick():
            _kept(name, make)
            cluster.dump(name, file)
            files = _files(name)
        with step("Bringing a template over"), made(name) as unfinished:
            cluster.restore(file, unfinished)
            _share_files(files, unfinished)


def _make_template(unfinished):
    install(
        unfinished,
        ["--with-demo", "-i", "point_of_sale"],
        "Making the template: point_of_sale with demo data",
    )


def _make_with_addon(unfinished):
    _copy(template(), unfinished)
    arguments = ["--with-demo", "-i", places.ADDON]
    check_installed(unfinished, install(unfinished, arguments, "Installing the addon"))


@contextlib.contextmanager
def made(name):
    """A database that appears whole or not at all, replacing one of this name.

    Yields the name under which to make it, and renames it at the end.
    """
    unfinished = name + UNFINISHED
    drop(unfinished)
    try:
        yield unfinished
        drop(name)
        if _files(unfinished).exists():
            _files(unfinished).rename(_files(name))
        cluster.query(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    except BaseException:
        drop(unfinished)
        raise


def install(name, arguments, title):
    """Run Odoo once on database `name`; stop on a failure or an error in its log."""
    log = install_log(name)
    with step(title):
        status, printed = odoo.run_logged(
            ["-d", name, *arguments, "--stop-after-init", "--no-http"], log
        )
    if status or re.search(r" (ERROR|CRITICAL) \S+ odoo", printed):
        raise Stop(explain(f"{title}: Odoo reported an error.", printed, log))
    return log


def install_log(name):
    """Where the log of the last `install` is."""
    return places.LOGS / f"install-{name.removesuffix(UNFINISHED)}.log"


def exists(name):
    return bool(
        cluster.query(f"SELECT 1 FROM pg_database WHERE datname = '{check_name(name)}'")
    )


def drop(name):
    """Remove the database and its files, if they exist."""
    check_name(name)
    cluster.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_files(name), ignore_errors=True)


def check_name(name):
    if not NAME.fullmatch(name):
        raise Stop(f"{name!r} is no name for a database: letters, digits and _ please.")
    return name


def _files(name):
    return cluster.data() / "filestore" / name

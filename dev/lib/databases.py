"""Databases: the template with point_of_sale, and copies of it."""

import os
import re
import shutil

from . import cluster, odoo, places, source
from .console import Stop, explain, locked, step

# In the template's name: another number is another template.
RECIPE = 1
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")


def new(name):
    """A fresh database with point_of_sale, demo data and the addon as it is now."""
    copy_of_template(name)
    try:
        install_addon(name)
    except BaseException:
        drop(name)
        raise


def install_addon(name):
    log = install(name, ["--with-demo", "-i", places.ADDON], "Installing the addon")
    # Odoo only warns when it cannot load an addon that it was told to install.
    sql = f"SELECT state FROM ir_module_module WHERE name = '{places.ADDON}'"
    if cluster.query(sql, name) != "installed":
        raise Stop(explain("Odoo did not install the addon.", log.read_text(), log))


def copy_of_template(name):
    """A fresh database with point_of_sale and demo data, replacing one of that name."""
    check_name(name)
    source_name = template()
    with step(f"Copying the template to {name}"):
        drop(name)
        try:
            cluster.query(f'CREATE DATABASE "{name}" TEMPLATE "{source_name}"')
            _copy_files(source_name, name)
        except BaseException:
            drop(name)
            raise


def template():
    """The name of the template, which is made first if need be."""
    name = f"template_{source.get().key}_{RECIPE}"
    if not exists(name):
        with locked(places.OWN / "template.lock"):
            if not exists(name):
                _make_template(name)
    return name


def _make_template(name):
    unfinished = f"{name}_unfinished"
    drop(unfinished)
    try:
        install(
            unfinished,
            ["--with-demo", "-i", "point_of_sale"],
            "Making the template: point_of_sale with demo data",
        )
        files = _files(unfinished)
        if files.exists():
            files.rename(_files(name))
        cluster.query(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    except BaseException:
        drop(unfinished)
        raise


def install(name, arguments, title):
    """Run Odoo once on database `name`; a failure, or an error in its log, stops."""
    log = places.LOGS / f"install-{name}.log"
    with step(title):
        status, printed = odoo.run_logged(
            ["-d", name, *arguments, "--stop-after-init", "--no-http"], log
        )
    if status or re.search(r" (ERROR|CRITICAL) \S+ odoo", printed):
        raise Stop(explain(f"{title}: Odoo reported an error.", printed, log))
    return log


def exists(name):
    return bool(
        cluster.query(f"SELECT 1 FROM pg_database WHERE datname = '{check_name(name)}'")
    )


def drop(name):
    """Forget the database and its files; fine if it never was."""
    check_name(name)
    cluster.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_files(name), ignore_errors=True)


def check_name(name):
    if not NAME.fullmatch(name):
        raise Stop(f"{name!r} is no name for a database: letters, digits and _ please.")
    return name


def _files(name):
    return places.DATA / "filestore" / name


def _copy_files(old, new):
    """Odoo never changes a stored file, so a copy may share it."""
    shutil.rmtree(_files(new), ignore_errors=True)
    if _files(old).exists():
        shutil.copytree(_files(old), _files(new), copy_function=os.link)

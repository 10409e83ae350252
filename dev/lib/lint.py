"""./dev/lint: ruff, pylint-odoo, eslint and prettier with the OCA template's settings.

Checks all files of the checkout that git does not ignore. `--fix` fixes what the tools
can fix, then checks again.
"""

import argparse
import os
import subprocess

from . import debian, node, packages, places
from .console import run, say, step

PRETTIER = (".cjs", ".css", ".js", ".json", ".scss", ".xml", ".yaml", ".yml")
NOT_OURS = ("dev/node/package-lock.json",)


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="fix what can be fixed")
    fix = parser.parse_args(arguments).fix
    places.prepare()
    debian.install(packages.missing_for_venv() | node.missing())
    python, modules, files = packages.python(), node.modules(), _files()
    if fix:
        for _name, command in _commands(python, modules, files, fix=True):
            _answer(command)
    failed = []
    for name, command in _commands(python, modules, files):
        with step(name):
            status, printed = _answer(command)
        if status:
            failed.append(name)
            say(printed)
    say(f"\nTo fix: {', '.join(failed)}" if failed else "\nNothing to fix.")
    return 1 if failed else 0


def _commands(python, modules, files, fix=False):
    """(name, command line) of each tool; with `fix` those that can fix."""
    scripts = [name for name in files if name.endswith(".js")]
    pretty = [name for name in files if name.endswith(PRETTIER)]
    tools = modules / ".bin"
    yield "ruff check", [python, "-m", "ruff", "check", *(["--fix"] * fix), "."]
    yield (
        "ruff format",
        [python, "-m", "ruff", "format", *(["--diff"] * (not fix)), "."],
    )
    if not fix:
        yield "pylint-odoo", [python, "-m", "pylint", places.ADDONS / places.ADDON]
    if scripts:
        # Its warnings are for the editor; --fix fixes them too.
        yield "eslint", [tools / "eslint", "--fix" if fix else "--quiet", *scripts]
    if pretty:
        mode = "--write" if fix else "--check"
        yield "prettier", [tools / "prettier", "--log-level=warn", mode, *pretty]


def _answer(command):
    # NODE_PATH lets the configuration files in the checkout find their plugins.
    more = {"NODE_PATH": node.modules(), "RUFF_CACHE_DIR": places.SHARED / "ruff"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=places.CHECKOUT,
        env=os.environ | {name: str(path) for name, path in more.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def _files():
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        "git cannot list the files of this checkout:",
        cwd=places.CHECKOUT,
    )
    return [
        name
        for name in sorted(set(listed.splitlines()))
        if name not in NOT_OURS and (places.CHECKOUT / name).exists()
    ]

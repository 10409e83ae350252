"""./dev/lint: the gates of OCA's repository template for 19.0.

ruff, pylint-odoo, oca-checks, pre-commit-hooks, eslint and prettier, and whether what
is generated is current: README.rst, the store page, the changelog. Checks all files of
the checkout that git does not ignore. `--fix` fixes what the tools can fix, then
checks again.
"""

import argparse
import os
import re
import shutil
import subprocess

from . import checkout, debian, node, packages, places
from .console import say, step

PRETTIER = (".cjs", ".css", ".js", ".json", ".scss", ".xml", ".yaml", ".yml")
NOT_OURS = ("dev/node/package-lock.json",)
BINARY = (".png", ".ico", ".woff2")
#: Generated: their makers decide about blanks and ends.
GENERATED = ("README.rst", ".pot", ".po", "static/description/index.html")
#: Never in the repository: what a failed update leaves, translations into English.
FORBIDDEN = re.compile(r"\.rej$|^i18n/en\.po$")
CODE = (".py", ".js", ".xml", ".scss", ".css")
#: Lines of a file of code: nothing one cannot see whole.
LONGEST = 400
#: Hooks that only look: (name, which files).
HOOKS = (
    ("check-case-conflict", ""),
    ("check-symlinks", ""),
    ("check-xml", r"\.(xml|svg)$"),
    ("check-json", r"\.json$"),
    ("check-toml", r"\.toml$"),
    ("check-yaml", r"\.ya?ml$"),
    ("debug-statement-hook", r"\.py$"),
    ("check-docstring-first", r"\.py$"),
)
#: Hooks that change files.
CHANGING_HOOKS = (
    ("trailing-whitespace-fixer",),
    ("end-of-file-fixer",),
    ("mixed-line-ending", "--fix=lf"),
)
COPY = places.OWN / "lint"


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/lint", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="fix what can be fixed")
    fix = parser.parse_args(arguments).fix
    places.prepare()
    debian.install(packages.missing_for_venv() | node.missing())
    files = [name for name in checkout.files() if name not in NOT_OURS]
    lint = Lint(packages.made(packages.LINTERS) / "bin", node.modules(), files)
    if fix:
        for _name, check in lint.checks(fix=True):
            check()
        lint = Lint(lint.tools, lint.modules, files)
    failed = []
    for name, check in lint.checks():
        with step(name):
            problems = check()
        if problems:
            failed.append(name)
            say(problems)
    say(f"\nTo fix: {', '.join(failed)}" if failed else "\nNothing to fix.")
    return 1 if failed else 0


class Lint:
    """The checks of one state of the files; each answers what is wrong, as text.

    What changes files, and what expects an addon to be in a folder of its name, works
    on a copy; in `fix` mode the copy is brought back.
    """

    def __init__(self, tools, modules, files):
        self.tools, self.modules, self.files = tools, modules, files
        self.addon = COPY / places.ADDON
        shutil.rmtree(COPY, ignore_errors=True)
        checkout.copy(files, self.addon)
        # Here the search of oca-checks for a manifest ends.
        (COPY / ".git").mkdir()

    def checks(self, fix=False):
        """(name, check) of each; with `fix` those that can fix."""
        if not fix:
            yield "forbidden files", self.forbidden
            yield "long files", self.long
        yield "pre-commit-hooks", lambda: self.changing_hooks(fix)
        yield "oca-checks-odoo-module", lambda: self.oca_module(fix)
        if not fix:
            yield "pre-commit-hooks that only look", self.hooks
            yield "oca-checks-po", self.oca_po
            yield "pylint-odoo", self.pylint
        yield "ruff check", lambda: self._tool("ruff", "check", *["--fix"] * fix, ".")
        yield "ruff format", lambda: self._format(fix)
        yield "eslint", lambda: self._eslint(fix)
        yield "prettier", lambda: self._prettier(fix)
        yield "README.rst and store page", lambda: self._readme(fix)
        if not fix:
            yield "changelog fragments", self.changelog

    def forbidden(self):
        return "\n".join(filter(FORBIDDEN.search, self.files))

    def long(self):
        lengths = {
            name: (places.CHECKOUT / name).read_text().count("\n")
            for name in self.files
            if name.endswith(CODE)
        }
        return "\n".join(
            f"{name}: {lines} lines, {LONGEST} at the most"
            for name, lines in lengths.items()
            if lines > LONGEST
        )

    def changing_hooks(self, fix):
        names = [name for name in self._texts() if not name.endswith(GENERATED)]
        found = "".join(
            self._tool(*hook, *names, cwd=self.addon) for hook in CHANGING_HOOKS
        )
        return self._bring_back(names) if fix else found

    def hooks(self):
        found = [
            self._tool(hook, *filter(re.compile(pattern).search, self.files))
            for hook, pattern in HOOKS
        ]
        texts = [name for name in self._texts() if not name.endswith(".rst")]
        found.append(self._tool("check-merge-conflict", "--assume-in-merge", *texts))
        programs = [n for n in self.files if os.access(places.CHECKOUT / n, os.X_OK)]
        found.append(self._tool("check-executables-have-shebangs", *programs))
        return "".join(found)

    def oca_module(self, fix):
        options = ["--config", places.CHECKOUT / ".oca_hooks.cfg", *["--fix"] * fix]
        found = self._tool("oca-checks-odoo-module", *options, self.addon, cwd=COPY)
        return self._bring_back(self.files) if fix else found

    def oca_po(self):
        names = [name for name in self.files if name.endswith((".po", ".pot"))]
        return self._tool("oca-checks-po", *names) if names else ""

    def pylint(self):
        return self._tool("pylint", self.addon)

    def changelog(self):
        """Whether towncrier can make a section of the fragments."""
        return self._tool("towncrier", "build", "--draft", "--version", "next")

    def _format(self, fix):
        return self._tool("ruff", "format", *["--diff"] * (not fix), ".")

    def _eslint(self, fix):
        # Its warnings are for the editor; --fix fixes them too.
        return self._node("eslint", (".js",), "--fix" if fix else "--quiet")

    def _prettier(self, fix):
        mode = "--write" if fix else "--check"
        return self._node("prettier", PRETTIER, "--log-level=warn", mode)

    def _readme(self, fix):
        pages = ["python", "-B", "-m", "readme_pages", *["--check"] * (not fix)]
        return self._tool(*pages, cwd=places.CHECKOUT / "dev")

    def _texts(self):
        return [name for name in self.files if not name.endswith(BINARY)]

    def _bring_back(self, names):
        for name in names:
            changed = (self.addon / name).read_bytes()
            if changed != (places.CHECKOUT / name).read_bytes():
                (places.CHECKOUT / name).write_bytes(changed)

    def _node(self, tool, endings, *options):
        names = [name for name in self.files if name.endswith(endings)]
        return self._run([self.modules / ".bin" / tool, *options, *names])

    def _tool(self, tool, *arguments, cwd=places.CHECKOUT):
        return self._run([self.tools / tool, *arguments], cwd)

    def _run(self, command, cwd=places.CHECKOUT):
        """What a tool complains about; nothing if it is content."""
        # NODE_PATH lets the configuration files in the checkout find their plugins.
        more = {"NODE_PATH": self.modules, "RUFF_CACHE_DIR": places.SHARED / "ruff"}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=os.environ | {name: str(path) for name, path in more.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return (done.stdout or "it failed without a word") if done.returncode else ""

"""The commands that guides and READMEs name exist, and take what they are given."""

import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lib.suite import PARTS
from playbook import cases, pictures

ADDON = Path(__file__).resolve().parents[3]
DEVELOPER = ADDON / "docs" / "developer.md"
PAPERS = [
    *sorted(ADDON.glob("docs/**/*.md")),
    *sorted(ADDON.glob("readme/**/*.*")),
    *(ADDON / name for name in ("CONTRIBUTING.md", "README.rst", "sandbox/README.rst")),
]
#: In a block, a table or a sentence: up to a comment or the end of its quotes.
COMMAND = re.compile(
    r"(?:^ *|`)((?:\./dev/|python -m sandbox\b)[^`#\n]*)", re.MULTILINE
)
#: Of a command that a sentence has named before.
OPTION = re.compile(r"`(--[\w-]+)`")
#: What stands for words of its kind, such as ``PART…`` and ``NAME``.
PLACEHOLDER = re.compile(r"[A-Z]+…?")
#: Whose words are names, and which these are.
NAMES = {
    "./dev/certify": [case.id for case in cases.load()],
    "./dev/screenshots": pictures.names(),
    "./dev/test": PARTS,
}


def commands_in(paper):
    found = COMMAND.findall(paper.read_text())
    return {tuple(text.replace("[", "").replace("]", "").split()) for text in found}


def named():
    return sorted({command for paper in PAPERS for command in commands_in(paper)})


@functools.cache
def help_of(*command):
    """What it prints of itself: all that can be asked for without starting anything."""
    return subprocess.run(
        [sys.executable, *command, "--help"],
        cwd=ADDON,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def told_by(command):
    """The help of the command that these words call."""
    if command[0] == "python":
        return help_of(*command[1:3])
    if command[0] == "./dev/odoo":  # has commands of its own
        return help_of(command[0], "shell" if "shell" in command else "server")
    return help_of(command[0])


@pytest.mark.parametrize("command", named(), ids=" ".join)
def test_it_has_the_options_and_names_that_it_is_given(command):
    told, words = told_by(command), iter(command[1:])
    for word in words:
        option = word.partition("=")[0]
        if word.startswith("--"):
            assert re.search(rf"{option}\b", told)
            if re.search(rf"{option} [A-Z]", told):
                next(words)
        elif command[0] in NAMES and not PLACEHOLDER.fullmatch(word):
            assert word in NAMES[command[0]]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_an_option_that_is_named_alone_is_one_of_a_command_there(paper):
    told = "".join(map(told_by, commands_in(paper)))
    for option in OPTION.findall(paper.read_text()):
        assert re.search(rf"{option}\b", told)


def test_the_table_has_every_command():
    there = {
        file.name
        for file in (ADDON / "dev").iterdir()
        if file.is_file() and not file.suffix
    }
    table = re.findall(r"^\| `\./dev/(\w+)", DEVELOPER.read_text(), re.MULTILINE)
    assert sorted(table) == sorted(there)

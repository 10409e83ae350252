"""The papers in ``docs/``: what cites them, and what they cite, leads somewhere."""

import functools
import os
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).resolve().parents[1]
TEXTS = {".cjs", ".css", ".csv", ".html", ".js", ".md", ".py", ".rst", ".scss", ".xml"}
#: Folders without texts of ours; hidden ones are skipped as well.
SKIPPED = {"__pycache__", "i18n", "node_modules"}

PAPER = r"((?:docs/[\w-]+|CONTRIBUTING|CHANGELOG)\.md)"
#: Between the words of a reference, which may go on in the next line of a comment.
_GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*(?:\#:?|//|\*)?[ \t]*)"
LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*(?:\#:?|//|\*)?[ \t]*")
_NUMBERS = r"\d+(?:\.\d+)*"
_TARGET = (
    rf"(?:\"[^\"]{{1,80}}\"|'[^'\n]{{1,80}}'|invariants?{_GAP}{_NUMBERS}|{_NUMBERS}\b)"
)
#: A paper, the link that it may be in, and what is meant in it:
#: docs/protocol.md 3.2 and 6; docs/ledger.md "Start"; docs/ledger.md invariant 9.
REFERENCE = re.compile(
    rf"(?<![\w/-]){PAPER}(?:\]\([^)\s]*\))?`{{0,2}}"
    rf"((?:{_GAP}{_TARGET}(?:(?:,|{_GAP}and){_GAP}{_TARGET})*)?)"
)
WORD = re.compile(rf"(invariant)s?|\"([^\"]+)\"|'([^']+)'|({_NUMBERS})")

HEADING = re.compile(r"^#+ +(?:(\d+(?:\.\d+)*)\.? +)?(.+?)$", re.MULTILINE)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"^\s*\.\. image:: (\S+)", re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

#: Papers that are gone, and what they were called; written so that they do not find
#: themselves.
GONE = re.compile(
    r"\bdesign[.]md\b|\bledger[-]states\b|\bsci[-]protocol\b|\bodoo[-]anchors\b"
    r"|\bprotocol[ ]notes\b|[(]notes[ ]\d|\bSCI[ ]notes\b"
)
#: What mx51's pairing guide was called.
SEED = re.compile(r"\b[Tt]he[ ]seed\b|[(]seed[,);]|\bseed[']s\b")

#: Folders that the papers point into; ``dev`` does not ship.
FOLDERS = (
    *("controllers", "data", "dev", "docs", "i18n", "kiosk", "ledger", "models"),
    *("modules", "pairing", "report", "sandbox", "sci", "security", "server"),
    *("static", "support", "tests", "views", "wizards"),
)
PATH = re.compile(rf"``?(?:\./)?((?:{'|'.join(FOLDERS)})/[\w./-]*)``?")


@functools.cache
def texts():
    """{path relative to the addon: text} of all that people have written."""
    found = {}
    for folder, folders, names in os.walk(ADDON):
        folders[:] = [
            name for name in folders if name not in SKIPPED and name[0] != "."
        ]
        for name in names:
            path = Path(folder, name)
            # This file has references that lead nowhere, to see that they are found.
            if path.suffix in TEXTS and path != Path(__file__).resolve():
                relative = path.relative_to(ADDON).as_posix()
                found[relative] = path.read_text(encoding="utf-8")
    return found


def papers():
    """The texts in which a reader looks something up."""
    return {
        path: text
        for path, text in texts().items()
        if path.endswith(".md") or path == "README.rst"
    }


@functools.cache
def headings(paper):
    """(numbers, titles) of a paper's headings; titles without marks of code."""
    found = HEADING.findall(CODE.sub("", texts()[paper]))
    numbers = {number for number, _title in found if number}
    return numbers, {title.replace("`", "").strip() for _number, title in found}


@functools.cache
def invariants(paper):
    """The numbers of the list under "Invariants"."""
    _before, _heading, after = texts()[paper].partition("\n## Invariants\n")
    section = after.partition("\n## ")[0]
    return set(re.findall(r"^(\d+)\. ", section, re.MULTILINE))


def anchors(paper):
    """What a link may name in a Markdown file."""
    lines = re.findall(r"^#+ +(.+)$", CODE.sub("", texts()[paper]), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", line.lower()) for line in lines]
    return {line.strip().replace(" ", "-") for line in plain}


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def lost_reference(paper, targets):
    """What is wrong with a reference, if anything."""
    if paper not in texts():
        return f"there is no {paper}"
    numbers, titles = headings(paper)
    for kind, one, other, number in WORD.findall(LINE_BREAK.sub(" ", targets)):
        if kind:
            numbers = invariants(paper)
        elif number and number not in numbers:
            return f"{paper} has no number {number}"
        elif (title := one or other) and title not in titles:
            return f'{paper} has no "{title}"'
    return None


@tagged("post_install", "-at_install")
class TestPapers(BaseCase):
    def assert_none(self, problems):
        """:param problems: (path, text, position, what) of each"""
        lines = [
            f"{path}:{line_of(text, position)}: {what}"
            for path, text, position, what in problems
        ]
        self.assertFalse(lines, "\n" + "\n".join(lines))

    def test_references_to_papers_lead_somewhere(self):
        self.assert_none(
            (path, text, match.start(), what)
            for path, text in texts().items()
            for match in REFERENCE.finditer(text)
            if (what := lost_reference(match[1], match[2]))
        )

    def test_papers_that_are_gone_are_not_mentioned(self):
        self.assert_none(
            (path, text, match.start(), f"{match[0]!r} is gone")
            for path, text in texts().items()
            for pattern in (GONE, SEED)
            for match in pattern.finditer(text)
        )

    def test_links_lead_somewhere(self):
        problems = []
        for path, text in papers().items():
            for match in [*LINK.finditer(text), *IMAGE.finditer(text)]:
                target, _hash, anchor = match[1].partition("#")
                if re.match(r"[a-z]+:", target):
                    continue
                file = (ADDON / path).parent / target if target else ADDON / path
                name = os.path.relpath(file, ADDON)
                if not file.exists():
                    problems.append((path, text, match.start(), f"no {target}"))
                elif anchor and anchor not in anchors(name):
                    problems.append((path, text, match.start(), f"no #{anchor}"))
        self.assert_none(problems)

    def test_paths_in_papers_exist(self):
        ships = [name for name in FOLDERS if name != "dev" or (ADDON / name).is_dir()]
        self.assert_none(
            (path, text, match.start(), f"there is no {match[1]}")
            for path, text in papers().items()
            for match in PATH.finditer(text)
            if match[1].split("/")[0] in ships and not (ADDON / match[1]).exists()
        )

    def test_a_lost_reference_is_noticed(self):
        """The patterns see what they are made for."""
        for citation, problem in [
            ("docs/nothing.md", "there is no docs/nothing.md"),
            ("docs/protocol.md 3.5", None),
            ("``docs/protocol.md`` 3.2 and 6", None),
            ("docs/protocol.md 3.2, 99.1", "docs/protocol.md has no number 99.1"),
            ('docs/ledger.md "Start"', None),
            ('docs/ledger.md\n    # "Start"', None),
            ('docs/ledger.md "Nowhere"', 'docs/ledger.md has no "Nowhere"'),
            ('docs/ledger.md "A cancel that\n// gets no answer"', None),
            ("docs/ledger.md invariants 3 and 15", None),
            ("docs/ledger.md\n * invariant 17", "docs/ledger.md has no number 17"),
        ]:
            with self.subTest(citation=citation):
                match = REFERENCE.search(citation)
                self.assertEqual(lost_reference(match[1], match[2]), problem)

import os
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).resolve().parents[1]
#: A row of a table: what happened, where, what prevents it, the test that holds it.
ROW = re.compile(
    r"^\| (?!What happened|---)(.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE
)
SEEN = re.compile(
    r"ours|measured|\[[\w-]+ \d+\]\(https://github\.com/[\w/-]+/(issues|pull)/\d+\)"
)
TEST = re.compile(r"^`([\w/.-]+)`: `([^`]+)`$")
FILE = re.compile(r"`([\w-]+/[\w/.-]+\.\w+)`")


@tagged("post_install", "-at_install")
class TestLessons(BaseCase):
    """Each lesson in ``docs/lessons.md`` is held by a test that exists."""

    def rows(self):
        text = (ADDON / "docs" / "lessons.md").read_text(encoding="utf-8")
        return ROW.findall(text)

    def test_there_are_lessons(self):
        rows = self.rows()
        self.assertGreater(len(rows), 40)
        public = [seen for _incident, seen, *_rest in rows if seen.startswith("[")]
        self.assertGreater(len(public), 20)

    def test_each_is_held(self):
        for incident, seen, prevention, test in self.rows():
            with self.subTest(incident=incident):
                self.assertTrue(SEEN.fullmatch(seen), "where it was seen")
                found = TEST.match(test)
                self.assertTrue(found, "a test is named by its file and its name")
                path, name = found.groups()
                if self.ships(path):
                    text = (ADDON / path).read_text(encoding="utf-8")
                    is_python = path.endswith(".py")
                    wanted = f"def {name}(" if is_python else f'test("{name}"'
                    self.assertIn(wanted, text)
                files = FILE.findall(prevention)
                self.assertTrue(files, "what prevents it is in a file")
                for file in files:
                    self.assertTrue(os.path.exists(ADDON / file), file)

    def ships(self, path):
        """``dev`` does not, so it may be missing."""
        return not path.startswith("dev/") or (ADDON / "dev").exists()

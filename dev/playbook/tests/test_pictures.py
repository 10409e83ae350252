"""Pictures of README, guides and store page come from ./dev/screenshots."""

import re
from pathlib import Path

import pytest
from lib import picture_state
from PIL import Image
from playbook import pictures, screenshots

ADDON = Path(__file__).resolve().parents[3]
#: Drawn by hand.
DRAWN = {
    f"static/description/{name}"
    for name in ("icon.png", "icon.svg", "banner.png", "banner.svg")
}
PAPERS = [
    *sorted(ADDON.glob("docs/**/*.md")),
    *sorted(ADDON.glob("readme/*.rst")),
    *(ADDON / name for name in ("README.rst", "static/description/index.html")),
]
REFERENCE = re.compile(
    r"!\[[^\]]*\]\(([^)\s]+)\)"
    r"|\.\. (?:image|figure):: (\S+)"
    r"|<img[^>]*?src=\"([^\"]+)\"",
    re.DOTALL,
)


def referred_to():
    for paper in PAPERS:
        for match in REFERENCE.finditer(paper.read_text()):
            target = next(filter(None, match.groups()))
            if not re.match(r"[a-z]+:|/", target):
                file = (paper.parent / target).resolve().relative_to(ADDON)
                yield pytest.param(file.as_posix(), id=f"{paper.name}: {target}")


@pytest.mark.parametrize("file", list(referred_to()))
def test_a_picture_that_is_shown_is_made_by_the_command(file):
    made = {pictures.file_of(name) for name in pictures.names()}
    assert file in made | DRAWN
    assert (ADDON / file).is_file()


def test_each_picture_is_taken_once():
    names = pictures.names()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", pictures.names())
def test_each_picture_is_there_and_shown_somewhere(name):
    file = ADDON / pictures.file_of(name)
    assert file.is_file(), "run ./dev/screenshots"
    assert any(file.name in paper.read_text() for paper in PAPERS)


def test_a_picture_says_of_which_state_of_the_screens_it_is(tmp_path):
    file = tmp_path / "shown.png"
    screenshots.keep(Image.new("RGB", (40, 30)), file, picture_state.now())
    assert picture_state.now().encode() in file.read_bytes()
    assert Image.open(file).size == (40, 30)

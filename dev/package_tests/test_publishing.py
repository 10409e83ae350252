"""What keeps a release from being published, and what its try-out compares."""

import pytest
from lib import picture_state, places, publishing
from release_check import last_release

FILLED = {
    "author": "Jo Bloggs",
    "maintainers": ["jo-bloggs"],
    "website": "https://pos.example.com",
}
SUPPORT = "Write to help@pos.example.com."


def test_nothing_is_missing_once_the_publisher_is_named():
    assert list(publishing.placeholders(FILLED, SUPPORT)) == []


@pytest.mark.parametrize(
    "manifest, support, missing",
    [
        ({"author": publishing.NOBODY}, SUPPORT, "author"),
        ({"maintainers": [publishing.NOBODY]}, SUPPORT, "maintainers"),
        ({"website": "https://developer.mx51.io/docs"}, SUPPORT, "website"),
        ({}, "Ask whoever gave you the addon.", "readme/SUPPORT.rst"),
    ],
)
def test_a_placeholder_is_a_reason_not_to_publish(manifest, support, missing):
    (reason,) = publishing.placeholders({**FILLED, **manifest}, support)
    assert reason.startswith(missing)


@pytest.fixture
def picture(monkeypatch, tmp_path):
    """The only picture of a repository, and something that its screen is made of."""
    for name in ("static/description/shown.png", "static/src/screen.js"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("before")
    files = ["static/description/shown.png", "static/src/screen.js"]
    monkeypatch.setattr(places, "CHECKOUT", tmp_path)
    monkeypatch.setattr(picture_state.checkout, "files", lambda: files)
    return tmp_path / files[0]


def test_a_picture_is_of_an_earlier_state_once_a_screen_has_changed(picture, tmp_path):
    picture.write_text(picture_state.now())
    assert picture_state.earlier() == []
    (tmp_path / "static/src/screen.js").write_text("behind")
    assert picture_state.earlier() == ["static/description/shown.png"]


def test_a_picture_without_a_mark_is_of_an_earlier_state(picture):
    assert picture_state.earlier() == ["static/description/shown.png"]


def test_what_is_drawn_by_hand_is_of_no_state(picture):
    picture.with_suffix(".svg").write_text("")
    assert picture_state.earlier() == []


ROW = {"id": 1, "text": None, "write_date": 1}


@pytest.mark.parametrize(
    "before, after, text",
    [
        ({1: ROW}, {1: ROW, 2: ROW}, None),
        ({1: ROW}, {1: {**ROW, "write_date": 2, "added": 1}}, None),
        ({}, {}, "reviews: there was no row to keep."),
        ({1: ROW}, {}, "reviews 1 is gone."),
        (
            {1: ROW},
            {1: {**ROW, "text": "a"}},
            "reviews 1 has changed: {'text': (None, 'a')}",
        ),
        (
            {1: ROW},
            {1: {"id": 1, "write_date": 1}},
            "reviews 1 has changed: {'text': (None, 'the column is gone')}",
        ),
    ],
    ids=["kept", "added to", "none", "gone", "changed", "a column less"],
)
def test_an_update_keeps_every_row_as_it_was(before, after, text):
    found = list(last_release.differences({"reviews": before}, {"reviews": after}))
    assert found == ([text] if text else [])

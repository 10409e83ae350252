"""The pictures that ./dev/screenshots makes, as ``pictures.json`` has them."""

import functools
import json
from pathlib import Path

FILE = Path(__file__).with_name("pictures.json")
PICTURE = "Picture: "
#: Where the store page finds its pictures, and the guides theirs.
STORE, GUIDES = "static/description", "docs/images"


@functools.cache
def _content():
    return json.loads(FILE.read_text())


def stories():
    return _content()["stories"]


def name_in(step):
    """The picture that this step takes; empty if it takes none."""
    return step.removeprefix(PICTURE) if step.startswith(PICTURE) else ""


def of_story(story):
    return [name for step in story["steps"] if (name := name_in(step))]


def names():
    return [name for story in stories() for name in of_story(story)]


def file_of(name):
    """Its path in the repository."""
    folder = STORE if name in _content()["store"] else GUIDES
    return f"{folder}/{name}.png"

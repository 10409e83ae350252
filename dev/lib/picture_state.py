"""Of which state of the screens a picture is: its file says so.

./dev/screenshots writes a mark of that state into each PNG file, as a text that viewers
ignore. Once a screen has changed, pictures that were made before it have another mark.
"""

import hashlib

from . import checkout, places

#: What screens are made of, and what is played on them.
SOURCES = ("static/src/", "static/img/", "views/", "dev/playbook/pictures.json")
#: The store page's pictures, and those of the guides.
FOLDERS = ("static/description", "docs/images")
#: The name of the text in a PNG file.
NAME = "Made of"


def now():
    """The mark of the screens as they are in the checkout."""
    found = hashlib.sha256()
    for name in checkout.files():
        if name.startswith(SOURCES):
            content = (places.CHECKOUT / name).read_bytes()
            found.update(f"{name}\n{len(content)}\n".encode() + content)
    return found.hexdigest()


def earlier():
    """The pictures of an earlier state, as paths in the repository. What is drawn by
    hand has its drawing beside it, and is no picture of a screen."""
    mark = now().encode()
    files = (
        file
        for folder in FOLDERS
        for file in sorted((places.CHECKOUT / folder).glob("*.png"))
        if not file.with_suffix(".svg").exists()
    )
    return [
        file.relative_to(places.CHECKOUT).as_posix()
        for file in files
        if mark not in file.read_bytes()
    ]

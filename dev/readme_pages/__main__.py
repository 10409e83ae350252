"""``python -m readme_pages``: write the pages; ``--check``: are they current?"""

import sys

from docutils.utils import SystemMessage

from . import readme, store
from .fragments import CHECKOUT

PAGES = {"README.rst": readme.text, "static/description/index.html": store.text}


def main(arguments):
    try:
        wanted = {CHECKOUT / name: make() for name, make in PAGES.items()}
    except SystemMessage as message:
        print(f"A fragment is no good reStructuredText: {message}")
        return 1
    stale = [
        file
        for file, text in wanted.items()
        if not file.exists() or file.read_text() != text
    ]
    if "--check" not in arguments:
        for file in stale:
            file.write_text(wanted[file])
        return 0
    for file in stale:
        print(f"{file.relative_to(CHECKOUT)} is not what ./dev/readme makes.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

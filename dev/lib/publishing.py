"""Why the files of a release are not to be published yet."""

import re
import subprocess

from . import changelog, picture_state, places, shipped
from .console import run

#: In the manifest until whoever publishes has put their own name there.
NOBODY = "pos_mx51_sci maintainers"
#: mx51's own pages, which are nobody's website for the addon.
MX51 = "mx51.io"
ADDRESS = re.compile(r"\S@\S|https?://")


def reasons_against():
    """Sentences."""
    if run(["git", "status", "--porcelain"], "git:", cwd=places.CHECKOUT):
        yield "some files are not committed."
    if changelog.fragments():
        yield "CHANGELOG.md lacks this version, run ./dev/changelog."
    if _is_tagged(shipped.version()):
        yield f"there is a tag {shipped.version()}: choose the next version."
    support = (places.CHECKOUT / "readme" / "SUPPORT.rst").read_text()
    yield from placeholders(shipped.manifest(), support)
    if old := picture_state.earlier():
        yield (
            "these pictures are from before the last change of the screens, run"
            f" ./dev/screenshots: {', '.join(old)}"
        )


def _is_tagged(version):
    command = ["git", "rev-parse", "--quiet", "--verify", f"refs/tags/{version}"]
    found = subprocess.run(command, cwd=places.CHECKOUT, stdout=subprocess.DEVNULL)
    return not found.returncode


def placeholders(manifest, support):
    """What only whoever publishes can fill in.

    :param support: the text of readme/SUPPORT.rst
    """
    for key in ("author", "maintainers"):
        if NOBODY in manifest[key]:
            yield f"{key} in __manifest__.py names nobody yet."
    if MX51 in manifest["website"]:
        yield "website in __manifest__.py is mx51's, not yours."
    if not ADDRESS.search(support):
        yield "readme/SUPPORT.rst gives no address to turn to."

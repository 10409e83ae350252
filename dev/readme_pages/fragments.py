"""What the pages are made of: the manifest and the fragments in readme/."""

import ast
from pathlib import Path

from docutils.core import publish_parts

CHECKOUT = Path(__file__).resolve().parents[2]


def manifest():
    return ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())


def fragment(name):
    """The text of a fragment. In it, paths are relative to the folder readme/."""
    return (CHECKOUT / "readme" / f"{name}.rst").read_text()


def html(rst):
    """The body of its page.

    :raises docutils.utils.SystemMessage: what is wrong with the text
    """
    settings = {"report_level": 5, "halt_level": 2, "input_encoding": "unicode"}
    return publish_parts(rst, writer="html5", settings_overrides=settings)["body"]

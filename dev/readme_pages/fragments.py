"""What the pages are made of: the manifest and the fragments in readme/."""

import ast
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def manifest():
    return ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())


def fragment(name):
    """The text of a fragment. In it, paths are relative to the folder readme/."""
    return (CHECKOUT / "readme" / f"{name}.rst").read_text()

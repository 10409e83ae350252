"""README.rst: the fragments one after the other."""

from .fragments import fragment, html, manifest

#: (heading, fragment) of each section.
SECTIONS = (
    ("How it works", "STEPS"),
    ("Guides", "GUIDES"),
    ("Compatibility", "COMPATIBILITY"),
    ("On Odoo.sh and in containers", "HOSTS"),
    ("Support", "SUPPORT"),
)
BEGINNING = """.. Made by ./dev/readme of the fragments in readme/: change those.

{line}
{title}
{line}

{description}"""
LICENCE = "{}, see ``LICENSE``.\n"


def text():
    known = manifest()
    title = known["name"]
    parts = [
        BEGINNING.format(
            line="=" * len(title), title=title, description=fragment("DESCRIPTION")
        )
    ]
    parts += (_section(heading, fragment(name)) for heading, name in SECTIONS)
    parts.append(_section("Licence", LICENCE.format(known["license"])))
    whole = "".join(parts).replace(":: ../", ":: ")
    html(whole)  # to see whether it is well formed
    return whole


def _section(heading, text):
    return f"\n{heading}\n{'=' * len(heading)}\n\n{text}"

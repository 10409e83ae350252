"""static/description/index.html: the page that Odoo's store and Apps menu show.

The store keeps Bootstrap's classes and drops scripts and style sheets.
"""

import re
from html import escape

from .fragments import CHECKOUT, fragment, html, manifest

FOLDER = CHECKOUT / "static" / "description"
#: (picture, caption); ./dev/screenshots makes them of the running Point of Sale.
PICTURES = (
    ("setup", "Set up: a terminal for each register"),
    ("pairing", "Pair: compare the confirmation code"),
    ("payment", "The register while the customer taps"),
    ("approved", "Approved"),
    ("declined", "Declined, with what to do next"),
    ("signature", "A signature, in the register or on the terminal"),
    ("closing", "Closing: what the terminal took, and what the bank says"),
    ("transactions", "Each attempt, with its result and the terminal's message"),
    ("review", "Where bank and order differ, people are told"),
)
SECTIONS = (
    ("Compatibility and test mode", "COMPATIBILITY"),
    ("Support", "SUPPORT"),
)
PROMISES = (
    (
        "Paired in a minute",
        "Enter the code that the terminal shows, compare the confirmation code, press"
        " Test. In the back office or in the register, also while a session is open.",
    ),
    (
        "Charged once",
        "Each attempt is written down before it leaves. A double click, a second tab, a"
        " reload or a restarted server finds it and never charges again.",
    ),
    (
        "No secret in the database",
        "The integrator's credentials stay in the server's environment or configuration"
        " file, out of sight of every user.",
    ),
)
PAGE = """<!-- Made by ./dev/readme of the fragments in readme/: change those. -->
<section class="container py-5">
<div class="text-center">
<img src="icon.png" alt="" width="96" height="96" class="mb-3" />
<h1>{name}</h1>
<p class="lead">{summary}.</p>
</div>
<div class="row mt-4">
{promises}
</div>
<h2 class="mt-5">In five steps</h2>
{steps}
<div class="row">
{pictures}
</div>
{sections}
<h2 class="mt-5">What is new in {version}</h2>
{changes}
<p>CHANGELOG.md has all of it.</p>
</section>
"""
PICTURE = """<figure class="col-lg-6 text-center mt-4">
<img src="{name}.png" alt="{caption}" class="img-fluid border rounded" />
<figcaption class="text-muted mt-1">{caption}</figcaption>
</figure>"""
ITEM = re.compile(r"^- (.+(?:\n  .+)*)", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def text():
    known = manifest()
    return PAGE.format(
        name=escape(known["name"]),
        summary=escape(known["summary"]),
        version=known["version"],
        promises="\n".join(
            f'<div class="col-lg-4">\n<h3>{title}</h3>\n<p>{words}</p>\n</div>'
            for title, words in PROMISES
        ),
        steps=html(fragment("STEPS")).strip(),
        pictures="\n".join(
            PICTURE.format(name=name, caption=escape(caption))
            for name, caption in PICTURES
            if (FOLDER / f"{name}.png").exists()
        ),
        sections="\n".join(
            f'<h2 class="mt-5">{heading}</h2>\n{html(fragment(name)).strip()}'
            for heading, name in SECTIONS
        ),
        changes=_changes(known["version"]),
    )


def _changes(version):
    """What this version adds: of its section of the changelog, or, before it is
    released, of the fragments."""
    changelog = (CHECKOUT / "CHANGELOG.md").read_text()
    section = changelog.partition(f"\n## {version} ")[2].partition("\n## ")[0]
    added = section.partition("\n### Added\n")[2].partition("\n### ")[0]
    news = ITEM.findall(added) or [
        file.read_text().strip()
        for file in sorted((CHECKOUT / "readme" / "newsfragments").glob("*.feature.md"))
    ]
    items = (CODE.sub(r"<code>\1</code>", escape(item, quote=False)) for item in news)
    return "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"

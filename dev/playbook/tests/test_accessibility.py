"""Each screen and dialog of ours is one that the certification has to look at."""

import re
from pathlib import Path

from playbook.accessibility import SCREENS

ADDON = Path(__file__).resolve().parents[3]
TEMPLATE = re.compile(r'<t\s+t-name="pos_mx51_sci\.([\w.]+)"(?!\s+t-inherit)')
#: What extends a page of Odoo's, and is one of ours all the same.
EXTENDED = {"CustomerDisplay"}
NOT_LOOKED_AT = {
    "PairingPanel.Forget": "a button of the other states, for what is lost for good",
    "SciPairingWidget": "holds the panel",
    "SciReceipt": "paper",
}


def test_each_template_is_looked_at_or_there_is_a_reason():
    found = {
        name
        for file in (ADDON / "static" / "src").rglob("*.xml")
        for name in TEMPLATE.findall(file.read_text())
    }
    assert found | EXTENDED == set(SCREENS) | set(NOT_LOOKED_AT)


def test_what_shows_a_template_is_in_it():
    text = "".join(
        file.read_text() for file in (ADDON / "static" / "src").rglob("*.xml")
    )
    for selector in SCREENS.values():
        for name in re.findall(r"\.(o_sci_\w+)", selector):
            assert re.search(rf"\b{name}\b", text), selector

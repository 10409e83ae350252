import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = Path(__file__).resolve().parents[1]
TEMPLATE = ADDON / "i18n" / "pos_mx51_sci.pot"
#: Texts that mx51 requires word for word (docs/protocol.md 2.7, 3.8).
REQUIRED = {
    "Simple Cloud Integration",
    "Pairing Code",
    "Pairing Nickname",
    "Pairing ID",
    "Confirmation Code",
    "No active pairings found",
    "Pairing not found: Pairing not found",
    "Please check network and terminal connections and try again",
}
#: Names and marks, the same everywhere.
NAMES = {
    "EFTPOS",
    "SANDBOX",
    "TID",
    '<i class="fa fa-credit-card me-1" role="img" aria-label="EFTPOS" title="EFTPOS"/>',
    '<span class="badge text-bg-warning">SANDBOX</span>',
    "<span>%</span>",
}
#: The provider's name in Odoo's list, where a colon is written as in English.
TITLE = "EFTPOS: Simple Cloud Integration"
#: What each language spells as English does.
SAME = {
    "ar": {TITLE},
    "de": {
        *(TITLE, "ID", "Bank", '<span class="text-muted">Bank</span>', "(optional)"),
        *("Exponent", "Name", "Sandbox", "Status", "Terminal", "Terminal %s"),
        *("Terminals", "Text", "Version"),
    },
    "es": {TITLE, "ID", "Sandbox", "Terminal", "Terminal %s", "Total"},
    "fr": {
        *("Date", "E-mail", "ID", "Message", "Messages", "Module", "Note", "Sandbox"),
        *("Session", "Terminal", "Terminal %s", "Total", "Transaction"),
        *("Transactions", "Version"),
    },
    "hi": {TITLE, "ID"},
    "vi": {TITLE, "ID"},
    "zh_CN": {"ID"},
}
PLACEHOLDER = re.compile(r"%\(\w+\)s|%[sd%]")


def terms(template):
    """``(text, context, where it is used)`` of each."""
    return {
        (entry.msgid, entry.msgctxt, where)
        for entry in template
        for where, _line in entry.occurrences
    }


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_the_template_has_the_texts_of_the_addon(self):
        exported = io.BytesIO()
        trans_export(None, ["pos_mx51_sci"], exported, "po", self.env)
        wanted = terms(polib.pofile(exported.getvalue().decode()))
        found = terms(polib.pofile(str(TEMPLATE)))
        self.assertFalse(wanted - found, "missing: run ./dev/pot")
        self.assertFalse(found - wanted, "gone from the addon: run ./dev/pot")

    def test_each_language_is_complete(self):
        wanted = {(entry.msgid, entry.msgctxt) for entry in polib.pofile(str(TEMPLATE))}
        for file in sorted((ADDON / "i18n").glob("*.po")):
            with self.subTest(language=file.stem):
                found = polib.pofile(str(file))
                self.assertEqual({(it.msgid, it.msgctxt) for it in found}, wanted)
                blank = {it.msgid for it in found.untranslated_entries()}
                required = REQUIRED & {text for text, _context in wanted}
                self.assertEqual(blank, required | NAMES | SAME[file.stem])
                self.assertFalse(found.fuzzy_entries())
                for it in found.translated_entries():
                    self.assertNotIn(it.msgid, REQUIRED)
                    self.assertEqual(
                        sorted(PLACEHOLDER.findall(it.msgstr)),
                        sorted(PLACEHOLDER.findall(it.msgid)),
                    )

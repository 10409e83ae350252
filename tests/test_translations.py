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
                # A word that is the same in both languages is left out.
                same = found.untranslated_entries()
                self.assertLess(len(same), len(wanted) // 20, same)
                for it in found.translated_entries():
                    self.assertNotIn(it.msgid, REQUIRED)
                    self.assertEqual(
                        sorted(PLACEHOLDER.findall(it.msgstr)),
                        sorted(PLACEHOLDER.findall(it.msgid)),
                    )

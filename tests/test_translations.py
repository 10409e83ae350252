import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = Path(__file__).resolve().parents[1]
TEMPLATE = ADDON / "i18n" / "pos_mx51_sci.pot"


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

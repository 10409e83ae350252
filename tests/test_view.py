import re
from pathlib import Path

from ..ledger.request import StartRequest
from ..ledger.view import KEYS, refusal_view
from .common import SciCommon

TYPEDEF = Path(__file__).parents[1] / "static/src/app/follow/payment_view.js"


class TestView(SciCommon):
    """The public view is documented once, key by key."""

    def test_a_row_has_the_documented_keys(self):
        self.assertEqual(list(self.start()), list(KEYS))

    def test_a_refusal_without_a_row_has_them_too(self):
        request = StartRequest.from_values(self.env, self.values())
        self.assertEqual(list(refusal_view(request, "wrong_kind", "No.")), list(KEYS))

    def test_the_type_for_the_browser_has_them_too(self):
        typedef = TYPEDEF.read_text().split("@typedef {Object} SciPaymentView")[1]
        names = re.findall(r"@property \{.*?\} (\w+)", typedef.split("*/")[0])
        self.assertEqual(names, list(KEYS))

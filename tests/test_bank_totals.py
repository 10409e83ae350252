from odoo.tests import BaseCase, tagged

from ..ledger.bank_totals import read

CODES = """\
          GECKO BANK
        SETTLEMENT 2026-11-26
TERMINAL ID             12345678
PUR    3              AUD 1,031.50
TIP    1                AUD 2.00
SUR    2                AUD 0.50
REF    1               AUD 10.00
CAS    1               AUD 20.00
TOT    8             AUD 1,044.00
"""
SCHEMES = """\
DEBIT
PUR 2 $30.00
TOT 2 $30.00
CREDIT
PUR 1 $12.50
TOT 1 $12.50
TOTALS
PUR 3 $42.50
TOT 3 $42.50
"""


@tagged("post_install", "-at_install")
class TestBankTotals(BaseCase):
    """The text of a settlement is read where it says one thing only."""

    def test_codes(self):
        self.assertEqual(
            read(CODES, "AUD", 2),
            {
                "purchase": [3, 103150],
                "tip": [1, 200],
                "surcharge": [2, 50],
                "refund": [1, 1000],
                "cashout": [1, 2000],
                "total": [8, 104400],
            },
        )

    def test_groups_are_read_over_all(self):
        self.assertEqual(
            read(SCHEMES, "AUD", 2), {"purchase": [3, 4250], "total": [3, 4250]}
        )

    def test_other_spellings(self):
        for text, total in {
            "PUR $12.50\nTOT $12.50": [None, 1250],
            "REF: 1 -5.00\nTOT: 1 -5.00": [1, -500],
            "REF 1 AUD 5.00\nTOT 1 AUD -5.00": [1, -500],
            "PUR 1 500\nTOT 1 500": None,
        }.items():
            with self.subTest(text=text):
                found = read(text, "AUD", 2)
                self.assertEqual(found and found["total"], total)
        self.assertEqual(read("PUR 1 500\nTOT 1 500", "JPY", 0)["total"], [1, 500])

    def test_what_may_mean_two_things_is_not_read(self):
        for text in (
            "",
            None,
            "APPROVED",
            "PURCHASES (3) AUD 12.50\nNET (3) AUD 12.50",
            "PUR 3 AUD 12.50",  # no total
            "PUR 3 AUD 12.50\nTOT 3 AUD 13.50",  # does not add up
            "PUR 3 USD 12.50\nTOT 3 USD 12.50",  # another currency
            "PUR CNT 3\nPUR 12.50\nTOT 12.50",
            "PUR 1 12.50\nPUR 1 12.50\nTOT 2 25.00",
            "PUR 0 0.00\nPUR 1 12.50\nTOT 1 12.50",
            "PUR 1 12.5\nTOT 1 12.5",
            "PUR 1 12.50\nTOT 1 12.50\nPUR 1 1.00",
            # Two schemes with the same amount, or one and what is over all?
            "PUR 1 12.50\nTOT 1 12.50\nPUR 1 12.50\nTOT 1 12.50",
            SCHEMES.replace("TOTALS", "AMEX"),
            SCHEMES.replace("PUR 3 $42.50", "PUR 3 $42.00"),
            SCHEMES.replace("42.50", "43.50"),
        ):
            with self.subTest(text=text):
                self.assertIsNone(read(text, "AUD", 2))

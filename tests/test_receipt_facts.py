from odoo.tests import BaseCase, tagged

from ..ledger.receipt_facts import facts
from .common import SciCommon

RECEIPT = """\
        GECKO BANK EFTPOS
TERMINAL ID             12345678
DEBIT MASTERCARD          (T) CR
CARD        ............4242
AUTH NO                   A1B2C3
TOTAL                  AUD 12.50
"""


@tagged("post_install", "-at_install")
class TestReceiptFacts(BaseCase):
    def test_a_whole_receipt(self):
        self.assertEqual(
            facts(RECEIPT),
            {
                "card_brand": "Mastercard",
                "card_no": "4242",
                "payment_method_authcode": "A1B2C3",
            },
        )

    def test_other_layouts(self):
        for text, said in {
            "VISA CREDIT\nxxxxxxxxxxxx1234": ("Visa", "1234", None),
            "AMEX\n3742 XX**** *1001\n": ("American Express", "1001", None),
            "EFTPOS SAV\nCARD: **** **** **** 0007": ("eftpos", "0007", None),
            "UNIONPAY 621234******9999 AUTH CODE: 001122": (
                *("UnionPay", "9999", "001122"),
            ),
            "AUTHORISATION 654321": (None, None, "654321"),
        }.items():
            with self.subTest(text=text):
                names = ("card_brand", "card_no", "payment_method_authcode")
                self.assertEqual(tuple(map(facts(text).get, names)), said)

    def test_what_says_nothing(self):
        for text in (None, "", False, "GECKO BANK EFTPOS", "AUTHENTICATED BY CHIP"):
            with self.subTest(text=text):
                self.assertEqual(facts(text), {})


class TestFactsOfPayments(SciCommon):
    def test_the_payment_line_says_them(self):
        self.pair()
        view = self.start()
        self.present()
        self.follow(view)
        line = self.env["pos.payment"].search([("uuid", "=", "payment-1")])
        self.assertEqual(line.transaction_id, self.row(view).sci_id)
        self.assertEqual((line.card_brand, line.card_no), ("Mastercard", "4242"))

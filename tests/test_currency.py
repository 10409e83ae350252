from unittest.mock import patch

import babel.core
import babel.numbers
import psycopg2

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..ledger.amounts import formatted, money
from ..ledger.guard import TRIGGER
from ..sci import currency
from .common import SciCommon

#: Where CLDR, Babel's source, says what people use and not what ISO 4217 defines.
CLDR_DIFFERS = set("AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SLL SOS SYP YER".split())


@tagged("post_install", "-at_install")
class TestExponents(BaseCase):
    """``sci/currency.py`` against what others know."""

    def test_some_of_each(self):
        for code, exponent in (
            *(("AUD", 2), ("NZD", 2), ("TWD", 2), ("JPY", 0), ("ISK", 0)),
            *(("KWD", 3), ("IQD", 3), ("CLF", 4), ("UYI", 0), ("UYW", 4)),
        ):
            with self.subTest(code=code):
                self.assertEqual(currency.exponent_of(code), exponent)

    def test_nothing_is_guessed(self):
        for code in ("XYZ", "aud", "", None, False, "BTC"):
            with self.subTest(code=code):
                self.assertIsNone(currency.exponent_of(code))

    def test_against_babel(self):
        for code in sorted(currency._EXPONENTS.keys() - CLDR_DIFFERS):
            if code in babel.core.get_global("all_currencies"):
                with self.subTest(code=code):
                    known = babel.numbers.get_currency_precision(code)
                    self.assertEqual(currency.exponent_of(code), known)


class TestMinorUnits(SciCommon):
    """Cents are those of ISO 4217, whatever digits a currency shows."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.currency = self.register.currency_id

    def round_to(self, rounding):
        """As anybody may in Accounting, at any time of the day."""
        self.currency.sudo().rounding = rounding

    def test_rounding_changes_nothing_that_is_sent_or_kept(self):
        view = self.start()
        self.round_to(0.001)
        self.assertEqual(self.currency.decimal_places, 3)
        self.present()
        row = self.row(self.follow(view))
        name = self.currency.name
        self.assertEqual((row.amount, row.result_amount), (12.5, 12.5))
        self.assertEqual((money(row), formatted(row)), (12.5, f"{name} 12.50"))
        for rounding in (0.001, 0.0001):
            self.round_to(rounding)
            with self.subTest(rounding=rounding):
                view = self.start(f"at-{rounding}", amount=1000)
                self.assertEqual(view["status"], "PENDING")
                self.assertEqual(
                    (self.row(view).amount, self.row(view).exponent), (10, 2)
                )
                self.present()
                self.follow(view)
        sent = [request["request_body"] for request in self.upstream()]
        asked = [body["purchase_details"]["purchase_amount"] for body in sent]
        self.assertEqual(asked, [1250, 1000, 1000])

    def test_a_row_keeps_its_exponent(self):
        row = self.row(self.start())
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "never changes"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE pos_sci_transaction SET exponent = 3 WHERE id = %s", [row.id]
            )

    def test_rows_from_before_say_themselves_what_they_were_sent_in(self):
        view = self.start()
        refused = self.start("zero", amount=True)
        execute = self.env.cr.execute
        execute("DROP TRIGGER pos_sci_transaction_guard ON pos_sci_transaction")
        execute("ALTER TABLE pos_sci_transaction ALTER exponent DROP NOT NULL")
        for amount, exponent in ((12.5, 2), (1250, 0), (1.25, 3), (-12.5, 2)):
            execute(
                "UPDATE pos_sci_transaction SET exponent = NULL, amount = %s"
                " WHERE id = %s",
                [amount, view["id"]],
            )
            execute(
                "UPDATE pos_sci_transaction SET exponent = NULL WHERE id = %s",
                [refused["id"]],
            )
            self.env["pos.sci.transaction"]._init_column("exponent")
            self.env.invalidate_all()
            with self.subTest(amount=amount):
                self.assertEqual(self.row(view).exponent, exponent)
                self.assertEqual(self.row(refused).exponent, 2)
        execute(TRIGGER)

    def test_a_currency_that_nobody_knows_is_refused(self):
        self.draft(12.5, [("payment-1", 12.5)], "order-of-payment-1")
        with patch.dict(currency._EXPONENTS):
            del currency._EXPONENTS[self.currency.name]
            view = self.send(self.values())
        self.assertEqual(view["error"]["code"], "wrong_currency")
        self.assertFalse(view["id"] or self.upstream())

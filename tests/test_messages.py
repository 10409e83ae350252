import json

from odoo.tests import BaseCase, tagged

from ..sci.errors import BadAnswer, Incomplete, NoActivePairings, error_from_answer
from ..sci.messages import ABSENT, Pairing, Transaction, create_request
from ..sci.urls import UnsafeUrl, checked_base_url

PAIRING = {
    "pairing_id": "pid_1",
    "key_id": "kid_1",
    "confirmation_code": "0123",
    "signing_secret_part_b": "part-b",
    "spi_cloud_api_base_url": "https://sci-api.bank.example",
    "tid": "tid123",
    "pairing_nickname": "Front Bar",
    "terminal_nickname": "Terminal 123",
}
TRANSACTION = {"id": "t1", "version": 2, "status": "PENDING", "message": "Present card"}


@tagged("post_install", "-at_install")
class TestMessages(BaseCase):
    def test_both_spellings_of_the_base_url_are_read(self):
        other = {**PAIRING, "sci_api_base_url": "https://other.example/"}
        del other["spi_cloud_api_base_url"]
        self.assertEqual(
            Pairing.from_answer({"data": PAIRING}).api_base_url,
            "https://sci-api.bank.example",
        )
        self.assertEqual(
            Pairing.from_answer({"data": other}).api_base_url, "https://other.example"
        )

    def test_a_pairing_that_lacks_a_needed_field_is_a_bad_answer(self):
        for key in (
            "pairing_id",
            "key_id",
            "confirmation_code",
            "signing_secret_part_b",
            "spi_cloud_api_base_url",
        ):
            for value in (None, "", [], {}):
                with self.subTest(key=key, value=value), self.assertRaises(BadAnswer):
                    Pairing.from_answer({"data": {**PAIRING, key: value}})

    def test_the_secret_of_a_pairing_is_not_shown(self):
        self.assertNotIn("part-b", repr(Pairing.from_answer({"data": PAIRING})))

    def test_only_safe_base_urls_are_accepted(self):
        for url in (
            "http://sci-api.bank.example",
            "https://user@bank.example",
            "https://bank.example?x=1",
            "https://bank.example#x",
            "https://bank.example\\@evil.example",
            "ftp://bank.example",
            "https://",
            "http://127.0.0.1:8051",
            "http://localhost.evil.example",
            "https://*.bank.example",
            "https://bank..example",
            None,
            5,
        ):
            with self.subTest(url=url), self.assertRaises(UnsafeUrl):
                checked_base_url(url)
        for url in ("http://127.0.0.1:8051", "http://localhost:1", "http://[::1]:1"):
            self.assertEqual(checked_base_url(url, allow_loopback_http=True), url)

    def test_an_absent_key_is_not_a_null(self):
        transaction = Transaction.from_answer(
            {"data": {**TRANSACTION, "merchant_receipt": None}}
        )
        self.assertEqual(
            transaction.present(), {"message": "Present card", "merchant_receipt": None}
        )
        self.assertIs(transaction.customer_receipt, ABSENT)

    def test_only_a_complete_answer_is_a_version(self):
        for changes in (
            {"id": None},
            {"version": None},
            {"version": True},
            {"version": 0},
            {"version": "x"},
            {"status": "DONE"},
            {"status": None},
            {"status": "FINALISED"},
            {"status": "FINALISED", "result_financial_status": "OK"},
        ):
            with self.subTest(changes=changes), self.assertRaises(BadAnswer):
                Transaction.from_answer({"data": {**TRANSACTION, **changes}})
        for payload in (None, [], "x", 5, {}, {"data": []}, {"data": "x"}):
            with self.subTest(payload=payload), self.assertRaises(BadAnswer):
                Transaction.from_answer(payload)

    def test_what_a_database_cannot_keep_is_left_out(self):
        deep = {}
        for _level in range(500):
            deep = {"a": deep}
        transaction = Transaction.from_answer(
            {
                "data": {
                    **TRANSACTION,
                    "message": "cut \ud83d here\x00",
                    "pos_instructions": {
                        "a": "\x00b\\u0000",
                        "c": float("nan"),
                        "deep": deep,
                    },
                    "result_amounts": {"purchase_amount": 10**400, "tip_amount": 1},
                }
            }
        )
        self.assertEqual(transaction.message, "cut  here")
        self.assertEqual(transaction.pos_instructions["a"], "b\\u0000")
        self.assertIsNone(transaction.pos_instructions["c"])
        json.dumps(transaction.pos_instructions, allow_nan=False).encode()
        self.assertEqual(transaction.result_amounts, {"tip_amount": 1})

    def test_an_incomplete_answer_keeps_its_id(self):
        with self.assertRaises(Incomplete) as caught:
            Transaction.from_answer({"data": {"id": "t1", "status": "PENDING"}})
        self.assertEqual(caught.exception.transaction_id, "t1")

    def test_an_answer_that_is_not_final_has_no_outcome(self):
        transaction = Transaction.from_answer(
            {"data": {**TRANSACTION, "result_financial_status": "APPROVED"}}
        )
        self.assertIsNone(transaction.financial_status)

    def test_amounts_are_read_in_any_spelling_of_an_integer(self):
        transaction = Transaction.from_answer(
            {
                "data": {
                    **TRANSACTION,
                    "result_amounts": {
                        "purchase_amount": 1250,
                        "tip_amount": "100",
                        "surcharge_amount": 20.0,
                        "cashout_amount": 0.5,
                        "moto_amount": None,
                        "colour": 1,
                    },
                }
            }
        )
        self.assertEqual(
            transaction.result_amounts,
            {"purchase_amount": 1250, "tip_amount": 100, "surcharge_amount": 20},
        )

    def test_a_request_carries_one_block_and_the_toggles(self):
        self.assertEqual(
            create_request(
                "purchase", {"purchase_amount": 1250}, {"print_merchant_receipt": True}
            ),
            {
                "purchase_details": {"purchase_amount": 1250},
                "print_merchant_receipt": True,
                "prompt_customer_receipt": False,
                "verify_signature_on_terminal": False,
                "pos_auto_print_signature_receipt": False,
            },
        )

    def test_amounts_that_do_not_suit_the_kind_are_refused(self):
        for kind, amounts in (
            ("purchase", {}),
            ("purchase", {"purchase_amount": 0}),
            ("purchase", {"purchase_amount": -5}),
            ("purchase", {"purchase_amount": 12.5}),
            ("purchase", {"purchase_amount": True}),
            ("purchase", {"purchase_amount": "1250"}),
            ("purchase", {"purchase_amount": 10**10}),
            ("purchase", {"purchase_amount": 1250, "cashout_amount": 100}),
            ("refund", {"purchase_amount": 1250}),
            ("moto", {"moto_amount": 1250, "tip_amount": 1}),
        ):
            with self.subTest(kind=kind, amounts=amounts):
                with self.assertRaises(ValueError):
                    create_request(kind, amounts)

    def test_an_error_is_known_by_its_code_in_any_case(self):
        for payload in (
            {"error": {"code": "NO_ACTIVE_PAIRINGS_FOUND", "message": "x"}},
            {"code": "no_active_pairings_found"},
        ):
            error = error_from_answer(401, payload)
            self.assertIsInstance(error, NoActivePairings)
            self.assertEqual(error.text, "No active pairings found")

    def test_what_is_not_the_envelope_is_a_bad_answer(self):
        gateway = {"code": "request_timeout", "message": "x"}
        for payload in (None, [], "No", {"error": "x"}, {"error": {}}, gateway):
            with self.subTest(payload=payload):
                self.assertIsInstance(error_from_answer(404, payload), BadAnswer)

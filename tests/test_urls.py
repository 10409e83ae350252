from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..sci import client, errors
from ..sci.messages import Transaction
from ..sci.urls import authority, is_loopback

ANSWER = {"data": {"id": "t1", "version": 1, "status": "PENDING"}}


@tagged("post_install", "-at_install")
class TestUrls(BaseCase):
    """Where the buttons of a form lead."""

    def pressed(self, base_url, submit_url):
        """Where the request goes."""
        api = client.SciApi(base_url, "kid", "secret")
        with patch.object(client, "exchange", return_value=ANSWER) as exchange:
            answer = api.submit_action(submit_url, {})
        self.assertEqual(answer, Transaction.from_answer(ANSWER))
        return exchange.call_args.args[1]

    def test_a_relative_url_leads_to_the_pairing_s_own_address(self):
        for submit_url, target in (
            ("/v1/press?b=1", "https://bank.example/v1/press?b=1"),
            ("//bank.example/v1/press", "https://bank.example/v1/press"),
            ("v1/press", "https://bank.example/v1/press"),
            ("?b=1", "https://bank.example/?b=1"),
            ("https://bank.example/v1/press#top", "https://bank.example/v1/press"),
            ("HTTPS://BANK.example:443/v1", "https://bank.example/v1"),
            ("https://bank.example./v1", "https://bank.example/v1"),
        ):
            with self.subTest(submit_url=submit_url):
                self.assertEqual(
                    self.pressed("https://bank.example", submit_url), target
                )
        for submit_url in ("v1/press", "https://bank.example/sci/v1/press"):
            self.assertEqual(
                self.pressed("https://bank.example./sci/", submit_url),
                "https://bank.example./sci/v1/press",
            )

    def test_a_url_that_leads_elsewhere_has_an_error_of_its_own(self):
        for submit_url in (
            "//evil.example/v1/press",
            "https://bank.example.evil.example/",
            "https://bank.example:8443/",
            "http://bank.example/",
            "https://me@bank.example/",
            "javascript:alert(1)",
            "https://[",
            "https://bank.example:x/",
        ):
            with (
                self.subTest(submit_url=submit_url),
                self.assertRaises(errors.NotOurs) as caught,
            ):
                self.pressed("https://bank.example", submit_url)
            self.assertEqual(caught.exception.code, "not_ours")
            self.assertEqual(caught.exception.reason, "foreign_url")
            self.assertTrue(caught.exception.did_nothing)

    def test_a_dot_at_the_end_of_a_host_makes_no_difference(self):
        self.assertEqual(authority("https://Bank.example./x"), "bank.example")
        self.assertEqual(authority("http://localhost.:8051/"), "localhost:8051")
        self.assertTrue(is_loopback("http://localhost.:8051/"))
        self.assertFalse(is_loopback("http://localhost.example./"))

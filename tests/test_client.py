import logging
import socket
import time
import uuid
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import BaseCase, tagged

from ..sci import client, errors, transport
from ..sci.messages import create_request
from .sandbox_process import API_KEY, PART_A, Sandbox

PURCHASE = create_request("purchase", {"purchase_amount": 1250})


@tagged("post_install", "-at_install")
class TestClient(BaseCase):
    """The client against the sandbox, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.stop)

    def setUp(self):
        super().setUp()
        self.sandbox.control("reset")
        self.sandbox.control("settings", accept_delay=0, processing_delay=0)
        self.pairing_api = client.PairingApi(self.sandbox.url, API_KEY)

    def pair(self):
        code = self.sandbox.terminal("start_pairing")["pairing_code"]
        pairing = self.pairing_api.progress_pairing(code, "Front Bar")
        secret = PART_A + pairing.signing_secret_part_b
        return client.SciApi(pairing.api_base_url, pairing.key_id, secret)

    def paired(self):
        api = self.pair()
        self.sandbox.terminal("confirm")
        return api

    def test_pairing_info_before_and_after_confirmation_and_unpairing(self):
        api = self.pair()
        with self.assertRaises(errors.NoActivePairings):
            api.pairing_info()
        self.sandbox.terminal("confirm")
        api.pairing_info()
        api.unpair()
        with self.assertRaises(errors.NoActivePairings):
            api.pairing_info()

    def test_the_nickname_is_left_out_when_it_is_empty(self):
        code = self.sandbox.terminal("start_pairing")["pairing_code"]
        self.pairing_api.progress_pairing(code, "")
        (request,) = self.sandbox.requests_to("/progress-pairing")
        self.assertEqual(request["request_body"], {"pairing_code": code})

    def test_a_purchase_from_start_to_end(self):
        api = self.paired()
        first = api.create_transaction(PURCHASE)
        self.assertEqual((first.version, first.status), (1, "PENDING"))
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.terminal("card", outcome="approve")
        transaction = first
        while transaction.status != "FINALISED":
            transaction = api.get_transaction(first.id, transaction.version + 1)
        self.assertEqual(transaction.financial_status, "APPROVED")
        self.assertEqual(transaction.result_amounts["purchase_amount"], 1250)
        self.assertIn("12.50", transaction.customer_receipt)

    def test_a_poll_that_runs_out_differs_from_an_unknown_transaction(self):
        api = self.paired()
        first = api.create_transaction(PURCHASE)
        with self.assertRaises(errors.NothingNew):
            api.get_transaction(first.id, 99)
        with self.assertRaises(errors.TransactionNotFound):
            api.get_transaction(str(uuid.uuid4()), 1)

    def test_an_incomplete_answer_to_a_cancel_is_no_version(self):
        api = self.paired()
        for variant, whole in (("version", False), ("full", True)):
            self.sandbox.control("settings", cancel_response=variant)
            transaction = api.create_transaction(PURCHASE)
            answer = api.cancel_transaction(transaction.id)
            self.assertEqual(bool(answer), whole)
            self.sandbox.get("wait", transaction=transaction.id, status="FINALISED")

    def test_no_connection_is_proof_that_nothing_left(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        api = client.SciApi(f"http://127.0.0.1:{port}", "kid", "secret")
        with self.assertRaises(errors.NoAnswer) as caught:
            api.create_transaction(PURCHASE)
        self.assertFalse(caught.exception.sent)

    def test_a_failed_tls_handshake_is_proof_that_nothing_left(self):
        url = self.sandbox.url.replace("http:", "https:")
        api = client.SciApi(url, "kid", "secret")
        for post in (lambda: api.create_transaction(PURCHASE), api.unpair):
            with self.assertRaises(errors.NoAnswer) as caught:
                post()
            self.assertFalse(caught.exception.sent)
            self.assertEqual(caught.exception.reason, "tls")

    def test_a_connection_that_breaks_later_proves_nothing(self):
        api = self.paired()
        create = ("/v1/transactions", lambda: api.create_transaction(PURCHASE))
        for action, (path, post) in (
            ("drop_before", create),
            ("drop_after", create),
            ("truncated", create),
            ("drop_before", ("/v1/unpair", api.unpair)),
        ):
            self.sandbox.fault(path, action)
            with self.subTest(action=action, path=path):
                with self.assertRaises(errors.NoAnswer) as caught:
                    post()
                self.assertTrue(caught.exception.sent)

    def test_no_post_is_repeated(self):
        api = self.paired()
        for action in ("drop_before", "drop_after", "garbage", "status"):
            self.sandbox.fault("/v1/transactions", action)
            before = len(self.sandbox.requests_to("/v1/transactions"))
            with self.subTest(action=action), self.assertRaises(errors.SciError):
                api.create_transaction(PURCHASE)
            after = len(self.sandbox.requests_to("/v1/transactions"))
            self.assertEqual(after, before + 1)

    def test_answers_that_are_not_in_the_documented_form(self):
        api = self.paired()
        for fault in (
            {"action": "garbage"},
            {"action": "huge"},
            {"action": "status", "status": 302, "headers": {"Location": "/v1/x"}},
            {"action": "status", "status": 200, "body": {"data": []}},
            {"action": "status", "status": 502, "body": "Bad gateway"},
        ):
            self.sandbox.fault("/v1/transactions", **fault)
            with self.subTest(fault=fault), self.assertRaises(errors.BadAnswer):
                api.create_transaction(PURCHASE)

    def test_an_answer_that_drips_has_an_end(self):
        api = self.paired()
        began = time.monotonic()
        self.sandbox.fault("/v1/transactions/x", "slow_drip", method="GET", seconds=30)
        with self.assertRaises(errors.SciError):
            api.get_transaction("x", 1, within=1)
        self.assertLess(time.monotonic() - began, 10)

    def api_of_a_clock(self, api, offset):
        self.addCleanup(client._clock_offsets.clear)
        key_id, secret = api._auth.key_id, api._auth._secret
        return client.SciApi(api.base_url, key_id, secret, lambda: time.time() + offset)

    def test_a_wrong_clock_is_learnt_from_a_get_and_right_for_the_post(self):
        api = self.paired()
        slow = self.api_of_a_clock(api, -60)
        with self.assertLogs(client.__name__, logging.WARNING):
            slow.pairing_info()
        self.assertAlmostEqual(client.clock_offset(api.base_url), 60, delta=3)
        self.assertEqual(slow.create_transaction(PURCHASE).status, "PENDING")

    def test_a_post_with_a_wrong_clock_is_refused_and_not_signed_again(self):
        api = self.paired()
        slow = self.api_of_a_clock(api, -60)
        with (
            self.assertLogs(client.__name__, logging.WARNING),
            self.assertRaises(errors.NoValidSignatures) as caught,
        ):
            slow.create_transaction(PURCHASE)
        self.assertTrue(caught.exception.did_nothing)
        self.assertEqual(caught.exception.reason, "clock")
        self.assertEqual(len(self.sandbox.requests_to("/v1/transactions")), 1)
        self.assertEqual(slow.create_transaction(PURCHASE).status, "PENDING")

    def test_any_first_post_with_a_wrong_clock_says_so(self):
        api = self.paired()
        first = api.create_transaction(PURCHASE)
        for post in (
            lambda slow: slow.cancel_transaction(first.id),
            lambda slow: slow.submit_action(f"/v1/transactions/{first.id}/cancel", {}),
            lambda slow: slow.create_settlement("enquiry"),
            lambda slow: slow.unpair(),
        ):
            client._clock_offsets.clear()
            with (
                self.assertLogs(client.__name__, logging.WARNING),
                self.assertRaises(errors.NoValidSignatures) as caught,
            ):
                post(self.api_of_a_clock(api, -60))
            self.assertEqual(caught.exception.reason, "clock")
            self.assertTrue(caught.exception.did_nothing)
        client._clock_offsets.clear()
        api.pairing_info()

    def test_a_clock_that_others_have_corrected_meanwhile_is_no_wrong_secret(self):
        api = self.paired()
        slow = self.api_of_a_clock(api, -60)

        def corrected_before_the_answer(error, *signed):
            client._clock_offsets[slow.origin] = 60
            return learn(error, *signed)

        learn = slow._learn_clock
        with (
            patch.object(slow, "_learn_clock", corrected_before_the_answer),
            self.assertLogs(client.__name__, logging.WARNING),
        ):
            slow.pairing_info()

    def test_a_slow_answer_is_no_wrong_clock(self):
        api, late = self.paired(), []
        wrong = client.SciApi(api.base_url, api._auth.key_id, "another-secret")
        wrong._clock = lambda: time.time() + 4 * len(late)
        self.addCleanup(client._clock_offsets.clear)

        def slowly(*args, **kwargs):
            try:
                return exchange(*args, **kwargs)
            finally:
                late.append(True)

        exchange = client.exchange
        with (
            patch.object(client, "exchange", slowly),
            self.assertRaises(errors.NoValidSignatures) as caught,
        ):
            wrong.create_transaction(PURCHASE)
        self.assertEqual(caught.exception.reason, "secret")

    def test_no_time_is_learnt_from_absurd_answers(self):
        for date, age in (
            ("Mon, 01 Jan 99999999999 00:00:00 GMT", None),
            ("Sat, 28 Nov 2026 00:00:00 GMT", "999999999999999"),
            ("yesterday", None),
        ):
            answer = SimpleNamespace(date=date, age=age)
            self.assertIsNone(client._time_of(answer), date)

    def test_a_wrong_secret_is_not_taken_for_a_wrong_clock(self):
        api = self.paired()
        wrong = client.SciApi(api.base_url, api._auth.key_id, "another-secret")
        with self.assertRaises(errors.NoValidSignatures) as caught:
            wrong.pairing_info()
        self.assertEqual(caught.exception.reason, "secret")
        self.assertEqual(client.clock_offset(api.base_url), 0)

    def test_connections_are_kept_alive(self):
        api = self.paired()
        api.pairing_info()
        with patch.object(transport, "Connection") as opened:
            for _purchase in range(3):
                transaction = api.create_transaction(PURCHASE)
                api.get_transaction(transaction.id, 1)
                self.sandbox.get("wait", terminal="front-bar", screen="present_card")
                self.sandbox.terminal("cancel")
                self.sandbox.get("wait", transaction=transaction.id, status="FINALISED")
                api.pairing_info()
        opened.assert_not_called()

    def test_what_is_signed_is_what_requests_sends(self):
        """Some versions of it strip all slashes at the beginning of a path but one."""
        api = self.paired()
        path = f"{urlsplit(api.base_url).path}/v1/x"
        url = f"{api.base_url}//v1/x?a=b"
        self.assertEqual(urlsplit(api._own_url(url)).path, path)

    def test_buttons_only_lead_to_the_origin_of_the_pairing(self):
        api = self.paired()
        for url in (
            "https://evil.example/v1/x",
            api.base_url.replace("127.0.0.1", "localhost"),
            "//evil.example",
            "javascript:alert(1)",
        ):
            with self.subTest(url=url), self.assertRaises(errors.BadAnswer):
                api.submit_action(url, {})

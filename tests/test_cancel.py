"""A cancel request is never lost: sent again where nothing was done, by itself; where
nothing is known, by a person."""

import logging
import threading
import time
from unittest.mock import patch

from odoo.tests.common import release_test_lock

from ..ledger.flow import SciFlow
from ..sci import connections
from ..sci.urls import origin
from ..server import waiting
from ..server.short_transactions import ShortTransactions
from .common import SciCommon
from .network import silent_port

CLOSED = "http://127.0.0.1:1"
NOT_ACTIVE = {"error": {"code": "no_active_pairings_found", "message": "No"}}
OFF = {"error": {"code": "device_not_connected", "message": "Off"}}
TOO_EARLY = {"error": {"code": "invalid_request", "message": "Not yet"}}


class TestCancel(SciCommon):
    def setUp(self):
        super().setUp()
        self.pair()
        self.sandbox.control("settings", poll_hold=0.2)
        self.view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.newest()

    def cancel(self):
        self.view = self.rpc(self.row(self.view), "sci_cancel", user=self.cashier)
        return self.view["cancel_state"]

    def submit(self, version=None):
        row = self.row(self.view)
        version = version or row.version
        args = (version, "cancel_transaction", {})
        self.view = self.rpc(row, "sci_submit", *args, user=self.cashier)
        return self.view["cancel_state"]

    def newest(self):
        """One poll of a register that knows the newest version."""
        version = self.row(self.view).version
        self.view = self.poll({**self.view, "version": version})
        return self.view["cancel_state"]

    def fault(self, action, path="/cancel$", **more):
        self.sandbox.fault(path, action, method="POST", **more)

    def cancels(self):
        """How many there were, but presses of the form's button."""
        paths = [each["path"] for each in self.sandbox.requests_to("/cancel")]
        return len([path for path in paths if "/actions/" not in path])

    def test_without_a_request_there_is_nothing_to_say(self):
        self.assertIs(self.view["cancel_state"], False)
        self.assertEqual(self.cancel(), "accepted")

    def test_refused_it_is_sent_again_by_the_next_poll(self):
        for status, body in ((401, NOT_ACTIVE), (424, OFF), (400, TOO_EARLY)):
            self.fault("status", status=status, body=body)
        self.assertEqual(self.cancel(), "refused")
        self.assertEqual(self.newest(), "refused")
        self.assertEqual(self.newest(), "refused")
        self.assertEqual(self.cancels(), 3)
        self.assertEqual(self.newest(), "accepted")
        self.assertEqual(self.follow(self.view)["financial_status"], "CANCELLED")
        self.assertEqual(self.cancels(), 4)

    def test_while_it_is_due_no_poll_is_held(self):
        self.fault("status", status=424, body=OFF, times=0)
        self.cancel()
        with patch("odoo.addons.pos_mx51_sci.sci.client.SciApi.get_transaction") as get:
            get.side_effect = AssertionError
            with self.assertRaises(AssertionError):
                self.newest()
        self.assertLess(get.call_args.args[2], 10)

    def test_one_that_hangs_holds_no_worker(self):
        self.fault("status", status=424, body=OFF)
        self.assertEqual(self.cancel(), "refused")
        self.fault("hang", seconds=3)
        self.addCleanup(self.end_brief_calls)
        took = [self.seconds(self.unheld) for _poll in "ab"]
        self.assertLess(took[0], waiting.BRIEF + 0.7)
        self.assertLess(took[1], 0.7)
        self.end_brief_calls()
        self.assertEqual(self.row(self.view).cancel_result, "no_answer")
        self.assertEqual(self.newest(), "no_answer")

    def test_one_whose_way_swallows_connections_holds_no_worker(self):
        self.fault("status", status=424, body=OFF)
        self.assertEqual(self.cancel(), "refused")
        port = silent_port(self.addCleanup)
        self.terminal.sudo().api_base_url = f"http://127.0.0.1:{port}"
        self.addCleanup(self.end_brief_calls)
        with patch.object(connections, "CONNECT_TIMEOUT", 2):
            took = [self.seconds(self.unheld) for _poll in "abc"]
            self.end_brief_calls()
        # One with the cancel request and one without may hang at the same time.
        self.assertLess(max(took[:2]), waiting.BRIEF + 0.7)
        self.assertLess(took[2], 0.7)
        self.assertEqual(self.row(self.view).cancel_result, "refused")

    def test_polls_that_hang_keep_no_cancel_from_leaving(self):
        self.fault("status", status=424, body=OFF)
        self.assertEqual(self.cancel(), "refused")
        base_url, is_over = self.terminal.api_base_url, threading.Event()
        self.addCleanup(self.end_brief_calls)
        self.addCleanup(is_over.set)
        callee = origin(base_url), False
        waiting.briefly(callee, is_over.wait, lambda _answer: None)
        self.assertEqual(self.unheld(), "accepted")

    def test_a_press_that_hangs_holds_no_worker(self):
        for press, path in ((self.cancel, "/cancel$"), (self.submit, "/actions/")):
            with self.subTest(path=path):
                self.fault("hang", path, seconds=3)
                self.addCleanup(self.end_brief_calls)
                took = self.seconds(lambda press=press: self.unheld(press))
                self.assertLess(took, waiting.BRIEF + 0.7)
                self.assertEqual(self.view["cancel_state"], "sent")
                self.end_brief_calls()
                self.assertEqual(self.row(self.view).cancel_result, "no_answer")

    def test_mx51s_own_text_is_not_logged(self):
        message = "The card of Wilhelmina Featherstone"
        body = {"error": {"code": "transaction_refused", "message": message}}
        self.fault("status", status=400, body=body)
        with self.assertLogs(
            "odoo.addons.pos_mx51_sci.ledger.flow", logging.INFO
        ) as logs:
            self.assertEqual(self.cancel(), "refused")
        self.assertIn("400 transaction_refused", str(logs.output))
        self.assertNotIn("Wilhelmina", str(logs.output))

    def test_a_press_that_hangs_keeps_no_other_press_from_leaving(self):
        version, is_over = self.row(self.view).version, threading.Event()
        self.addCleanup(self.end_brief_calls)
        self.addCleanup(is_over.set)
        hangs = patch.object(SciFlow, "_submit", lambda *_args: is_over.wait())
        with hangs:
            self.unheld(lambda: self.submit(version - 1))
        other = SciFlow(short=ShortTransactions.of("another database"))
        with patch.object(waiting, "is_free", return_value=False):
            callee = "submit", self.view["id"], str(version)
            other._pressed(callee, is_over.wait)
        self.unheld(self.submit)
        self.assertEqual(self.view["cancel_state"], "accepted")

    def unheld(self, work=None):
        """:meth:`newest`, or ``work``, where no request may be held: mx51 is asked by a
        thread."""
        held = patch.object(waiting, "is_free", return_value=False)
        with held, release_test_lock():
            return (work or self.newest)()

    def seconds(self, work):
        began = time.monotonic()
        work()
        return time.monotonic() - began

    def end_brief_calls(self):
        """What comes late is taken before the test goes on."""
        with release_test_lock():
            for thread in threading.enumerate():
                if thread.name == waiting.BRIEF_CALL:
                    thread.join(20)
        self.env.invalidate_all()

    def test_one_that_never_left_is_sent_by_the_next_poll(self):
        terminal = self.terminal.sudo()
        base_url = terminal.api_base_url
        terminal.api_base_url = CLOSED
        self.assertEqual(self.cancel(), "refused")
        terminal.api_base_url = base_url
        self.assertEqual(self.newest(), "accepted")
        self.assertEqual(self.cancels(), 1)

    def test_one_that_cannot_be_signed_is_sent_once_it_can(self):
        with patch.dict("os.environ", MX51_SCI_SIGNING_SECRET_PART_A=""):
            self.assertEqual(self.cancel(), "refused")
            self.assertEqual(self.newest(), "refused")
        self.assertEqual(self.newest(), "accepted")
        self.assertEqual(self.cancels(), 1)

    def test_without_an_answer_a_person_has_it_sent_again_and_no_poll_does(self):
        for action in ("drop_before", "garbage", "status"):
            with self.subTest(action=action):
                self.fault(action, act=False)
                before = self.cancels()
                self.assertEqual(self.cancel(), "no_answer")
                self.assertEqual([self.newest() for _ in "ab"], ["no_answer"] * 2)
                self.assertEqual(self.cancels(), before + 1)
        self.assertEqual(self.cancel(), "accepted")
        self.assertEqual(self.follow(self.view)["financial_status"], "CANCELLED")
        self.assertEqual(self.cancels(), 4)

    def test_one_that_was_interrupted_may_be_pressed_again_after_a_while(self):
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET cancel_requested_at = now(),"
            " cancel_sent_at = clock_timestamp() AT TIME ZONE 'UTC' WHERE id = %s",
            [self.view["id"]],
        )
        self.assertEqual(self.cancel(), "sent")
        self.assertEqual(self.newest(), "sent")
        self.age(self.view, "cancel_sent_at", 21)
        self.assertEqual(self.newest(), "no_answer")
        self.assertEqual(self.cancels(), 0)
        self.assertEqual(self.cancel(), "accepted")
        self.assertEqual(self.cancels(), 1)

    # -- mx51's own button -----------------------------------------------------------

    def test_the_forms_button_is_a_cancel_request(self):
        self.fault("drop_before", "/actions/")
        self.assertEqual(self.submit(), "no_answer")
        self.assertTrue(self.view["cancel_requested"])
        self.assertEqual(self.newest(), "no_answer")
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        self.age(self.view, "cancel_requested_at", 21)
        self.newest()
        self.assertTrue(self.view["override_open"])
        self.assertEqual(self.cancels(), 0)
        self.assertEqual(self.cancel(), "accepted")

    def test_the_forms_button_that_works_is_not_followed_by_another_cancel(self):
        self.assertEqual(self.submit(), "accepted")
        self.assertEqual(self.follow(self.view)["financial_status"], "CANCELLED")
        self.assertEqual(self.cancels(), 0)

    def test_the_forms_button_that_is_refused_is_followed_by_the_next_poll(self):
        self.fault("status", "/actions/", status=424, body=OFF)
        self.assertEqual(self.submit(), "refused")
        self.assertEqual(self.newest(), "accepted")
        self.assertEqual(self.cancels(), 1)

    def test_the_button_of_a_form_that_is_gone_still_cancels(self):
        self.assertEqual(self.submit(self.row(self.view).version + 7), "accepted")
        self.assertEqual(self.view["error"]["code"], "not_submitted")
        self.assertEqual(self.cancels(), 1)

    def test_the_forms_button_may_be_answered_in_short(self):
        for body in ({"data": {"version": 3}}, {}):
            with self.subTest(body=body):
                self.fault("status", "/actions/", status=200, body=body)
                self.assertEqual(self.submit(), "accepted")
                self.env.cr.execute(
                    "UPDATE pos_sci_transaction SET submitted_version = NULL,"
                    " cancel_requested_at = NULL, cancel_sent_at = NULL,"
                    " cancel_result = NULL"
                )
                self.env.invalidate_all()

    def test_one_for_a_payment_that_was_answered_in_short_is_kept(self):
        """Its row has mx51's id, and nobody knows how it is."""
        self.env.cr.execute("UPDATE pos_sci_transaction SET status = 'unknown'")
        self.env.invalidate_all()
        self.assertEqual(self.cancel(), "accepted")
        self.assertEqual(self.cancels(), 1)

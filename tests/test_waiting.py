"""Nothing is held where holding is not free."""

import threading
import time
from contextlib import ExitStack
from types import SimpleNamespace
from unittest.mock import patch

import odoo
from odoo.tests import BaseCase

from ..server import log_tail, waiting


class TestWaiting(BaseCase):
    def serve(self, max_http_threads=None, evented=False):
        httpd = SimpleNamespace(max_http_threads=max_http_threads)
        server = SimpleNamespace(httpd=httpd)
        self.startPatcher(patch.object(odoo.service.server, "server", server))
        self.startPatcher(patch.object(odoo, "evented", evented))

    def test_at_most_a_third_of_counted_threads_hold(self):
        for counted, most in ((None, None), (1, 0), (2, 0), (3, 1), (4, 1), (31, 10)):
            with self.subTest(counted=counted):
                self.serve(counted)
                self.assertEqual(waiting.most_held(), most)
        self.serve(4, evented=True)
        self.assertIsNone(waiting.most_held())

    def test_in_a_worker_nothing_is_held(self):
        self.serve()
        with patch.object(waiting, "is_free", return_value=False):
            self.assertEqual(waiting.most_held(), 0)
            with waiting.place() as is_granted:
                self.assertFalse(is_granted)

    def test_a_place_that_is_left_is_free_again(self):
        self.serve(6)
        for _time in range(2):
            with waiting.place() as one, waiting.place() as two, waiting.place() as no:
                self.assertEqual((one, two, no), (True, True, False))

    def test_all_browsers_together_look_at_the_ledger_so_often_at_most(self):
        self.serve(evented=True)
        self.assertEqual(waiting.look_every(), 2)
        with ExitStack() as held:
            for _place in range(1000):
                held.enter_context(waiting.place())
            self.assertLessEqual(1000 / waiting.look_every(), 25)

    def test_a_quick_answer_is_taken_here(self):
        here = []
        waiting.briefly("a", lambda: 7, lambda _a: here.append(threading.get_ident()))
        self.assertEqual(here, [threading.get_ident()])

    def test_what_is_logged_in_the_background_is_about_the_same_database(self):
        with patch.object(threading.current_thread(), "dbname", "shop", create=True):
            answer = waiting.briefly("a", log_tail.current_database, str)
        self.assertEqual(answer, "shop")

    def test_an_error_is_raised_here(self):
        with self.assertRaises(ZeroDivisionError):
            waiting.briefly("a", lambda: 1 / 0, print)

    def test_nobody_waits_long_and_a_late_answer_is_taken_all_the_same(self):
        is_over, taken = threading.Event(), threading.Event()

        def ask():
            is_over.wait(10)
            return True

        began = time.monotonic()
        answer = waiting.briefly("a", ask, lambda _answer: taken.set())
        self.assertIsNone(answer)
        self.assertLess(time.monotonic() - began, waiting.BRIEF + 0.5)
        began = time.monotonic()
        self.assertIsNone(waiting.briefly("a", self.fail, self.fail))
        self.assertLess(time.monotonic() - began, 0.5)
        self.assertEqual(waiting.briefly("b", lambda: 7, str), "7")
        self.assertFalse(taken.is_set())
        is_over.set()
        self.assertTrue(taken.wait(5))
        self.assertEqual(waiting.briefly("a", lambda: 7, str), "7")

    def test_where_no_thread_can_start_the_next_call_is_made(self):
        with (
            patch.object(threading.Thread, "start", side_effect=RuntimeError),
            self.assertLogs(waiting.__name__, "WARNING"),
        ):
            self.assertIsNone(waiting.briefly("a", self.fail, self.fail))
        with patch.object(waiting, "HANGS_AFTER", -1):  # as whatever runs does
            self.assertEqual(waiting.briefly("a", lambda: 7, str), "7")

import threading
from unittest.mock import patch

from odoo import api
from odoo.tests import TransactionCase, tagged

from ..server import log_tail, short_transactions
from ..server.short_transactions import ShortTransactions


@tagged("post_install", "-at_install")
class TestShortTransactions(TransactionCase):
    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()  # what is committed ends with the test

    def test_one_inside_another_is_refused(self):
        """With all permits taken, each of them would wait for another one for ever."""

        def nested(env):
            return ShortTransactions(env).run(lambda env: env.uid)

        with self.assertRaisesRegex(RuntimeError, "never end"):
            ShortTransactions(self.env).run(nested)

    def test_a_refused_one_leaves_room_for_the_next(self):
        short = ShortTransactions(self.env)

        def failing(env):
            raise ZeroDivisionError

        for _time in range(20):
            with self.assertRaises(ZeroDivisionError):
                short.run(failing)
        self.assertEqual(short.run(lambda env: env.uid), self.env.uid)

    def on_a_request(self, work):
        """``work`` on the cursor of a request, and the login that is stored then."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, {"force_company": 99})
            returned = ShortTransactions(env).run_on(env, work)
        self.env.invalidate_all()
        return returned, self.env.user.login

    def test_on_the_cursor_of_a_request(self):
        def work(env):
            self.assertTrue(env.su)
            self.assertNotIn("force_company", env.context)
            env.user.login = "on-its-cursor"
            return env.uid

        done = self.on_a_request(work)
        self.assertEqual(done, (self.env.uid, "on-its-cursor"))

    def test_on_the_cursor_of_a_request_nothing_is_waited_for(self):
        """A conflict, or many others just now: nothing is done, nothing held."""
        before = self.env.user.login

        def conflicting(env):
            env.user.login = "half"
            env.flush_all()
            raise short_transactions.Conflict

        for work, permits in ((conflicting, 16), (lambda env: env.uid, 0)):
            with (
                self.subTest(permits=permits),
                patch.object(
                    short_transactions, "_first_steps", threading.Semaphore(permits)
                ),
            ):
                self.assertEqual(self.on_a_request(work), (None, before))
        short = ShortTransactions(self.env)
        self.assertEqual(short.run(lambda env: env.uid), self.env.uid)

    def test_the_cursor_of_a_request_needs_no_permit_for_another(self):
        """Else a queue for the permits would make every request open two cursors, and
        so never end."""
        with patch.object(short_transactions, "_permits", threading.Semaphore(0)):
            done = self.on_a_request(lambda env: env.uid)
        self.assertEqual(done[0], self.env.uid)

    def test_follow_ups_are_logged_with_their_database(self):
        is_over, seen = threading.Event(), []

        def work(dbname, _items):
            seen.append((dbname, log_tail.current_database()))
            is_over.set()

        with patch.object(short_transactions, "_run_together", work):
            short_transactions._Backlog("shop").add(())
            self.assertTrue(is_over.wait(5))
        self.assertEqual(seen, [("shop", "shop")])

    def test_follow_ups_for_which_no_thread_can_start_come_with_the_next(self):
        is_over, seen = threading.Event(), []

        def work(_dbname, items):
            seen.extend(items)
            is_over.set()

        backlog = short_transactions._Backlog("shop")
        with (
            patch.object(threading.Thread, "start", side_effect=RuntimeError),
            self.assertLogs(short_transactions.__name__, "WARNING"),
        ):
            backlog.add("first")
        with patch.object(short_transactions, "_run_together", work):
            backlog.add("second")
            self.assertTrue(is_over.wait(5))
        self.assertEqual(seen, ["first", "second"])

import threading
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..server import log_tail, short_transactions
from ..server.short_transactions import ShortTransactions


@tagged("post_install", "-at_install")
class TestShortTransactions(TransactionCase):
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

    def test_follow_ups_are_logged_with_their_database(self):
        is_over, seen = threading.Event(), []

        def work(dbname, _items):
            seen.append((dbname, log_tail.current_database()))
            is_over.set()

        with patch.object(short_transactions, "_run_together", work):
            short_transactions._Backlog("shop").add(())
            self.assertTrue(is_over.wait(5))
        self.assertEqual(seen, [("shop", "shop")])

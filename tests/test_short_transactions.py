from odoo.tests import TransactionCase, tagged

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

import re
from types import SimpleNamespace
from unittest.mock import patch

from odoo import api
from odoo.sql_db import Cursor

from ..controllers import main
from .common import SciCommon

#: Tests have savepoints where a server has transactions.
_SAVEPOINT = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)")


class TestQueries(SciCommon):
    """How often a start and a poll ask the database, the user's access included. Who
    needs more, looks at ``ledger/fetching.py`` first."""

    def setUp(self):
        super().setUp()
        self.pair()
        self.register.sci_terminal_id = self.terminal
        self.tax = self.env["account.tax"].create(
            {"name": "GST", "amount": 10, "price_include_override": "tax_included"}
        )

    def asked(self, work, *args):
        """What ``work`` returns, and the statements that it executes."""
        seen, execute = [], Cursor.execute

        def noted(cursor, query, *args, **kwargs):
            seen.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", noted):
            found = work(*args)
        return found, [query for query in seen if not _SAVEPOINT.match(query)]

    def start_of(self, uuid, lines=1):
        """The start of a card payment for an order of goods with tax."""
        goods = [(f"{uuid}-{number}", 12.5) for number in range(lines)]
        payload = self.payload(uuid, goods, [(f"card-{uuid}", 12.5)])
        for _command, _id, line in payload["lines"]:
            line["tax_ids"] = [(6, 0, self.tax.ids)]
        self.sync(payload)
        values = self.values(f"card-{uuid}", order_uuid=uuid)
        view, statements = self.asked(self.call, "start", values)
        self.assertEqual(view["status"], "PENDING")
        return view, statements

    def call(self, route, *args):
        """What a cashier's request makes of a route, its session aside."""
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.cashier.id, {})
                with patch.object(main, "request", SimpleNamespace(env=env)):
                    return getattr(main.SciController(), route)(*args)
        finally:
            self.env.invalidate_all()

    def finish(self, view):
        self.present()
        self.follow(view)

    def assert_few(self, statements, most):
        self.assertLessEqual(len(statements), most, "\n".join(statements))

    def test_start(self):
        self.finish(self.start_of("fills-caches")[0])
        for uuid, lines in (("short", 1), ("long", 30)):
            with self.subTest(lines=lines):
                view, statements = self.start_of(uuid, lines)
                self.assert_few(statements, 16)
                self.finish(view)

    def test_poll_without_news(self):
        view, _statements = self.start_of("order")
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        view = self.poll(view)
        args = "poll", view["id"], view["version"], False
        for most in (99, 5):  # the first fills caches
            _view, statements = self.asked(self.call, *args)
            self.assert_few(statements, most)

import re
from unittest.mock import patch

from odoo.sql_db import Cursor

from .common import SciCommon

#: Tests have savepoints where a server has transactions.
_SAVEPOINT = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)")


class TestQueries(SciCommon):
    """A cashier waits for the start of a payment, so it may ask the database this often
    and not more. Who needs more, looks at ``ledger/fetching.py`` first."""

    def setUp(self):
        super().setUp()
        self.pair()
        self.register.sci_terminal_id = self.terminal
        self.tax = self.env["account.tax"].create(
            {"name": "GST", "amount": 10, "price_include_override": "tax_included"}
        )

    def queries(self, payment, order):
        """What the start of this payment asks, cashier's access included."""
        values = self.values(payment, order_uuid=order)
        asked, execute = [], Cursor.execute

        def noted(cursor, query, *args, **kwargs):
            asked.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", noted):
            view = self.send(values)
        self.assertEqual(view["status"], "PENDING")
        self.present()
        self.follow(view)
        return [query for query in asked if not _SAVEPOINT.match(query)]

    def taxed_order(self, uuid, lines=1):
        """A draft of goods with tax, of which a card is about to pay 12.50."""
        goods = [(f"line-{number}-of-{uuid}", 12.5) for number in range(lines)]
        payload = self.payload(uuid, goods, [(f"card-of-{uuid}", 12.5)])
        for _command, _id, line in payload["lines"]:
            line["tax_ids"] = [(6, 0, self.tax.ids)]
        return self.sync(payload)

    def test_start(self):
        self.taxed_order("warm-up")
        self.queries("card-of-warm-up", "warm-up")
        for uuid, lines in (("short", 1), ("long", 30)):
            self.taxed_order(uuid, lines)
            asked = self.queries(f"card-of-{uuid}", uuid)
            with self.subTest(lines=lines):
                self.assertLessEqual(len(asked), 20, "\n".join(asked))

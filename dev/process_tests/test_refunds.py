"""What was paid once is refunded once, however many registers try."""

from contextlib import closing

import psycopg2
from testbed.concurrency import meanwhile, until


def refunds_of(shop, sale):
    """A refund of the whole sale on each of two terminals."""
    other = shop.manager.call("pos.sci.terminal", "create", {"name": "Bistro"})
    shop.pair(other, "bistro")
    return [
        shop.payment(
            kind="refund",
            amounts={"refund_amount": 1250},
            original_payment_uuid=sale["payment_uuid"],
            terminal_id=terminal,
        )
        for terminal in (shop.terminal, other)
    ]


def test_two_refunds_at_once_on_two_terminals(shop, first, second):
    sale, _view = shop.sold("approve")
    wanted = refunds_of(shop, sale)
    database = shop.database

    with closing(psycopg2.connect(**database.place, dbname=database.name)) as lock:
        lock.cursor().execute(
            "SELECT id FROM pos_sci_transaction WHERE payment_uuid = %s FOR UPDATE",
            [sale["payment_uuid"]],
        )
        started = [
            meanwhile(shop.start, values, at=server)
            for values, server in zip(wanted, (first, second), strict=True)
        ]
        until(
            lambda: database.query(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database() HAVING count(*) >= 2"
            ),
            "both refunds to wait for the sale",
        )
        lock.rollback()
    views = [future.result() for future in started]

    assert sorted(view["status"] for view in views) == ["PENDING", "not_sent"]
    (refused,) = [view for view in views if view["status"] == "not_sent"]
    assert refused["error"]["code"] == "refund_limit"

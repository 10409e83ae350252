"""A settlement is committed before it leaves, is sent once, and blocks nothing."""

from testbed.concurrency import meanwhile, until
from testbed.shop import EFTPOS

SETTLE = "POST /v1/settlements"


def settlements(shop):
    """The rows of the shop's terminal, oldest first."""
    return shop.database.query(
        "SELECT * FROM pos_sci_settlement WHERE terminal_id = %s ORDER BY id",
        shop.terminal,
    )


def settle(shop, at):
    return shop.manager.call(EFTPOS, "action_settle", [shop.terminal], at=at)


def test_a_settlement_whose_server_died_is_not_sent_again(shop, first, second):
    shop.sandbox.fault("hang", SETTLE, seconds=20)
    meanwhile(settle, shop, first)
    shop.sandbox.wait_for_faults()
    (row,) = settlements(shop)
    assert row["status"] == "sending"
    first.kill()
    shop.database.query(
        "UPDATE pos_sci_settlement SET sent_at = sent_at - interval '31 s'"
    )

    shop.sweep()

    (row,) = settlements(shop)
    assert row["status"] == "unknown"
    assert len(shop.sandbox.calls(SETTLE)) == 1


def test_a_settlement_that_waits_holds_no_connection(shop, first):
    shop.sandbox.fault("delay", SETTLE, seconds=1.5)

    settled = meanwhile(settle, shop, first)
    shop.sandbox.wait_for_faults()

    until(
        lambda: (
            not shop.database.query(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND state <> 'idle' AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
        ),
        "a database that has nothing to do",
    )
    assert not settled.done()
    settled.result()
    (row,) = settlements(shop)
    assert row["financial_status"] == "APPROVED"

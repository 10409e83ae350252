"""Waiting for mx51 holds neither a database connection nor a row lock."""

import pytest
from testbed.concurrency import meanwhile, until
from testbed.sandbox import CANCEL, CREATE, HOLD, PAIRING_INFO, POLL
from testbed.shop import LEDGER

#: Where the button "Cancel" of the sandbox's forms leads.
SUBMIT = r"POST /v1/transactions/[^/]+/actions/.+"


def connections_in_use(shop):
    """Connections of Odoo inside a database transaction at this moment."""
    return shop.database.query(
        "SELECT query FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
        shop.database.name,
    )


def assert_uses_no_connection(shop, *waiting):
    """While all of these wait, there is a moment without a busy connection."""
    until(lambda: not connections_in_use(shop), "a database that has nothing to do")
    assert not any(future.done() for future in waiting)


def assert_locks_no_row(shop, payment_uuid):
    """Raises LockNotAvailable if the row or its terminal is locked."""
    for table in ("pos_sci_transaction t", "pos_sci_terminal t", "pos_config t"):
        shop.database.query(f"SELECT id FROM {table} FOR UPDATE NOWAIT")
    assert shop.database.rows(payment_uuid)


def followed(shop, view, poll, times=1):
    """Polls of a row, begun in the background, once one has reached the row and is
    about to wait for mx51."""
    since = shop.database.unfollowed(view["payment_uuid"])
    polls = [meanwhile(poll, view) for _time in range(times)]
    until(
        lambda: shop.database.row(view["payment_uuid"])["followed_at"] > since,
        "the poll",
    )
    return polls


def test_held_polls_hold_no_connection_and_no_lock(shop):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    view = shop.poll(view)

    polls = followed(shop, view, shop.poll, times=5)

    assert_uses_no_connection(shop, *polls)
    assert_locks_no_row(shop, values["payment_uuid"])
    assert not any(poll.done() for poll in polls)
    for poll in polls:
        answer = poll.result()
        assert (answer["held"], answer["version"]) == (True, view["version"])


def test_a_held_poll_is_answered_as_soon_as_there_is_news(shop):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    view = shop.poll(view)

    (poll,) = followed(shop, view, shop.poll)
    shop.sandbox.card("approve")

    news = poll.result(timeout=HOLD / 2)
    assert news["held"] and news["version"] > view["version"]
    assert shop.finish(news)["paid"]


@pytest.mark.parametrize("call", [PAIRING_INFO, CREATE], ids=["draft", "sending"])
def test_a_start_that_waits_holds_no_connection_and_no_lock(shop, call):
    shop.sandbox.fault("delay", call, seconds=1.5)
    values = shop.payment()

    started = meanwhile(shop.start_waiting, values)
    shop.sandbox.wait_for_faults()

    assert_uses_no_connection(shop, started)
    assert_locks_no_row(shop, values["payment_uuid"])
    assert not started.done()
    assert started.result()["status"] == "PENDING"


@pytest.mark.parametrize("call", [PAIRING_INFO, CREATE], ids=["draft", "sending"])
def test_sci_start_keeps_no_transaction_and_no_lock_while_it_waits(shop, call):
    shop.sandbox.fault("delay", call, seconds=1.5)
    values = shop.payment()

    started = meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()

    assert_uses_no_connection(shop, started)
    assert_locks_no_row(shop, values["payment_uuid"])
    assert not started.done()
    assert started.result()["status"] == "PENDING"


@pytest.mark.parametrize(
    "call, method, arguments",
    [
        (CANCEL, "sci_cancel", []),
        (SUBMIT, "sci_submit", ["cancel_transaction"]),
        (POLL, "sci_poll", []),
        (POLL, "sci_override", [True, "The slip says so"]),
    ],
    ids=["cancel", "submit", "poll", "override"],
)
def test_other_calls_keep_no_transaction_and_no_lock(shop, call, method, arguments):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    view = shop.poll(view)
    if method in ("sci_submit", "sci_poll"):
        arguments = [view["version"], *arguments]
    shop.database.age(view["id"], 60, "silent_since")
    shop.sandbox.fault("delay", call, seconds=1.5)

    called = meanwhile(shop.cashier.call, LEDGER, method, [view["id"]], *arguments)
    shop.sandbox.wait_for_faults()

    assert_uses_no_connection(shop, called)
    assert_locks_no_row(shop, values["payment_uuid"])
    assert not called.done()
    assert called.result()["id"] == view["id"]


def test_many_tabs_get_the_same_end(shop, first, second):
    values = shop.payment()
    view = shop.start(values)

    tabs = [meanwhile(shop.finish, view, at=server) for server in (first, second) * 3]
    shop.sandbox.card("approve")

    assert all(tab.result()["paid"] for tab in tabs)
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1

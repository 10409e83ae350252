"""A payment goes on without the tab that started it: in other tabs, in other processes,
in the scheduled action."""

import pytest
from testbed.concurrency import meanwhile
from testbed.sandbox import CREATE, PAIRING_INFO, POLL

DAY = 24 * 3600


@pytest.mark.parametrize("outcome", ["approve", "decline"])
def test_the_scheduled_action_finishes_a_payment_nobody_follows(shop, second, outcome):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.card(outcome)
    shop.database.age(view["id"], 31)

    shop.sweep()

    row = shop.database.waits_for(values["payment_uuid"], "FINALISED")
    assert row["financial_status"] == {"approve": "APPROVED"}.get(outcome, "DECLINED")
    assert len(shop.sandbox.creates()) == 1


@pytest.mark.parametrize(
    "call, seconds, status",
    [(PAIRING_INFO, 16, "not_sent"), (CREATE, 31, "unknown")],
    ids=["draft", "sending"],
)
def test_the_scheduled_action_ends_interrupted_requests(
    shop, first, second, call, seconds, status
):
    shop.sandbox.fault("hang", call, seconds=20)
    values = shop.payment()
    meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    first.kill()
    row = shop.database.row(values["payment_uuid"])
    shop.database.age(row["id"], max(seconds, 31))

    shop.sweep()

    assert shop.database.row(values["payment_uuid"])["status"] == status
    assert len(shop.sandbox.creates()) == int(status == "unknown")


def test_the_scheduled_action_gives_up_after_a_day(shop, second):
    """The terminal is free for others, and a manager gets a review item."""
    values = shop.payment()
    view = shop.start(values)
    shop.database.age(view["id"], DAY + 60)

    shop.sweep()

    assert shop.database.row(values["payment_uuid"])["given_up"]
    assert shop.database.reviews(view["id"]) == ["day_without_answer"]
    other = shop.start(shop.payment(register=shop.bistro))
    # mx51 still has the old one; our ledger itself refuses nothing.
    assert other["error"]["code"] == "transaction_refused"


def test_a_payment_that_was_given_up_is_not_charged_again(shop, second):
    """For a day mx51 could not be polled; meanwhile the bank has approved it."""
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.fault("drop_before", POLL, times=0)
    shop.sandbox.card("approve")
    shop.database.age(view["id"], DAY + 60)
    shop.sweep()
    assert shop.database.row(values["payment_uuid"])["given_up"]
    shop.sandbox.clear_faults()

    retried = shop.start({**values, "attempt": 2})

    assert retried["id"] == view["id"]
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1


def test_the_bus_carries_the_new_version_and_nothing_else(shop, first, second):
    values = shop.payment()

    with shop.bus_listener(second) as bus:
        view = shop.start(values, at=first)
        shop.sandbox.card("approve")
        view = shop.finish(view, at=first)
        last = bus.wait_for(
            "MX51_SCI_TRANSACTION", lambda it: it["version"] == view["version"]
        )

    assert last == {"id": view["id"], "version": view["version"]}


def test_a_register_that_is_opened_again_finds_its_payment(shop, second):
    values = shop.payment()
    view = shop.start(values)

    (resumed,) = shop.resume(at=second)

    assert resumed["id"] == view["id"]
    assert shop.resume(shop.bistro, at=second) == []
    shop.sandbox.card("approve")
    assert shop.finish(resumed, at=second)["paid"]
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1


def test_silence_counts_only_while_the_row_is_polled(shop):
    view = shop.start(shop.payment())
    shop.sandbox.shows("present_card")
    shop.database.age(view["id"], 600)
    shop.sandbox.fault("drop_before", POLL, times=0)

    asked_again = shop.poll(view)
    assert not asked_again["override_open"]
    assert asked_again["silent_for"] < 30

    shop.database.age(view["id"], 60, "silent_since")
    assert shop.poll(view)["override_open"]

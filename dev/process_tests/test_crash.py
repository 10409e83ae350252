"""After ``kill -9`` at any point another process goes on from the row, and no request
reaches mx51 twice."""

import pytest
from testbed.concurrency import meanwhile
from testbed.sandbox import CREATE, PAIRING_INFO

UNKNOWN_AFTER = 31
DEAD_DRAFT_AFTER = 16


def killed_as_draft(shop, first):
    """A payment whose process was killed during its pairing check."""
    shop.sandbox.fault("hang", PAIRING_INFO, seconds=20)
    values = shop.payment()
    meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    row = shop.database.row(values["payment_uuid"])
    assert row["status"] == "draft"
    first.kill()
    return values, row


def test_killed_before_the_create_nothing_is_charged(shop, first, second):
    values, row = killed_as_draft(shop, first)

    early = shop.start(values, at=second)
    shop.database.age(row["id"], DEAD_DRAFT_AFTER)
    late = shop.start(values, at=second)

    assert early["status"] == "draft"
    assert late["status"] == "not_sent"
    assert "Nothing was charged." in late["error"]["message"]
    assert shop.sandbox.creates() == []

    retried = shop.start({**values, "attempt": 2}, at=second)
    assert retried["status"] == "PENDING"
    assert len(shop.sandbox.creates()) == len(shop.sandbox.transactions()) == 1


def test_a_dead_draft_frees_its_terminal_for_others(shop, first, second):
    values, row = killed_as_draft(shop, first)
    other = shop.payment(register=shop.bistro, at=second)

    assert shop.start(other, at=second)["error"]["code"] == "terminal_busy"
    shop.database.age(row["id"], DEAD_DRAFT_AFTER)
    view = shop.start({**other, "attempt": 2}, at=second)

    assert view["status"] == "PENDING"
    assert shop.database.row(values["payment_uuid"])["status"] == "not_sent"
    assert len(shop.sandbox.creates()) == 1


def test_an_interrupted_start_that_goes_on_sends_nothing(shop, second):
    """Its pairing check is answered after another process has ended the row."""
    shop.sandbox.fault("delay", PAIRING_INFO, seconds=1)
    values = shop.payment()
    slow = meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    row = shop.database.row(values["payment_uuid"])

    shop.database.age(row["id"], DEAD_DRAFT_AFTER)
    shop.resume(at=second)
    assert shop.database.row(values["payment_uuid"])["status"] == "not_sent"

    assert slow.result()["status"] == "not_sent"
    assert shop.sandbox.creates() == []


def test_killed_at_the_moment_of_sending_it_stays_unknown(shop, first, second):
    """``sending`` is committed and the request has not left, which nobody can know."""
    first.order("hold-create")
    values = shop.payment()
    meanwhile(shop.start, values)
    row = shop.database.waits_for(values["payment_uuid"], "sending")
    first.kill()

    assert shop.start(values, at=second)["status"] == "sending"
    shop.database.age(row["id"], UNKNOWN_AFTER)

    shop.assert_never_sent_again(values, at=second)
    assert shop.sandbox.creates() == []


@pytest.mark.parametrize("acted", [False, True], ids=["lost", "taken"])
def test_killed_after_the_create_left_it_is_never_sent_again(
    shop, first, second, acted
):
    shop.sandbox.fault("hang", CREATE, seconds=20, act=acted)
    values = shop.payment()
    meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    row = shop.database.row(values["payment_uuid"])
    assert row["status"] == "sending"
    first.kill()

    assert shop.start(values, at=second)["status"] == "sending"
    shop.database.age(row["id"], UNKNOWN_AFTER)

    shop.assert_never_sent_again(values, at=second)
    assert len(shop.sandbox.creates()) == 1
    assert len(shop.sandbox.transactions()) == int(acted)


def test_an_answer_that_comes_after_the_row_was_given_up_is_not_lost(shop, second):
    """The create is answered after another process has made the row unknown."""
    shop.sandbox.fault("delay_after", CREATE, seconds=1)
    values = shop.payment()
    slow = meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    row = shop.database.row(values["payment_uuid"])
    shop.database.age(row["id"], UNKNOWN_AFTER)
    assert shop.resume(at=second)[0]["status"] == "unknown"

    view = slow.result()
    shop.sandbox.card("approve")

    assert shop.finish(view)["paid"]
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1


def test_a_restarted_odoo_goes_on_with_the_payment(shop, first):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    held = meanwhile(shop.poll, shop.poll(view))
    first.kill()
    held.exception()
    shop.sandbox.card("approve")

    first.start()
    (resumed,) = shop.resume(at=first)
    assert resumed["payment_uuid"] == values["payment_uuid"]

    assert shop.finish(resumed, at=first)["paid"]
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1

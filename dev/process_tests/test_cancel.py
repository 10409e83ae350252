"""A cancel request is kept, and sent once when there is something to cancel; a late
approval wins over it."""

from functools import partial

import pytest
from testbed.concurrency import meanwhile, together
from testbed.sandbox import CANCEL, CREATE, PAIRING_INFO


def presented(shop, **settings):
    """A payment whose terminal asks for the card."""
    if settings:
        shop.sandbox.set(**settings)
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    return values, view


def test_a_cancelled_payment_is_not_charged(shop):
    _values, view = presented(shop)

    asked = shop.cancel(view)

    assert asked["cancel_requested"]
    assert shop.finish(view)["financial_status"] == "CANCELLED"
    assert len(shop.sandbox.cancels()) == 1
    assert shop.sandbox.charges() == []


def test_cancel_is_sent_once_however_often_it_is_pressed(shop, first, second):
    _values, view = presented(shop)
    first.order("retry-sci_cancel")

    together(*[partial(shop.cancel, view, at=at) for at in (first, second)] * 2)
    shop.cancel(view)
    shop.finish(view)

    assert first.fault_is_over("retry-sci_cancel")
    assert len(shop.sandbox.cancels()) == 1


def test_cancel_while_the_terminal_is_checked_sends_nothing(shop, second):
    shop.sandbox.fault("delay", PAIRING_INFO, seconds=1)
    values = shop.payment()
    started = meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    row = shop.database.row(values["payment_uuid"])

    view = shop.cancel(row, at=second)

    assert view["status"] == "not_sent"
    assert view["error"]["message"] == "Cancelled. Nothing was charged."
    assert started.result()["status"] == "not_sent"
    assert shop.sandbox.creates() == []


def test_cancel_while_sending_is_kept_and_sent_when_the_id_is_known(shop, second):
    shop.sandbox.fault("delay_after", CREATE, seconds=1)
    values = shop.payment()
    started = meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    row = shop.database.row(values["payment_uuid"])
    assert row["status"] == "sending"

    view = shop.cancel(row, at=second)

    assert (view["status"], view["cancel_requested"]) == ("sending", True)
    assert shop.sandbox.cancels() == []
    view = shop.finish(started.result())
    assert view["financial_status"] == "CANCELLED"
    assert len(shop.sandbox.cancels()) == 1
    assert shop.sandbox.charges() == []


def test_a_late_approval_wins_over_a_cancel(shop):
    _values, view = presented(shop, processing_delay=0.5)
    shop.sandbox.touch("card", outcome="approve")

    asked = shop.cancel(view)
    view = shop.finish(view)

    assert asked["cancel_requested"] and asked["unresolved"]
    assert (view["financial_status"], view["paid"]) == ("APPROVED", True)
    assert len(shop.sandbox.cancels()) == len(shop.sandbox.charges()) == 1


@pytest.mark.parametrize("action", ["drop_before", "drop_after", "garbage", "status"])
def test_a_cancel_without_answer_is_sent_again_by_a_person_alone(shop, action):
    values, view = presented(shop)
    shop.sandbox.fault(action, CANCEL)

    assert shop.cancel(view)["cancel_state"] == "no_answer"
    row = shop.database.row(values["payment_uuid"])
    assert row["status"] == "PENDING"
    if action == "drop_before" or action == "status":
        view = shop.poll(shop.poll(view))
        assert view["status"] == "PENDING"
    assert len(shop.sandbox.cancels()) == 1

    shop.cancel(view)
    assert len(shop.sandbox.cancels()) == 2
    assert shop.finish(view)["financial_status"] == "CANCELLED"


def test_the_question_opens_some_time_after_a_cancel(shop):
    """After 20 s without a final answer, whatever other answers there were."""
    _values, view = presented(shop)
    shop.sandbox.fault("drop_before", CANCEL)
    view = shop.cancel(view)
    assert not view["override_open"]
    assert 15 < view["override_in"] <= 20

    shop.database.age(view["id"], 20, "cancel_requested_at")

    assert shop.poll(view)["override_open"]

"""One attempt reaches mx51 once, however often and wherever it is started."""

from functools import partial

import pytest
from testbed.concurrency import meanwhile, together
from testbed.sandbox import PAIRING_INFO


def without_zeros(amounts):
    """Without what a terminal was kept from asking."""
    return {name: minor for name, minor in amounts.items() if minor}


def assert_sent_once(shop, values):
    """The sandbox has one create and one transaction, the ledger one row."""
    assert len(shop.sandbox.creates()) == 1
    (transaction,) = shop.sandbox.transactions()
    assert without_zeros(transaction["amounts"]) == values["amounts"]
    row = shop.database.row(values["payment_uuid"])
    assert row["sci_id"] == transaction["id"]
    return row


def test_a_purchase_is_approved_and_charged_once(shop):
    values, view = shop.sold("approve")

    assert view["paid"]
    row = assert_sent_once(shop, values)
    assert (row["status"], row["financial_status"]) == ("FINALISED", "APPROVED")
    (charge,) = shop.sandbox.charges()
    assert without_zeros(charge["amounts"]) == {"purchase_amount": 1250}


def test_pairing_info_is_asked_before_the_purchase_leaves(shop):
    before = len(shop.sandbox.get("exchanges"))
    shop.start(shop.payment())

    calls = shop.sandbox.get("exchanges")[before:]
    assert [(call["method"], call["path"]) for call in calls] == [
        ("GET", "/v1/pairing-info"),
        ("POST", "/v1/transactions"),
    ]
    assert {call["signature"] for call in calls} == {"valid"}


def test_a_second_rpc_finds_the_row_of_the_first(shop, second):
    values = shop.payment()

    views = [
        shop.start(values),
        shop.start(values),
        shop.start_waiting(values),
        shop.start(values, at=second),
    ]

    assert len({view["id"] for view in views}) == 1
    assert not any(view["error"] for view in views)
    assert assert_sent_once(shop, values)["status"] == "PENDING"


def test_an_rpc_that_odoo_runs_again_sends_once(shop, first):
    values = shop.payment()
    first.order("retry-sci_start")

    view = shop.start(values)

    assert first.fault_is_over("retry-sci_start")
    assert "SERIALIZATION_FAILURE, 4 tries left" in first.log()
    assert view["status"] == "PENDING"
    assert_sent_once(shop, values)


def test_a_double_click_sends_once(shop):
    values = shop.payment()

    one, other = together(*[partial(shop.start, values)] * 2)

    assert one["id"] == other["id"]
    assert_sent_once(shop, values)


def test_a_double_click_on_a_slow_connection_sends_once(shop, second):
    """The second click comes during the pairing check of the first."""
    shop.sandbox.fault("delay", PAIRING_INFO, seconds=0.5)
    values = shop.payment()

    one = meanwhile(shop.start, values)
    shop.sandbox.wait_for_faults()
    other = shop.start(values, at=second)

    assert other["status"] == "draft"
    assert one.result()["id"] == other["id"]
    assert_sent_once(shop, values)


def test_six_starts_at_once_over_two_processes_send_once(shop, first, second):
    values = shop.payment()

    views = together(
        *[partial(shop.start, values, at=server) for server in (first, second)] * 2,
        *[partial(shop.start_waiting, values, at=at) for at in (first, second)],
    )

    assert len({view["id"] for view in views}) == 1
    assert_sent_once(shop, values)


@pytest.mark.parametrize("outcome", ["decline", "approve"])
def test_a_late_duplicate_sends_nothing(shop, second, outcome):
    values, ended = shop.sold(outcome)

    for late in (shop.start(values), shop.start_waiting(values, at=second)):
        assert late["id"] == ended["id"]
        assert late["financial_status"] == ended["financial_status"]

    assert_sent_once(shop, values)


def test_the_same_attempt_with_another_amount_sends_nothing(shop):
    values = shop.payment()
    sent = shop.start(values)

    view = shop.start({**values, "amounts": {"purchase_amount": 9900}})

    assert view["error"]["code"] == "different_request"
    assert (view["id"], view["amounts"]) == (sent["id"], {"purchase_amount": 1250})
    assert_sent_once(shop, values)


@pytest.mark.parametrize(
    "other",
    [{"order_uuid": "another-order"}, {"amounts": {"purchase_amount": 1}}],
    ids=["order", "amount"],
)
def test_an_old_attempt_that_asks_for_something_else_sends_nothing(shop, other):
    values, ended = shop.sold("decline")

    view = shop.start({**values, **other})

    assert view["error"]["code"] == "different_request"
    assert view["id"] == ended["id"]
    assert_sent_once(shop, values)


def test_retry_after_a_decline_sends_once_more(shop, first, second):
    values, _declined = shop.sold("decline")
    again = {**values, "attempt": 2}

    views = together(
        *[partial(shop.start, again, at=server) for server in (first, second)] * 2
    )
    late = shop.start(values)
    shop.sandbox.card("approve")
    view = shop.finish(views[0])

    assert len({view["id"] for view in views}) == 1
    assert (late["attempt"], late["financial_status"]) == (1, "DECLINED")
    assert (view["attempt"], view["paid"]) == (2, True)
    assert len(shop.sandbox.creates()) == len(shop.sandbox.transactions()) == 2
    assert len(shop.sandbox.charges()) == 1


@pytest.mark.parametrize("end", ["in progress", "paid"])
def test_retry_of_a_payment_that_runs_or_is_paid_sends_nothing(shop, end):
    values = shop.payment()
    view = shop.start(values)
    if end == "paid":
        shop.sandbox.card("approve")
        shop.finish(view)

    retried = shop.start({**values, "attempt": 2})

    assert (retried["id"], retried["attempt"]) == (view["id"], 1)
    assert_sent_once(shop, values)


def test_a_busy_terminal_takes_no_payment_of_another_register(shop, second):
    values = shop.payment()
    view = shop.start(values)

    refused = shop.start(shop.payment(register=shop.bistro), at=second)

    assert (refused["status"], refused["error"]["code"]) == (
        "not_sent",
        "terminal_busy",
    )
    assert "Front Bar" in refused["error"]["message"]
    assert_sent_once(shop, values)
    shop.sandbox.card("approve")
    assert shop.finish(view)["paid"]


def test_two_registers_at_once_take_one_payment(shop, first, second):
    one, other = shop.payment(), shop.payment(register=shop.bistro)

    views = together(
        partial(shop.start, one, at=first), partial(shop.start, other, at=second)
    )

    assert sorted(view["status"] for view in views) == ["PENDING", "not_sent"]
    (refused,) = (view for view in views if view["status"] == "not_sent")
    assert refused["error"]["code"] == "terminal_busy"
    assert len(shop.sandbox.creates()) == len(shop.sandbox.transactions()) == 1


def test_retry_on_a_terminal_that_was_busy_sends_once(shop):
    shop.start(shop.payment(register=shop.bistro))
    values = shop.payment()
    assert shop.start(values)["error"]["code"] == "terminal_busy"
    shop.sandbox.card("decline")

    (running,) = shop.resume(shop.bistro)
    shop.finish(running)
    view = shop.start({**values, "attempt": 2})

    assert view["status"] == "PENDING"
    assert len(shop.sandbox.creates()) == 2

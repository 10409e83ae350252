"""What mx51 answers, or fails to answer, and the state that follows: a definite refusal
is ``not_sent``; anything that leaves a doubt is ``unknown``, and never sent again."""

from urllib.parse import urlsplit

import pytest
from testbed.concurrency import meanwhile, until
from testbed.sandbox import CREATE, PAIRING_INFO, POLL
from testbed.tcp_link import TcpLink

NETWORK = "Please check network and terminal connections and try again"


@pytest.mark.parametrize(
    "fault, taken",
    [
        ({"action": "drop_before"}, False),
        ({"action": "drop_after"}, True),
        ({"action": "truncated"}, True),
        ({"action": "garbage"}, True),
        ({"action": "garbage", "body": '{"data": {"version": 3}}'}, True),
        ({"action": "garbage", "body": "{}"}, True),
        ({"action": "status", "status": 500, "act": True}, True),
        ({"action": "status", "status": 503, "body": "<html>busy</html>"}, False),
        ({"action": "status", "status": 404, "body": "<html>?</html>"}, False),
        ({"action": "status", "status": 302, "body": "", "act": True}, True),
        ({"action": "huge"}, True),
    ],
    ids=lambda value: (
        "-".join(str(part) for part in value.values())
        if isinstance(value, dict)
        else "taken"
        if value
        else "lost"
    ),
)
def test_a_create_without_a_usable_answer_is_unknown(shop, fault, taken):
    shop.sandbox.fault(call=CREATE, **fault)
    values = shop.payment()

    view = shop.start(values)

    assert (view["status"], view["unresolved"], view["paid"]) == (
        "unknown",
        True,
        False,
    )
    shop.assert_never_sent_again(values)
    assert len(shop.sandbox.creates()) == 1
    assert len(shop.sandbox.transactions()) == int(taken)


@pytest.mark.parametrize(
    "status, code, message",
    [
        (400, "INVALID_REQUEST", "Invalid request: what"),
        (401, "NO_VALID_SIGNATURES_FOUND", "No valid signatures found"),
        (403, "SOMETHING_NEW", "A reason of the bank"),
        (409, "TRANSACTION_REFUSED", "Terminal is busy"),
        (424, "DEVICE_NOT_CONNECTED", "Device not connected"),
    ],
)
def test_a_refused_create_is_not_sent(shop, status, code, message):
    body = {"error": {"code": code, "message": message}}
    shop.sandbox.fault("status", CREATE, status=status, body=body)
    values = shop.payment()

    view = shop.start(values)

    assert (view["status"], view["unresolved"]) == ("not_sent", False)
    assert view["error"]["code"] == code.lower()
    assert view["error"]["message"]
    assert shop.start(values)["id"] == view["id"]
    assert len(shop.sandbox.creates()) == 1
    assert shop.sandbox.transactions() == []

    assert shop.start({**values, "attempt": 2})["status"] == "PENDING"
    assert len(shop.sandbox.creates()) == 2


def test_a_refused_connection_is_not_sent(shop, first):
    """The link is cut between pairing-info and the create."""
    link = TcpLink(urlsplit(shop.sandbox.url).port)
    shop.sandbox.touch("config", "bistro", base_url=link.url)
    terminal = shop.manager.call("pos.sci.terminal", "create", {"name": "Far away"})
    shop.pair(terminal, "bistro")
    first.order("hold-create")
    values = shop.payment(terminal_id=terminal)
    started = meanwhile(shop.start, values)
    until(lambda: first.happened("held-create"), "the create")

    link.cut()
    first.withdraw("hold-create")
    view = started.result()

    assert (view["status"], view["unresolved"]) == ("not_sent", False)
    assert view["error"]["message"] == NETWORK
    assert shop.sandbox.creates() == []


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "drop_before"},
        {"action": "truncated"},
        {"action": "status", "status": 500},
        {"action": "status", "status": 503, "body": "<html>busy</html>"},
    ],
    ids=lambda fault: str(fault.get("status", fault["action"])),
)
def test_no_answer_to_pairing_info_sends_nothing(shop, fault):
    """Nor to its repetition, if it went over a connection that was used before."""
    shop.sandbox.fault(call=PAIRING_INFO, times=0, **fault)
    values = shop.payment()

    view = shop.start(values)

    assert (view["status"], view["unresolved"]) == ("not_sent", False)
    assert view["error"]["message"]
    assert shop.sandbox.creates() == []
    shop.sandbox.clear_faults()
    assert shop.start({**values, "attempt": 2})["status"] == "PENDING"


def test_a_terminal_that_is_off_takes_nothing(shop):
    shop.sandbox.touch("power", on=False)

    view = shop.start(shop.payment())

    assert (view["status"], view["error"]["code"]) == (
        "not_sent",
        "device_not_connected",
    )
    assert shop.sandbox.transactions() == []


@pytest.mark.parametrize("action", ["garbage", "drop_after", "truncated", "status"])
def test_silence_while_polling_changes_nothing(shop, action):
    view = shop.start(shop.payment())
    shop.sandbox.shows("present_card")
    before = shop.poll(view)
    shop.sandbox.fault(action, POLL, times=2)

    after = shop.poll(before)

    assert (after["status"], after["version"]) == ("PENDING", before["version"])
    shop.sandbox.card("approve")
    assert shop.finish(after)["paid"]


def test_an_older_version_is_not_believed(shop):
    view = shop.start(shop.payment())
    shop.sandbox.shows("present_card")
    newer = shop.poll(view)
    assert newer["version"] > view["version"]
    shop.sandbox.card("approve")
    shop.sandbox.fault("old_version", POLL, back=9)

    after = shop.poll(newer)

    assert (after["status"], after["version"], after["message"]) == (
        "PENDING",
        newer["version"],
        newer["message"],
    )
    assert shop.finish(after)["paid"]


def test_the_final_answer_never_changes(shop):
    values, view = shop.sold("approve")
    row = shop.database.row(values["payment_uuid"])
    shop.sandbox.post(
        f"transactions/{row['sci_id']}/play",
        status="FINALISED",
        result_financial_status="DECLINED",
    )

    for _ in range(2):
        assert shop.poll(view)["financial_status"] == "APPROVED"
    assert shop.database.row(values["payment_uuid"]) == row

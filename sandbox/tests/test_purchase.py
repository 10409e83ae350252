"""A purchase from create to its end, as ``docs/protocol.md`` describes it."""

import resource
import socket
import threading
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from harness import code_of


def test_an_approved_purchase(sandbox, pos):
    first = pos.purchase(1250)
    assert (first["version"], first["status"]) == (1, "PENDING")
    assert first["message"] == "Waiting for terminal to accept transaction"
    assert first["pos_instructions"]["action_form"]["layout"] is None
    details = first["pos_instructions"]["action_form"]["details"]
    assert details["Transaction ID"] == first["id"]
    assert details["Transaction Version"] == "1"

    second = pos.poll(first).json()["data"]
    assert second["message"] == "Waiting for customer to present card"
    sandbox.touch("card", outcome="approve")
    last = pos.follow(second)
    assert last["message"] == "(000) APPROVED"
    assert last["result_financial_status"] == "APPROVED"
    assert last["result_amounts"]["purchase_amount"] == 1250
    assert "APPROVED" in last["merchant_receipt"]
    assert "12.50" in last["customer_receipt"]
    form = last["pos_instructions"]["action_form"]
    assert form["properties"]["transaction_complete"]["action"] == (
        "TRANSACTION_COMPLETE"
    )
    (charge,) = sandbox.get("charges")
    assert charge["amounts"] == {"purchase_amount": 1250}
    assert charge["transaction_id"] == first["id"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("051", "(051) DECLINED - INSUFFICIENT FUNDS"),
        ("055", "(055) DECLINED - INCORRECT PIN"),
    ],
)
def test_a_declined_purchase(sandbox, pos, code, message):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="decline", response_code=code)
    last = pos.follow(transaction)
    assert last["message"] == message
    assert last["result_financial_status"] == "DECLINED"
    properties = last["pos_instructions"]["action_form"]["properties"]
    assert properties["retry_transaction"]["action"] == "RETRY_TRANSACTION"
    assert sandbox.get("charges") == []


def test_the_customer_cancels(sandbox, pos):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("cancel")
    last = pos.follow(transaction)
    assert last["result_financial_status"] == "CANCELLED"
    assert last["message"] == "(TRANSACTION_CANCELLED)\nTransaction user cancelled"


def test_the_customer_walks_away(sandbox, pos):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("walk_away")
    last = pos.follow(transaction)
    assert last["message"] == "(TRANSACTION_CANCELLED) Transaction timed out"


@pytest.mark.parametrize("body", [None, {}])
def test_the_pos_cancels(sandbox, pos, body):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    answer = pos.call("POST", f"/v1/transactions/{transaction['id']}/cancel", body)
    assert answer.json() == {"data": {"version": 3}}
    last = pos.follow(transaction)
    assert last["result_financial_status"] == "CANCELLED"


def test_a_cancel_may_answer_with_the_whole_transaction(sandbox, pos):
    sandbox.set(cancel_response="full")
    transaction = pos.purchase()
    path = f"/v1/transactions/{transaction['id']}/cancel"
    assert pos.call("POST", path).json()["data"]["id"] == transaction["id"]


def test_the_form_has_a_cancel_button(sandbox, pos):
    transaction = pos.poll(pos.purchase()).json()["data"]
    answer = pos.press(transaction, "cancel_transaction", {})
    assert answer.json()["data"]["id"] == transaction["id"]
    assert pos.follow(transaction)["result_financial_status"] == "CANCELLED"


@pytest.mark.parametrize("choice", ["ignore", "error"])
def test_a_cancel_that_comes_too_late(sandbox, pos, choice):
    sandbox.set(cancel_too_late=choice)
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="slow")
    answer = pos.call("POST", f"/v1/transactions/{transaction['id']}/cancel")
    assert answer.status_code == (200 if choice == "ignore" else 409)
    assert pos.follow(transaction)["result_financial_status"] == "APPROVED"


def test_a_poll_is_held_until_the_version_is_there(sandbox, pos):
    transaction = pos.poll(pos.purchase()).json()["data"]
    started = time.monotonic()
    threading.Timer(0.4, sandbox.touch, ["cancel"]).start()
    answer = pos.poll(transaction)
    assert 0.35 < time.monotonic() - started < 1
    assert answer.json()["data"]["version"] == 3


def test_a_poll_ends_when_nothing_happens(sandbox, pos):
    transaction = pos.poll(pos.purchase()).json()["data"]
    answer = pos.poll(transaction)
    assert code_of(answer) == (404, "transaction_not_found_within_timeout")


def test_a_poll_may_end_with_the_same_version(sandbox, pos):
    sandbox.set(quiet_poll="same")
    transaction = pos.poll(pos.purchase()).json()["data"]
    assert pos.poll(transaction).json()["data"]["version"] == 2


def test_fields_without_a_value_may_be_left_out(sandbox, pos):
    sandbox.set(nulls="absent")
    transaction = pos.purchase()
    assert "result_financial_status" not in transaction
    assert transaction["status"] == "PENDING"


def test_a_declined_purchase_may_have_amounts_of_zero(sandbox, pos):
    sandbox.set(declined_amounts="zero", result_amounts="own")
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="decline")
    assert pos.follow(transaction)["result_amounts"] == {"purchase_amount": 0}


def test_a_poll_without_min_version_answers_at_once(pos):
    transaction = pos.purchase()
    answer = pos.call("GET", f"/v1/transactions/{transaction['id']}")
    assert answer.json()["data"]["id"] == transaction["id"]


def test_versions_may_skip(sandbox, pos):
    sandbox.set(version_step=3)
    transaction = pos.purchase()
    assert transaction["version"] == 1
    assert pos.poll(transaction).json()["data"]["version"] == 4


def test_an_unknown_transaction_and_one_of_another_pairing(sandbox, pos):
    unknown = {"id": "00000000-0000-0000-0000-000000000000", "version": 1}
    assert code_of(pos.poll(unknown)) == (404, "transaction_not_found")
    foreign = sandbox.pair("bistro").purchase()
    assert code_of(pos.poll(foreign)) == (404, "transaction_not_found")


def test_a_busy_terminal(sandbox, pos):
    pos.purchase()
    body = {"purchase_details": {"purchase_amount": 100}}
    answer = pos.call("POST", "/v1/transactions", body)
    assert code_of(answer) == (409, "transaction_refused")
    sandbox.set(busy="error_upper")
    answer = pos.call("POST", "/v1/transactions", body)
    assert code_of(answer) == (409, "TRANSACTION_REFUSED")
    sandbox.set(busy="finalised")
    refused = pos.purchase()
    last = pos.follow(refused)
    assert "busy" in last["message"]
    assert last["result_financial_status"] == "CANCELLED"


def test_a_terminal_that_is_off(sandbox, pos):
    sandbox.touch("power", on=False)
    body = {"purchase_details": {"purchase_amount": 100}}
    answer = pos.call("POST", "/v1/transactions", body)
    assert code_of(answer) == (424, "device_not_connected")
    message = answer.json()["error"]["message"]
    assert message == "The payment device is not connected."
    assert pos.call("GET", "/v1/pairing-info").status_code == 200
    assert sandbox.get("transactions") == []


def test_switched_off_while_the_customer_is_asked(sandbox, pos):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("power", on=False)
    assert code_of(pos.poll(transaction, 9)) == (424, "device_not_connected")
    sandbox.set(offline_poll="hold")
    assert code_of(pos.poll(transaction, 9))[0] == 404
    sandbox.touch("power", on=True)
    assert pos.follow(transaction)["result_financial_status"] == "CANCELLED"
    assert sandbox.get("charges") == []


def test_offline_while_the_bank_approves(sandbox, pos):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="slow")
    sandbox.touch("online", on=False)
    sandbox.shows("result")
    assert len(sandbox.get("charges")) == 1
    assert code_of(pos.poll(transaction, 9)) == (424, "device_not_connected")
    sandbox.touch("online", on=True)
    assert pos.follow(transaction)["result_financial_status"] == "APPROVED"


def test_a_create_for_a_terminal_that_is_off_may_wait(sandbox, pos):
    sandbox.set(offline_create="accept", offline_poll="hold")
    sandbox.touch("power", on=False)
    transaction = pos.purchase()
    assert code_of(pos.poll(transaction))[1] == "transaction_not_found_within_timeout"
    sandbox.touch("power", on=True)
    sandbox.shows("present_card")


def test_unpaired_during_a_poll(sandbox, pos):
    transaction = pos.poll(pos.purchase()).json()["data"]
    threading.Timer(0.2, sandbox.touch, ["unpair"]).start()
    assert code_of(pos.poll(transaction)) == (401, "no_active_pairings_found")


@pytest.mark.parametrize("outcome", ["unknown", "unknown_charged"])
def test_an_outcome_that_nobody_knows(sandbox, pos, outcome):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome=outcome)
    last = pos.follow(transaction)
    assert last["result_financial_status"] == "UNKNOWN"
    assert len(sandbox.get("charges")) == (outcome == "unknown_charged")


def test_a_card_that_covers_a_part_only(sandbox, pos):
    transaction = pos.purchase(1250)
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="approve", approved_amount=1000)
    assert pos.follow(transaction)["result_amounts"]["purchase_amount"] == 1000


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"purchase_details": {}},
        {"purchase_details": {"purchase_amount": "1250"}},
        {"purchase_details": {"purchase_amount": 12.5}},
        {"purchase_details": {"purchase_amount": True}},
        {"purchase_details": {"purchase_amount": 0}},
        {"purchase_details": {"purchase_amount": -1}},
        {"purchase_details": {"purchase_amount": 1, "cashout_amount": 1}},
        {"purchase_details": {"purchase_amount": 1}, "refund_details": {}},
        {"refund_details": {"refund_amount": 1, "surcharge_amount": 1}},
        {"purchase_details": {"purchase_amount": 1}, "currency": "AUD"},
        {"purchase_details": {"purchase_amount": 1}, "print_merchant_receipt": 1},
    ],
)
def test_an_invalid_create(sandbox, pos, body):
    answer = pos.call("POST", "/v1/transactions", body)
    assert code_of(answer) == (400, "invalid_request")
    assert sandbox.get("transactions") == []


def test_a_poll_beside_more_connections_than_select_can_watch(sandbox, pos):
    many = 1100
    for process in (0, sandbox.process.pid):
        _soft, hard = resource.prlimit(process, resource.RLIMIT_NOFILE)
        resource.prlimit(process, resource.RLIMIT_NOFILE, (hard, hard))
    transaction = pos.purchase()
    place = urlsplit(sandbox.url)
    with ExitStack() as idle:
        for _connection in range(many):
            connection = socket.create_connection((place.hostname, place.port))
            idle.enter_context(connection)
        pos.session.close()  # its next connection is the newest
        assert pos.poll(transaction, 9).status_code == 404

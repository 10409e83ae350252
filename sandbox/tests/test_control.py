"""The control API: waiting, switches, faults, who may use it."""

import time

import pytest
import requests
from harness import code_of

INFO = ("GET", "/v1/pairing-info")
BUY = ("POST", "/v1/transactions", {"purchase_details": {"purchase_amount": 100}})


def test_two_terminals_are_there_from_the_start(sandbox):
    state = sandbox.get("state")
    shown = {t["id"]: (t["nickname"], t["tid"]) for t in state["terminals"]}
    assert shown == {
        "front-bar": ("Front Bar", "10000001"),
        "bistro": ("Bistro", "10000002"),
    }
    assert (state["transactions"], state["exchanges"]) == ([], 0)


def test_waiting_for_something_that_does_not_happen(sandbox):
    url = f"{sandbox.url}/control/wait?terminal=bistro&screen=result&timeout=0.1"
    assert requests.get(url).status_code == 408


def test_waiting_for_a_transaction_and_for_exchanges(sandbox, pos):
    transaction = pos.purchase()
    found = sandbox.get("wait", transaction=transaction["id"], version=2)
    assert found["status"] == "PENDING"
    assert sandbox.get("wait", exchanges=2)["exchanges"] == 2


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("terminals/front-bar/confirm", {}, 409),
        ("terminals/front-bar/card", {"outcome": "approve"}, 409),
        ("terminals/front-bar/dance", {}, 404),
        ("terminals/nowhere/confirm", {}, 404),
        ("terminals/front-bar/power", {"on": "yes"}, 400),
        ("terminals/front-bar/config", {"tenant": "other"}, 400),
        ("terminals/front-bar/config", {"power": False}, 400),
        ("settings", {"version_step": 0}, 400),
        ("settings", {"busy": "never"}, 400),
        ("settings", {"unknown": 1}, 400),
        ("faults", {"path": "/", "action": "explode"}, 400),
        ("faults", {"path": "(", "action": "hang"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(sandbox, path, data, status):
    answer = requests.post(f"{sandbox.url}/control/{path}", json=data)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_exchanges_hold_no_secrets(sandbox, pos):
    part_b = pos.data["signing_secret_part_b"]
    exchanges = sandbox.get("exchanges")
    assert exchanges[0]["response_body"]["data"]["tid"] == "10000001"
    assert part_b not in str(exchanges)
    assert "ApiKey" not in str(exchanges)
    assert part_b not in str(sandbox.get("state"))


@pytest.mark.parametrize("path", ["/control/state", "/", "/main.js"])
def test_only_this_machine_may_look(sandbox, path):
    def get(**headers):
        return requests.get(sandbox.url + path, headers=headers).status_code

    assert get() == 200
    assert get(Host="terminals.example") == 403
    assert get(Origin="https://terminals.example") == 403
    assert get(Origin="http://127.0.0.1:8069") == 200


@pytest.mark.parametrize("path", ["/../app.py", "/%2e%2e/app.py", "//etc/passwd", "/x"])
def test_the_page_gives_out_its_own_files_only(sandbox, path):
    with requests.Session() as session:
        request = requests.Request("GET", sandbox.url).prepare()
        request.url = sandbox.url + path
        assert session.send(request).status_code == 404


def test_a_connection_that_is_dropped_before(sandbox, pos):
    sandbox.fault("drop_before", "/v1/transactions$", method="POST")
    with pytest.raises(requests.ConnectionError):
        pos.call(*BUY)
    assert sandbox.get("transactions") == []
    assert pos.call(*BUY).status_code == 200


def test_a_connection_that_is_dropped_after(sandbox, pos):
    sandbox.fault("drop_after", "/v1/transactions$", method="POST")
    with pytest.raises(requests.ConnectionError):
        pos.call(*BUY)
    assert len(sandbox.get("transactions")) == 1
    last = sandbox.get("exchanges")[-1]
    assert (last["fault"], last["status"], last["acted"]) == ("drop_after", None, True)


def test_faults_by_number_and_order(sandbox, pos):
    sandbox.fault("status", "pairing-info", status=503, times=2, skip=1)
    answers = [pos.call(*INFO).status_code for _ in range(4)]
    assert answers == [200, 503, 503, 200]


def test_a_fault_for_one_terminal(sandbox, pos):
    other = sandbox.pair("bistro")
    sandbox.fault("status", INFO[1], status=502, terminal="bistro", times=2)
    assert pos.call(*INFO).status_code == 200
    assert other.call(*INFO).status_code == 502
    requests.delete(f"{sandbox.url}/control/faults?terminal=front-bar")
    assert len(sandbox.get("faults")) == 1
    requests.delete(f"{sandbox.url}/control/faults?terminal=bistro")
    assert other.call(*INFO).status_code == 200


def test_a_customer_acts_by_himself_for_his_own_amount(sandbox, pos):
    customer = {"amount": 1250, "after": 0.05, "outcome": "approve"}
    sandbox.touch("customer", **customer)
    other = pos.purchase(999)
    sandbox.shows("present_card")
    sandbox.touch("cancel")
    pos.follow(other)

    assert pos.follow(pos.purchase())["result_financial_status"] == "APPROVED"
    sandbox.touch("customer", **{**customer, "outcome": "cancel"})
    assert pos.follow(pos.purchase())["result_financial_status"] == "CANCELLED"
    assert len(sandbox.get("charges")) == 1


def test_an_answer_of_ones_own(sandbox, pos):
    body = {"error": {"code": "device_not_connected", "message": "Off."}}
    sandbox.fault("status", status=424, body=body, times=0)
    assert code_of(pos.call(*BUY)) == (424, "device_not_connected")
    sandbox.fault("status", status=302, headers={"Location": "/elsewhere"})
    sandbox.clear_faults()
    assert pos.call(*INFO).status_code == 200


def test_an_error_after_acting(sandbox, pos):
    sandbox.fault("status", status=500, act=True)
    assert pos.call(*BUY).status_code == 500
    assert len(sandbox.get("transactions")) == 1


def test_garbage(sandbox, pos):
    sandbox.fault("garbage")
    answer = pos.call(*INFO)
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_half_an_answer(sandbox, pos):
    sandbox.fault("truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        pos.call(*INFO)


def test_a_huge_answer(sandbox, pos):
    sandbox.fault("huge", size=3_000_000)
    assert len(pos.call(*INFO).content) == 3_000_000


@pytest.mark.parametrize("action", ["delay", "delay_after", "slow_drip"])
def test_a_late_answer(sandbox, pos, action):
    sandbox.fault(action, seconds=0.3)
    started = time.monotonic()
    assert pos.call(*INFO).status_code == 200
    assert time.monotonic() - started > 0.25


def test_silence(sandbox, pos):
    sandbox.fault("hang", seconds=30)
    with pytest.raises(requests.Timeout):
        pos.session.send(pos.signed(*INFO), timeout=0.2)


def test_a_version_that_comes_again(sandbox, pos):
    transaction = pos.poll(pos.purchase()).json()["data"]
    sandbox.touch("cancel")
    sandbox.fault("old_version", back=1)
    assert pos.poll(transaction).json()["data"]["version"] == 2
    assert pos.poll(transaction).json()["data"]["version"] == 3

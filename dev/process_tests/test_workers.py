"""Two HTTP workers and one evented process, as in production. Bursts are also tested
with threads, Odoo's default."""

import random
import time
from functools import partial

import pytest
import requests
from testbed.concurrency import PATIENCE, meanwhile, together, until
from testbed.odoo_server import OdooServer
from testbed.rpc_client import Refused
from testbed.sandbox import CANCEL, POLL
from testbed.waiting_payments import WaitingPayments

EVENTED_POLL = "/websocket/mx51_sci/poll"
#: Registers that all poll at the same instant.
BURST = 200
#: Seconds within which each of them has its answer.
BURST_WITHIN = 5
#: Where the button "Cancel" of the sandbox's forms leads.
SUBMIT = r"POST /v1/transactions/[^/]+/(cancel|actions/.*)"
#: What a cashier may press, by the call that it makes.
PRESSES = {
    CANCEL: ("cancel", {}),
    SUBMIT: ("submit", {"button_key": "cancel_transaction", "inputs": {}}),
    POLL: ("override", {"successful": True, "reason": "The slip says so"}),
}


@pytest.fixture(scope="module")
def prefork(database, sandbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefork")
    server = OdooServer("prefork", database.name, sandbox, folder, workers=2)
    yield server.start()
    server.kill()


def running(shop, at):
    """A payment in progress, in its newest version for some time."""
    view = shop.start(shop.payment(), at=at)
    shop.sandbox.shows("present_card")
    return shop.poll(view, at=at)


def evented(shop, view, at):
    params = {"id": view["id"], "version": view["version"]}
    return shop.cashier.json(EVENTED_POLL, params, at=at, evented=True)


def poll_like_a_browser(shop, view, at):
    """One held poll; if Odoo refuses it before serving it, again after 0.2 to 2 s."""
    while True:
        try:
            return evented(shop, view, at)
        except (Refused, requests.exceptions.JSONDecodeError):
            time.sleep(random.uniform(0.2, 2))


def test_in_a_burst_of_polls_each_gets_its_result(shop, prefork):
    """./dev/bench measures how soon."""
    payments = WaitingPayments(shop, BURST)
    payments.approve()

    asked = [
        meanwhile(poll_like_a_browser, shop, view, prefork) for view in payments.views
    ]
    answers = [poll.result() for poll in asked]

    assert all(view["paid"] and view["held"] for view in answers)


@pytest.mark.parametrize("size", [40, BURST])
def test_in_a_burst_on_threads_each_gets_its_result_soon(shop, first, size):
    """All are waiting when the results come, all at one instant."""
    payments = WaitingPayments(shop, size)
    shop.sandbox.set(poll_hold=PATIENCE)

    asked = [meanwhile(paid_at, shop, view, first) for view in payments.views]
    until(payments.all_polled, "all polls")
    approved_at = time.monotonic()
    payments.approve()

    slowest = max(poll.result(timeout=PATIENCE) for poll in asked)
    assert slowest - approved_at < BURST_WITHIN


def paid_at(shop, view, at):
    """When a register has learned that its payment was approved."""
    while not view.get("paid"):
        view = poll_like_a_browser(shop, view, at)
    return time.monotonic()


def test_each_answer_says_the_way_and_the_settings_show_it(shop, prefork):
    def shown():
        (register,) = shop.manager.call(
            "pos.config", "read", [shop.front_bar], ["sci_way"]
        )
        return register["sci_way"]

    view = running(shop, prefork)
    assert (view["way"], shown()) == ("worker", "worker")
    assert evented(shop, {**view, "version": 0}, prefork)["way"] == "evented"
    assert shown() == "evented"
    assert shop.poll({**view, "version": 0})["way"] == "threads"


@pytest.mark.parametrize("silent", PRESSES, ids=lambda call: PRESSES[call][0])
def test_a_press_on_a_silent_mx51_holds_no_worker(shop, prefork, silent):
    view = running(shop, prefork)
    shop.database.age(view["id"], 60, "silent_since")
    name, more = PRESSES[silent]
    more = {**more, "version": view["version"]} if name == "submit" else more
    shop.sandbox.fault("hang", silent, seconds=3)

    path, params = f"/websocket/mx51_sci/{name}", {"id": view["id"], **more}
    pressed = meanwhile(shop.cashier.json, path, params, at=prefork, evented=True)
    shop.sandbox.wait_for_faults()
    served = [shop.resume(at=prefork) for _time in range(4)]

    assert not pressed.done()
    assert len(served) == 4
    assert pressed.result()["id"] == view["id"]


def test_a_proxy_that_always_says_upgrade_is_answered(shop, prefork):
    view = running(shop, prefork)
    params = {"id": view["id"], "version": 0}

    answer = requests.post(
        prefork.evented_url + EVENTED_POLL,
        json={"params": params},
        headers={"Connection": "upgrade"},
        cookies=shop.cashier.cookies,
        timeout=PATIENCE,
    ).json()

    assert answer["result"]["id"] == view["id"]


def test_an_http_worker_does_not_wait(shop, prefork):
    view = running(shop, prefork)

    answers = [shop.poll(view, at=prefork) for _time in range(3)]

    assert [answer["held"] for answer in answers] == [False] * 3
    assert all(answer["wait"] > 0 for answer in answers)
    shop.sandbox.card("approve")
    assert shop.finish(view, at=prefork)["paid"]


def test_the_evented_process_waits_while_the_workers_serve(shop, prefork):
    view = running(shop, prefork)
    since = shop.database.unfollowed(view["payment_uuid"])

    waiting = [meanwhile(evented, shop, view, prefork) for _tab in range(8)]
    until(
        lambda: shop.database.row(view["payment_uuid"])["followed_at"] > since,
        "the polls",
    )
    served = [shop.resume(at=prefork) for _time in range(4)]

    assert not any(poll.done() for poll in waiting)
    assert [[it["id"] for it in views] for views in served] == [[view["id"]]] * 4
    shop.sandbox.touch("card", outcome="approve")
    assert all(poll.result()["version"] > view["version"] for poll in waiting)


def test_six_starts_over_all_processes_send_once(shop, prefork):
    values = shop.payment()
    start = partial(shop.cashier.json, params={"values": values}, at=prefork)

    views = together(
        *[partial(shop.start, values, at=prefork)] * 3,
        partial(start, "/mx51_sci/start"),
        *[partial(start, "/websocket/mx51_sci/start", evented=True)] * 2,
    )

    assert len({view["id"] for view in views}) == 1
    assert len(shop.sandbox.creates()) == len(shop.sandbox.transactions()) == 1


def test_all_processes_killed_and_started_again(shop, prefork):
    view = running(shop, prefork)
    prefork.kill()
    shop.sandbox.card("approve")

    prefork.start()
    (resumed,) = shop.resume(at=prefork)

    assert resumed["id"] == view["id"]
    assert shop.finish(resumed, at=prefork)["paid"]
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1

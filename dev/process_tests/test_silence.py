"""mx51 is silent, and the shop goes on: pages come, and other scheduled actions run."""

import contextlib
import threading
import time

import pytest
import requests
from testbed.concurrency import PATIENCE, meanwhile, until
from testbed.odoo_server import OdooServer
from testbed.sandbox import CANCEL, POLL
from testbed.waiting_payments import WaitingPayments

#: Seconds within which a page comes.
PAGE_WITHIN = 2
#: Seconds that one run of the scheduled action may take.
TURN = 30
CAP = {"ODOO_MAX_HTTP_THREADS": "4"}


@pytest.fixture(
    scope="module",
    params=[(0, CAP), (2, {})],
    ids=["four threads", "two workers without the evented process"],
)
def small(request, database, sandbox, tmp_path_factory):
    workers, variables = request.param
    folder = tmp_path_factory.mktemp("small")
    server = OdooServer(
        "small", database.name, sandbox, folder, workers, variables=variables
    )
    yield server.start()
    server.kill()


@contextlib.contextmanager
def polled(shop, views, at):
    """Registers that follow these payments, each as its browser would."""
    is_over = threading.Event()

    def follow(view):
        while not is_over.is_set():
            with contextlib.suppress(requests.RequestException):
                answer = shop.poll(view, at=at)
                is_over.wait(answer["wait"])

    threads = [threading.Thread(target=follow, args=(view,)) for view in views]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        shop.sandbox.clear_faults()
        for thread in threads:
            thread.join()


def page_takes(server):
    began = time.monotonic()
    requests.get(f"{server.url}/web/login", timeout=PATIENCE).raise_for_status()
    return time.monotonic() - began


def test_five_waiting_payments_hold_up_no_page(shop, small):
    payments = WaitingPayments(shop, 5)
    page_takes(small)
    shop.sandbox.fault("hang", POLL, seconds=25, times=0)

    with polled(shop, payments.views, small):
        until(payments.all_polled, "all polls")
        slowest = max(page_takes(small) for _time in range(8))

    assert slowest < PAGE_WITHIN


def test_cancel_requests_that_are_due_hold_up_no_page(shop, small):
    payments = WaitingPayments(shop, 5)
    page_takes(small)
    shop.database.query(
        "UPDATE pos_sci_transaction SET cancel_requested_at = now() AT TIME ZONE 'UTC'"
        " WHERE id = ANY(%s) RETURNING id",
        [view["id"] for view in payments.views],
    )
    shop.sandbox.fault("hang", CANCEL, seconds=25, times=0)
    shop.sandbox.fault("hang", POLL, seconds=25, times=0)

    with polled(shop, payments.views, small):
        until(lambda: is_sent(shop, payments), "a cancel request that has left")
        slowest = max(page_takes(small) for _time in range(8))

    assert slowest < PAGE_WITHIN


def test_presses_hold_up_no_page(shop, small):
    payments = WaitingPayments(shop, 2)
    page_takes(small)
    shop.sandbox.fault("hang", CANCEL, seconds=25, times=0)

    presses = [meanwhile(shop.cancel, view, small) for view in payments.views]
    until(lambda: is_sent(shop, payments), "a cancel request that has left")
    slowest = max(page_takes(small) for _time in range(8))
    shop.sandbox.clear_faults()

    assert slowest < PAGE_WITHIN
    for press in presses:
        assert press.result()["cancel_requested"]


def is_sent(shop, payments):
    return shop.database.query(
        "SELECT 1 FROM pos_sci_transaction"
        " WHERE id = ANY(%s) AND cancel_sent_at IS NOT NULL",
        [view["id"] for view in payments.views],
    )


def test_the_scheduled_action_stops_at_the_first_silence(shop, second):
    payments = WaitingPayments(shop, 40)
    shop.sandbox.fault("hang", POLL, seconds=25, times=0)
    (before,) = shop.database.query("SELECT count(*) FROM ir_cron_trigger")
    began = time.monotonic()

    shop.sweep()

    took = time.monotonic() - began
    print(f"\nA run with 40 rows and a silent mx51 took {took:.1f} s", end=" ")
    assert took < TURN
    # Rows of earlier tests, of other origins, are polled for a day.
    asked = [
        call
        for call in shop.sandbox.calls(POLL)
        if any(sci_id in call["path"] for sci_id in payments.sci_ids)
    ]
    assert not payments.all_polled() and len(asked) <= 2
    (after,) = shop.database.query("SELECT count(*) FROM ir_cron_trigger")
    assert after["count"] > before["count"]
    shop.sandbox.clear_faults()

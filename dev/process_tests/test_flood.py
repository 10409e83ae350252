"""Many requests of one register do not hinder another register, even while mx51 does
not answer the first. As in production: two workers and one evented process.

========================================  =============================================
guard                                     test
========================================  =============================================
the turns of ``check_pairing``             ``test_pairing_checks``
the routes on ``/websocket``              ``test_polls``
========================================  =============================================
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from testbed.concurrency import until
from testbed.odoo_server import OdooServer
from testbed.sandbox import PAIRING_INFO, POLL
from testbed.shop import EFTPOS

FLOOD = 50
#: Seconds without an answer of mx51: longer than anybody waits for it.
SILENCE = 30
#: More often than there are requests.
ALWAYS = 10 * FLOOD


@pytest.fixture(scope="module")
def prefork(database, sandbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flood")
    server = OdooServer("flood", database.name, sandbox, folder, workers=2)
    yield server.start()
    server.kill()


@pytest.fixture
def bistro(shop):
    """The other register, with its own terminal."""
    terminal = shop.manager.call(
        EFTPOS,
        "create",
        {"name": "Bistro", "payment_method_ids": [(6, 0, [shop.method])]},
    )
    shop.pair(terminal, "bistro")
    shop.manager.call(
        "pos.config", "write", [shop.bistro], {"sci_terminal_id": terminal}
    )
    return shop.bistro


@pytest.fixture
def flood():
    """Make the same request many times at once; return the futures."""
    pool = ThreadPoolExecutor(FLOOD)
    yield lambda request: [pool.submit(request) for _time in range(FLOOD)]
    pool.shutdown(cancel_futures=True)


def leave_unanswered(shop, call):
    shop.sandbox.fault(
        "hang", call, seconds=SILENCE, times=ALWAYS, terminal="front-bar"
    )


def unanswered(shop):
    """How many requests mx51 left unanswered."""
    (fault,) = shop.sandbox.get("faults")
    return ALWAYS - fault["times"]


def evented(shop, path, at, **params):
    return shop.cashier.json(f"/websocket/mx51_sci/{path}", params, at=at, evented=True)


def test_polls(shop, prefork, bistro, flood):
    """A payment of the other register starts and ends while they are held."""
    view = shop.start(shop.payment(), at=prefork)
    shop.sandbox.shows("present_card")
    leave_unanswered(shop, POLL)
    held = flood(lambda: evented(shop, "poll", prefork, id=view["id"], version=99))
    until(lambda: unanswered(shop) >= FLOOD / 2, "polls that mx51 leaves unanswered")

    sale = evented(shop, "start", prefork, values=shop.payment(register=bistro))
    shop.sandbox.card("approve", "bistro")
    while sale["unresolved"]:
        params = {"id": sale["id"], "version": sale["version"]}
        sale = evented(shop, "poll", prefork, **params)

    assert sale["paid"]
    assert not all(poll.done() for poll in held)
    shop.sandbox.clear_faults()


def test_pairing_checks(shop, prefork, bistro, flood):
    """HTTP workers serve them: not each of them may wait for mx51."""
    leave_unanswered(shop, PAIRING_INFO)

    def check():
        try:
            return shop.cashier.call(
                EFTPOS, "check_pairing", [shop.terminal], at=prefork
            )
        except requests.ConnectionError:
            return check()  # Odoo queues 16 connections and resets others

    checks = flood(check)

    assert shop.resume(bistro, at=prefork) == []
    assert {check.result()["state"] for check in checks} == {"paired"}

    assert unanswered(shop) < FLOOD / 10
    shop.sandbox.clear_faults()

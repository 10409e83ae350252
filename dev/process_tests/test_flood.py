"""Requests of one register do not stand in the way of another one, also while mx51 is
silent about the first. As in production: two workers and one evented process.

========================================  =============================================
guard                                     test
========================================  =============================================
``pos_sci_pairing._claim_look``           ``test_screens_that_look_after_a_pairing``
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
#: Seconds of mx51's silence: longer than anybody waits for it.
SILENCE = 30
#: Longer than the flood could be.
ALWAYS = 10 * FLOOD


@pytest.fixture(scope="module")
def prefork(database, sandbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("flood")
    server = OdooServer("flood", database.name, sandbox, folder, workers=2)
    yield server.start()
    server.kill()


@pytest.fixture
def bistro(shop):
    """The other register has a terminal of its own."""
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
    """Make the same request very often at the same time; answer the futures."""
    pool = ThreadPoolExecutor(FLOOD)
    yield lambda request: [pool.submit(request) for _time in range(FLOOD)]
    pool.shutdown(cancel_futures=True)


def silent(shop, call):
    shop.sandbox.fault(
        "hang", call, seconds=SILENCE, times=ALWAYS, terminal="front-bar"
    )


def asked(shop):
    """How many requests mx51 was silent about."""
    (silence,) = shop.sandbox.get("faults")
    return ALWAYS - silence["times"]


def evented(shop, path, at, **params):
    return shop.cashier.json(f"/websocket/mx51_sci/{path}", params, at=at, evented=True)


def test_polls(shop, prefork, bistro, flood):
    """A payment of the other register begins and ends while they are held."""
    view = shop.start(shop.payment(), at=prefork)
    shop.sandbox.shows("present_card")
    silent(shop, POLL)
    held = flood(lambda: evented(shop, "poll", prefork, id=view["id"], version=99))
    until(lambda: asked(shop) >= FLOOD / 2, "polls that mx51 leaves unanswered")

    sale = evented(shop, "start", prefork, values=shop.payment(register=bistro))
    shop.sandbox.card("approve", "bistro")
    while sale["unresolved"]:
        params = {"id": sale["id"], "version": sale["version"]}
        sale = evented(shop, "poll", prefork, **params)

    assert sale["paid"]
    assert not all(poll.done() for poll in held)
    shop.sandbox.clear_faults()


def test_screens_that_look_after_a_pairing(shop, prefork, bistro, flood):
    """They are calls that workers serve: not each may wait for mx51."""
    silent(shop, PAIRING_INFO)

    def look():
        try:
            return shop.cashier.call(
                EFTPOS, "check_pairing", [shop.terminal], at=prefork
            )
        except requests.ConnectionError:
            return look()  # Odoo lets 16 connections queue and resets others

    looks = flood(look)

    assert shop.resume(bistro, at=prefork) == []
    assert {look.result()["state"] for look in looks} == {"paired"}

    assert asked(shop) < FLOOD / 10
    shop.sandbox.clear_faults()

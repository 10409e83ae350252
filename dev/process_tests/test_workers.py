"""Prefork: two HTTP workers and one evented process, as in production."""

from functools import partial

import pytest
from processes import Odoo, until
from shop import meanwhile, together

EVENTED_POLL = "/websocket/mx51_sci/poll"


@pytest.fixture(scope="module")
def prefork(database, sandbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefork")
    server = Odoo("prefork", database.name, sandbox, folder, workers=2)
    yield server.start()
    server.kill()


def running(shop, at):
    """A payment in progress, in the version that is the newest for a while."""
    view = shop.start(shop.payment(), at=at)
    shop.sandbox.shows("present_card")
    return shop.poll(view, at=at)


def evented(shop, view, at):
    params = {"id": view["id"], "version": view["version"]}
    return shop.cashier.json(EVENTED_POLL, params, at=at, evented=True)


def test_an_http_worker_does_not_wait(shop, prefork):
    view = running(shop, prefork)

    answers = [shop.poll(view, at=prefork) for _time in range(3)]

    assert [answer["held"] for answer in answers] == [False] * 3
    assert all(answer["wait"] > 0 for answer in answers)
    shop.sandbox.card("approve")
    assert shop.finish(view, at=prefork)["paid"]


def test_the_evented_process_waits_while_the_workers_serve(shop, prefork):
    view = running(shop, prefork)
    row = shop.database.row(view["payment_uuid"])

    waiting = [meanwhile(evented, shop, view, prefork) for _tab in range(8)]
    until(
        lambda: (
            shop.database.row(view["payment_uuid"])["followed_at"] > row["followed_at"]
        ),
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

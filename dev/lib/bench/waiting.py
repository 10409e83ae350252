"""Many payments that wait, each followed as its register does it."""

import contextlib
import random
import threading
import time

import requests
from fleet import Fleet
from processes import PART_A
from shop import Refused

POLL = "/websocket/mx51_sci/poll"


@contextlib.contextmanager
def ours(place, size):
    """`size` card payments of ours that wait for the customer."""
    place.settle(delay=0)
    fleet, delay = Fleet(place.shop, size, PART_A), place.delay
    with _followers(
        place, [lambda view=view: _poll(place, view) for view in fleet.views]
    ):
        yield fleet
        place.take(0)
        fleet.approve()
    place.take(delay)


def burst(place, size):
    """All ask at the same instant for news that is there; seconds until each has it."""
    place.settle(delay=0)
    fleet = Fleet(place.shop, size, PART_A)
    fleet.approve()
    began, ends = time.monotonic(), []

    def ask(view):
        known = view["version"]
        while view["version"] == known:
            _poll(place, view)
        ends.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask, args=[view]) for view in fleet.views]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def _poll(place, view):
    """Ask once; who is refused at the door waits before asking again."""
    try:
        params = {"id": view["id"], "version": view["version"]}
        answer = place.shop.cashier.json(POLL, params)
        view["version"] = answer["version"]
    except (Refused, requests.RequestException):
        time.sleep(random.uniform(0.2, 2))


@contextlib.contextmanager
def theirs(place, rival, size):
    """The same of a rival: every register asks at its pace, over the HTTP workers."""
    method = place.methods[rival.terminal]
    place.upstream.reset()

    def ask():
        name, *arguments = rival.asks
        with contextlib.suppress(Refused, requests.RequestException):
            place.shop.cashier.call("pos.payment.method", name, [method], *arguments)
        time.sleep(rival.every)

    with _followers(place, [ask] * size):
        yield


@contextlib.contextmanager
def _followers(place, asks):
    over = threading.Event()

    def follow(ask):
        time.sleep(random.uniform(0, 1 if place.quick else 5))
        while not over.is_set():
            ask()

    threads = [threading.Thread(target=follow, args=[ask], daemon=True) for ask in asks]
    for thread in threads:
        thread.start()
    time.sleep(2 if place.quick else 8)
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(40)

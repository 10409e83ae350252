"""Many payments that wait, each polled the way its register does it."""

import contextlib
import multiprocessing
import random
import signal
import threading
import time

import requests
from testbed.rpc_client import Refused
from testbed.waiting_payments import WaitingPayments

POLL = "/websocket/mx51_sci/poll"


@contextlib.contextmanager
def ours(topology, size, at=None, within=5):
    """`size` card payments through this addon that wait for the customer.

    :param at: the server that is polled instead of the production topology
    :param within: seconds in which the registers begin, each at its own moment
    """
    topology.reset(delay=0)
    payments, delay = WaitingPayments(topology.shop, size), topology.delay
    asks = [
        lambda view=view, ask=ask: ask(topology, view, at)
        for view in payments.views
        for ask in (_poll, _look)
    ]
    with _followers(topology, asks, within):
        yield payments
        topology.set_delay(0)
        payments.approve()
    topology.set_delay(delay)


def burst(topology, size):
    """All poll at the same instant for a version that mx51 has; seconds until each has
    it."""
    topology.reset(delay=0)
    payments = WaitingPayments(topology.shop, size)
    payments.approve()
    began, ends = time.monotonic(), []

    def ask(view):
        known = view["version"]
        while view["version"] == known:
            _poll(topology, view)
        ends.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask, args=[view]) for view in payments.views]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def _poll(topology, view, at=None):
    """Poll once; wait a little if Odoo refuses the request before serving it."""
    try:
        params = {"id": view["id"], "version": view["version"]}
        answer = topology.shop.cashier.json(POLL, params, at=at)
        view.update(version=answer["version"], look_every=answer["look_every"])
        time.sleep(answer["wait"])
    except (Refused, requests.RequestException):
        time.sleep(random.uniform(0.2, 2))


def _look(topology, view, at=None):
    """Look at the ledger, as often as the answer to the last poll said."""
    time.sleep(view.get("look_every", 1))
    if "look_every" in view:
        with contextlib.suppress(Refused, requests.RequestException):
            names = ["version"]
            call = topology.shop.cashier.call
            call("pos.sci.transaction", "read", [view["id"]], names, at=at)


@contextlib.contextmanager
def theirs(topology, rival, size):
    """The same through a rival: every register polls at its pace, over the workers."""
    method = topology.methods[rival.terminal]
    topology.upstream.reset()

    def ask():
        name, *arguments = rival.asks
        with contextlib.suppress(Refused, requests.RequestException):
            topology.shop.cashier.call("pos.payment.method", name, [method], *arguments)
        time.sleep(rival.every)

    with _followers(topology, [ask] * size):
        yield


@contextlib.contextmanager
def _followers(topology, asks, within=5):
    """Each ask in a thread of another process: this one, which measures, shares no lock
    of Python with them."""
    within = 1 if topology.quick else within
    process = multiprocessing.get_context("fork")
    over = process.Event()

    def follow(ask):
        time.sleep(random.uniform(0, within))
        while not over.is_set():
            ask()

    def follow_all():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        threads = [threading.Thread(target=follow, args=[ask]) for ask in asks]
        for thread in threads:
            thread.start()

    others = process.Process(target=follow_all, daemon=True)
    others.start()
    time.sleep(within + (1 if topology.quick else 3))
    try:
        yield
    finally:
        over.set()
        others.join(40)
        others.kill()

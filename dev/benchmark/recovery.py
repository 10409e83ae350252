"""From the decision of the bank to the order, while the browser is away."""

import statistics
import time

from testbed import browser

from .result_delay import pay, register_tab
from .table import Line, ms, spread
from .topology import PROCESSING

GOAL = 1.0
#: When the line of the order with this uuid was done, and when the order validated
#: itself; without the second, nobody waits for that.
SEEN = """([uuid, validates]) => new Promise((resolve) => {
    let done;
    const timer = setInterval(() => {
        const order = window.posmodel?.models["pos.order"].getBy("uuid", uuid);
        const now = Date.now() / 1000;
        if (order?.payment_ids[0]?.payment_status === "done") {
            done ||= now;
        }
        if (validates ? order?.finalized : done) {
            clearInterval(timer);
            resolve([done || now, now]);
        }
    }, 4);
})"""


def measure(topology):
    times = 1 if topology.quick else 10
    lines = []
    with register_tab(topology) as register:
        for case in (_during, _after):
            found = [case(topology, register) for _time in range(times)]
            done, validated = zip(*found, strict=True)
            lines += [
                _line(f"{case.__doc__}: line done", done),
                _line(f"{case.__doc__}: order validated by itself", validated),
            ]
        found = []
        for _time in range(times):
            seconds, register = _in_new_tab(topology, register)
            found.append(seconds)
        lines.append(_line(f"{_in_new_tab.__doc__}: line done", found))
    return lines


def _line(what, seconds):
    met = statistics.median(seconds) <= GOAL
    return Line(what, spread(seconds), goal=f"≤ {ms(GOAL)}", met=met)


def _during(topology, register):
    """approved during a reload, from POS up"""
    uuid = _started(topology, register)
    topology.sandbox.touch("card", outcome="approve")
    register.reload()
    return _seen(register, uuid, time.time())


def _after(topology, register):
    """approved after a reload, from the decision"""
    uuid = _started(topology, register)
    register.reload()
    decided_at = time.time() + PROCESSING
    topology.sandbox.touch("card", outcome="approve")
    return _seen(register, uuid, decided_at)


def _in_new_tab(topology, register):
    """approved while the tab is closed, from POS up in a new one"""
    uuid = _started(topology, register)
    profile = register.page.context
    register.page.close()
    topology.sandbox.touch("card", outcome="approve")
    other = browser.RegisterTab(profile, topology.shop.front_bar).open()
    up_at = time.time()
    done_at, _now = other.page.evaluate(SEEN, [uuid, False])
    return max(done_at - up_at, 0), other


def _started(topology, register):
    topology.reset()
    pay(topology, register)
    return register.page.evaluate("() => benchOrder.uuid")


def _seen(register, uuid, since):
    seen = register.page.evaluate(SEEN, [uuid, True])
    register.page.locator(".payment-screen").wait_for(state="detached")
    return [max(at - since, 0) for at in seen]

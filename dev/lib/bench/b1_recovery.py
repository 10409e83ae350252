"""B1, beside it: approved while the browser is away."""

import statistics
import time

from .. import browser
from .b1_result import pay, till
from .place import PROCESSING
from .table import Line, ms, spread

GOAL = 1.0
#: When the line of the order with this uuid was done, and when the order validated
#: itself; that is not awaited where another screen is shown.
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


def measure(place):
    times = 1 if place.quick else 10
    lines = []
    with till(place) as register:
        for case in (_during, _after):
            found = [case(place, register) for _time in range(times)]
            done, validated = zip(*found, strict=True)
            lines += [
                _line(f"{case.__doc__}: line done", done),
                _line(f"{case.__doc__}: order validated by itself", validated),
            ]
        found = []
        for _time in range(times):
            seconds, register = _in_new_tab(place, register)
            found.append(seconds)
        lines.append(_line(f"{_in_new_tab.__doc__}: line done", found))
    return lines


def _line(what, seconds):
    met = statistics.median(seconds) <= GOAL
    return Line("B1", what, spread(seconds), goal=f"≤ {ms(GOAL)}", met=met)


def _during(place, register):
    """approved during a reload, from POS up"""
    uuid = _started(place, register)
    place.sandbox.touch("card", outcome="approve")
    register.reload()
    return _seen(register, uuid, time.time())


def _after(place, register):
    """approved after a reload, from the decision"""
    uuid = _started(place, register)
    register.reload()
    decided_at = time.time() + PROCESSING
    place.sandbox.touch("card", outcome="approve")
    return _seen(register, uuid, decided_at)


def _in_new_tab(place, register):
    """approved while the tab is closed, from POS up in a new one"""
    uuid = _started(place, register)
    profile = register.page.context
    register.page.close()
    place.sandbox.touch("card", outcome="approve")
    other = browser.Register(profile, place.shop.front_bar).open()
    up_at = time.time()
    done_at, _now = other.page.evaluate(SEEN, [uuid, False])
    return max(done_at - up_at, 0), other


def _started(place, register):
    place.settle()
    pay(place, register)
    return register.page.evaluate("() => benchOrder.uuid")


def _seen(register, uuid, since):
    seen = register.page.evaluate(SEEN, [uuid, True])
    register.page.locator(".payment-screen").wait_for(state="detached")
    return [max(at - since, 0) for at in seen]

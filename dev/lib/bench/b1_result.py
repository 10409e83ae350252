"""B1: from the upstream's decision to the payment line that is done."""

import contextlib
import statistics
import time

from playwright.sync_api import Error

from .. import browser
from ..console import Stop
from . import rivals
from .place import DELAY, PROCESSING, PRODUCT
from .table import Line, ms, spread

#: Milliseconds; the first time, Odoo makes the register's bundles.
PATIENCE = 120_000
GOAL_BEYOND = 0.1
GOAL_RATIO = 20
#: Watches the line that is selected now; the clock is this machine's.
WATCH = """() => {
    const order = posmodel.getOrder();
    const line = order.getSelectedPaymentline();
    window.benchOrder = order;
    window.benchDone = new Promise((resolve) => {
        const watched = owl.reactive(line, () => {
            if (watched.payment_status === "done") {
                resolve(Date.now() / 1000);
            }
        });
        watched.payment_status;
    });
}"""
WAITING = """() =>
    benchOrder.getSelectedPaymentline().payment_status === "waitingCard"
"""
SHOWN = """() => [
    benchOrder.getSelectedPaymentline()?.payment_status,
    document.querySelector(".modal")?.innerText,
]"""
VALIDATED = """() =>
    benchOrder.finalized && !document.querySelector(".payment-screen")
"""
NEXT_ORDER = """() => {
    posmodel.env.services.dialog.closeAll();
    const order = posmodel.addNewOrder();
    posmodel.navigate("ProductScreen", {orderUuid: order.uuid});
}"""


def measure(place):
    times = 2 if place.quick else 20
    with till(place) as register:
        ours = [_ours(place, register) for _time in range(times)]
        theirs = {
            rival.label: [
                _theirs(place, register, rival, (number + 0.5) / times)
                for number in range(times)
            ]
            for rival in rivals.RIVALS
        }
    median = {label: statistics.median(values) for label, values in theirs.items()}
    polling = {label: m for label, m in median.items() if "webhook" not in label}
    best = min(polling, key=polling.get)
    beyond, us = statistics.median(ours) - DELAY, statistics.median(ours)
    webhook = median["pos_viva_com, webhook"]
    return [
        Line(
            "B1",
            "tap to line done, beyond the upstream's delay",
            ms(beyond),
            goal=f"≤ {ms(GOAL_BEYOND)}",
            met=beyond <= GOAL_BEYOND,
        ),
        Line("B1", "tap to line done, ours", spread(ours), floor=ms(DELAY)),
        *(
            Line("B1", f"… {label}", spread(values), floor=ms(DELAY))
            for label, values in theirs.items()
        ),
        Line(
            "B1",
            "faster than Viva's webhook",
            f"{webhook / us:.1f} times",
            goal="> 1",
            met=us < webhook,
        ),
        Line(
            "B1",
            f"faster than the best polling rival ({best})",
            f"{polling[best] / us:.1f} times",
            goal=f"≥ {GOAL_RATIO}",
            met=polling[best] / us >= GOAL_RATIO,
            why="most of our time is the upstream's own; a rival that asks every few "
            "seconds needs half of that pause on average, at times nothing.",
        ),
    ]


@contextlib.contextmanager
def till(place):
    """A register in Chromium, open, with all payment methods."""
    place.settle()
    with browser.launched() as chromium:
        profile = browser.logged_in(chromium, place.url, place.database, "cashier")
        profile.set_default_timeout(PATIENCE)
        yield browser.Register(profile, place.shop.front_bar).open()


def to_payment(register, product):
    register.page.evaluate(NEXT_ORDER)
    register.page.locator(".product-screen").wait_for()
    register.press_product(product)
    register.to_payment()


def _ours(place, register):
    """One payment; seconds from the bank's decision to the line that is done."""
    place.settle()
    pay(place, register)
    tapped_at = time.time()
    place.sandbox.touch("card", outcome="approve")
    return _done_at(register) - (tapped_at + PROCESSING)


def pay(place, register):
    """Until the terminal asks for the card and the register waits."""
    to_payment(register, PRODUCT)
    register.choose_method("Card")
    register.page.evaluate(WATCH)
    place.sandbox.shows("present_card")
    time.sleep(4 * DELAY)  # the register has read that and asks for what comes next


def _theirs(place, register, rival, moment):
    """:param moment: of the polling's round, 0 to 1, at which the bank decides: one
    after the other, as chance would make the median another one on each day
    """
    webhook = rival.webhook and rivals.webhook(place, place.methods[rival.terminal])
    place.upstream.reset(webhook or None)
    to_payment(register, PRODUCT)
    register.choose_method(rival.terminal)
    register.page.evaluate(WATCH)
    try:
        register.page.wait_for_function(WAITING)
    except Error:
        shown = register.page.evaluate(SHOWN)
        raise Stop(f"{rival.label} does not wait for a card: {shown}") from None
    time.sleep(1 + moment * rival.every)
    decided_at = place.upstream.decide()
    return _done_at(register) - decided_at


def _done_at(register):
    """When the line was done; returns after the order has validated itself."""
    done_at = register.page.evaluate("() => window.benchDone")
    register.page.wait_for_function(VALIDATED)
    return done_at

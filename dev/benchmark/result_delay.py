"""From the decision of the bank to the payment line that is done."""

import contextlib
import statistics
import time

from lib.console import Stop
from playwright.sync_api import Error
from testbed import browser

from . import rivals
from .table import Line, ms, spread
from .topology import DELAY, PROCESSING, PRODUCT

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


def measure(topology):
    times = 2 if topology.quick else 20
    with register_tab(topology) as register:
        ours = [_ours(topology, register) for _time in range(times)]
        theirs = {
            rival.label: [
                _theirs(topology, register, rival, (number + 0.5) / times)
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
            "tap to line done, beyond the upstream's delay",
            ms(beyond),
            goal=f"≤ {ms(GOAL_BEYOND)}",
            met=beyond <= GOAL_BEYOND,
        ),
        Line("tap to line done, ours", spread(ours), floor=ms(DELAY)),
        *(
            Line(f"… {label}", spread(values), floor=ms(DELAY))
            for label, values in theirs.items()
        ),
        Line(
            "faster than Viva's webhook",
            f"{webhook / us:.1f} times",
            goal="> 1",
            met=us < webhook,
        ),
        Line(
            f"faster than the best polling rival ({best})",
            f"{polling[best] / us:.1f} times",
            goal=f"≥ {GOAL_RATIO}",
            met=polling[best] / us >= GOAL_RATIO,
            why="most of our time is the upstream's own; a rival that asks every few "
            "seconds needs half of that pause on average, at times nothing.",
        ),
    ]


@contextlib.contextmanager
def register_tab(topology):
    """A register in Chromium with all payment methods."""
    topology.reset()
    with browser.launched() as chromium:
        profile = browser.logged_in(
            chromium, topology.url, topology.database, "cashier"
        )
        profile.set_default_timeout(PATIENCE)
        yield browser.RegisterTab(profile, topology.shop.front_bar).open()


def to_payment(register, product):
    register.page.evaluate(NEXT_ORDER)
    register.page.locator(".product-screen").wait_for()
    register.press_product(product)
    register.to_payment()


def _ours(topology, register):
    """One payment; seconds from the bank's decision to the line that is done."""
    topology.reset()
    pay(topology, register)
    tapped_at = time.time()
    topology.sandbox.touch("card", outcome="approve")
    return _done_at(register) - (tapped_at + PROCESSING)


def pay(topology, register):
    """Pay by card until the terminal asks for the card and the register waits."""
    to_payment(register, PRODUCT)
    register.choose_method("Card")
    register.page.evaluate(WATCH)
    topology.sandbox.shows("present_card")
    time.sleep(4 * DELAY)  # the register has read that, and polls for the next version


def _theirs(topology, register, rival, moment):
    """:param moment: when the bank decides, 0 to 1 between two polls: set, since
    with chance the median would differ from day to day
    """
    webhook = rival.webhook and rivals.webhook(
        topology, topology.methods[rival.terminal]
    )
    topology.upstream.reset(webhook or None)
    to_payment(register, PRODUCT)
    register.choose_method(rival.terminal)
    register.page.evaluate(WATCH)
    try:
        register.page.wait_for_function(WAITING)
    except Error:
        shown = register.page.evaluate(SHOWN)
        raise Stop(f"{rival.label} does not wait for a card: {shown}") from None
    time.sleep(1 + moment * rival.every)
    decided_at = topology.upstream.decide()
    return _done_at(register) - decided_at


def _done_at(register):
    """When the line was done; returns after the order has validated itself."""
    done_at = register.page.evaluate("() => window.benchDone")
    register.page.wait_for_function(VALIDATED)
    return done_at

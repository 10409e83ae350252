"""The first payment after a quiet spell: idle connections are not used again."""

import statistics
import time

from .start_delay import START, end_payment
from .table import Line, ms, spread
from .topology import DELAY

#: Seconds without a payment; after three, no connection is used again.
QUIET = 5


def measure(topology):
    times = 2 if topology.quick else 10
    topology.reset()
    _start(topology)
    after_another = [_start(topology) for _time in range(times)]
    after_a_spell = [_start(topology, QUIET) for _time in range(times)]
    more = statistics.median(after_a_spell) - statistics.median(after_another)
    return [
        Line("start of a payment right after another one", spread(after_another)),
        Line(f"… after {QUIET} s without any", spread(after_a_spell)),
        Line(
            "more after a quiet spell",
            ms(max(more, 0)),
            goal=f"≤ {ms(DELAY)}, one round trip",
            met=more <= DELAY,
            why="a new connection and its encryption.",
        ),
    ]


def _start(topology, pause=0):
    shop = topology.shop
    values = shop.payment()
    time.sleep(pause)
    began = time.monotonic()
    view = shop.cashier.json(START, {"values": values})
    took = time.monotonic() - began
    assert view["status"] == "PENDING", view
    end_payment(topology)
    return took

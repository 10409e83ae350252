"""How much slower the rest of the shop gets while payments wait."""

import time
from functools import partial

from testbed.concurrency import meanwhile
from testbed.sandbox import PAIRING_INFO

from . import followers, rivals
from .table import Line, ms, p95
from .topology import DELAY, SLOW

GOAL_RATIO = 1.2
START = "/websocket/mx51_sci/start"
#: Seconds for which a rival is measured; beside it an order may take half a minute.
RIVALS_PATIENCE = 60


def measure(topology):
    size, times = (10, 5) if topology.quick else (100, 100)
    topology.reset()
    topology.syncs(3)  # fill caches
    lines = []
    for delay in (DELAY,) if topology.quick else (DELAY, SLOW):
        lines += _beside_waiting(topology, delay, size, times)
    return lines + _beside_silence(topology, times)


def _beside_waiting(topology, delay, size, times):
    topology.reset(delay)
    alone = p95(topology.syncs(times))
    with followers.ours(topology, size):
        topology.set_delay(delay)
        beside = p95(topology.syncs(times))
    where = f"{size} payments waiting, upstream {ms(delay)}"
    lines = [
        Line(
            f"p95 of sync_from_ui, {where}",
            f"{beside / alone:.2f} times ({ms(beside)})",
            floor=ms(alone),
            goal=f"≤ {GOAL_RATIO}",
            met=beside <= GOAL_RATIO * alone,
        )
    ]
    for rival in rivals.RIVALS[1:2] if topology.quick else rivals.RIVALS[1:]:
        topology.reset(delay)
        with followers.theirs(topology, rival, size):
            # So slow that fewer of them show it.
            slow = p95(topology.syncs(max(times // 5, 3), RIVALS_PATIENCE))
        value = f"{slow / alone:.1f} times ({ms(slow)})"
        lines.append(Line(f"… {rival.label}", value, floor=ms(alone)))
    return lines


def _beside_silence(topology, times):
    """mx51 accepts connections and does not answer; 20 cashiers start a payment."""
    shop, starts = topology.shop, 3 if topology.quick else 20
    topology.reset()
    alone = p95(topology.syncs(times))
    topology.set_delay(0)
    seconds = 3 if topology.quick else 8
    shop.sandbox.fault("hang", PAIRING_INFO, times=0, seconds=seconds)
    terminals = shop.database.copy("pos_sci_terminal", shop.terminal, starts)
    started = [
        meanwhile(
            partial(
                shop.cashier.json,
                START,
                {"values": shop.payment(terminal_id=terminal)},
            )
        )
        for terminal in terminals
    ]
    time.sleep(1)
    beside, until = [], time.monotonic() + seconds - 1
    while time.monotonic() < until:
        beside.append(topology.sync())
    views = [start.result() for start in started]
    assert {view["status"] for view in views} == {"not_sent"}, views
    topology.reset()
    return [
        Line(
            f"p95 of sync_from_ui, {starts} starts at a silent mx51",
            f"{p95(beside) / alone:.2f} times ({ms(p95(beside))})",
            floor=ms(alone),
            goal=f"≤ {GOAL_RATIO}",
            met=p95(beside) <= GOAL_RATIO * alone,
        )
    ]

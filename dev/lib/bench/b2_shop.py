"""B2 and B3: what the rest of the shop notices of payments that wait."""

import statistics
import time
from functools import partial

from fleet import copied
from processes import PAIRING_INFO
from shop import meanwhile

from . import rivals, waiting
from .place import DELAY, SLOW, WORKERS, Sampler
from .table import Line, ms, p95

GOAL_RATIO = 1.2
GOAL_HELD = 2
GOAL_BURST = 5
START = "/websocket/mx51_sci/start"
#: Seconds for which one rival is measured; with it, an order may take half a minute.
RIVALS_PATIENCE = 60


def measure(place):
    size, times = (10, 5) if place.quick else (100, 100)
    place.settle()
    place.syncs(3)  # the first ones fill caches
    lines = []
    for delay in (DELAY,) if place.quick else (DELAY, SLOW):
        lines += _beside_waiting(place, delay, size, times)
    return lines + _beside_silence(place, times)


def _beside_waiting(place, delay, size, times):
    place.settle(delay)
    alone = p95(place.syncs(times))
    with waiting.ours(place, size):
        place.take(delay)
        beside = p95(place.syncs(times))
    where = f"{size} payments waiting, upstream {ms(delay)}"
    lines = [
        Line(
            "B2",
            f"p95 of sync_from_ui, {where}",
            f"{beside / alone:.2f} times ({ms(beside)})",
            floor=ms(alone),
            goal=f"≤ {GOAL_RATIO}",
            met=beside <= GOAL_RATIO * alone,
        )
    ]
    for rival in rivals.RIVALS[1:2] if place.quick else rivals.RIVALS[1:]:
        place.settle(delay)
        with waiting.theirs(place, rival, size):
            # Slow enough to say so with fewer of them.
            slow = p95(place.syncs(max(times // 5, 3), RIVALS_PATIENCE))
        value = f"{slow / alone:.1f} times ({ms(slow)})"
        lines.append(Line("B2", f"… {rival.label}", value, floor=ms(alone)))
    return lines


def _beside_silence(place, times):
    """mx51 accepts connections and says nothing; 20 cashiers start a payment."""
    shop, starts = place.shop, 3 if place.quick else 20
    place.settle()
    alone = p95(place.syncs(times))
    place.take(0)
    seconds = 3 if place.quick else 8
    shop.sandbox.fault("hang", PAIRING_INFO, times=0, seconds=seconds)
    terminals = copied(shop.database, "pos_sci_terminal", shop.terminal, starts)
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
        beside.append(place.sync())
    views = [start.result() for start in started]
    assert {view["status"] for view in views} == {"not_sent"}, views
    place.settle()
    return [
        Line(
            "B2",
            f"p95 of sync_from_ui, {starts} starts at a silent mx51",
            f"{p95(beside) / alone:.2f} times ({ms(p95(beside))})",
            floor=ms(alone),
            goal=f"≤ {GOAL_RATIO}",
            met=p95(beside) <= GOAL_RATIO * alone,
        )
    ]


def measure_held(place):
    size = 10 if place.quick else 100
    place.settle()
    workers, _evented = place.odoo_processes()

    def look():
        (busy,) = place.shop.database.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            " AND state <> 'idle' AND pid <> pg_backend_pid()",
            place.database,
        )
        serving = sum(
            any(
                connection.status == "ESTABLISHED"
                and connection.laddr.port == place.http
                for connection in worker.net_connections("tcp")
            )
            for worker in workers
        )
        return busy["count"], serving

    with waiting.ours(place, size), Sampler(look) as sampler:
        time.sleep(3 if place.quick else 30)
    connections, serving = zip(*sampler.seen, strict=True)
    together = 20 if place.quick else 200
    slowest = max(waiting.burst(place, together))
    return [
        Line(
            "B3",
            f"{together} polls at one instant, all with news: the last answer",
            ms(slowest),
            goal=f"≤ {ms(GOAL_BURST)}",
            met=slowest <= GOAL_BURST,
        ),
        _held(f"database connections in use, {size} payments waiting", connections),
        _held(f"HTTP workers (of {WORKERS}) serving them", serving),
    ]


def _held(what, seen):
    most = max(seen)
    return Line(
        "B3",
        what,
        f"{statistics.median(seen):.0f}, at most {most} at an instant",
        floor="0",
        goal=f"0, in passing {GOAL_HELD}",
        met=statistics.median(seen) == 0 and most <= GOAL_HELD,
        why="polls that come back at one instant each look into the database for some "
        "milliseconds.",
    )

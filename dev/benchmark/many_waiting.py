"""A thousand payments that wait, on one evented process and on a threaded server."""

from . import followers
from .memory import MB
from .table import Line, ms, p95
from .topology import RENEWED_AFTER

GOAL_RATIO = 1.2
#: The threaded server serves sales in the same process, so fewer wait there.
THREADED_SIZE = 100
#: Sales without and with them: longer than a poll is held, so each is renewed once.
TIMES = 500


def measure(topology):
    size, times = (50, 5) if topology.quick else (1000, TIMES)
    lines = _beside(topology, size, times)
    threaded_size = 10 if topology.quick else THREADED_SIZE
    with topology.threaded() as server:
        return lines + _beside(topology, threaded_size, times, server)


def _beside(topology, size, times, threaded=None):
    process = threaded.itself() if threaded else topology.processes()[1]
    where = "a threaded server" if threaded else "one evented process"
    topology.reset()
    topology.syncs(3, at=threaded)  # fill caches
    alone = p95(topology.syncs(times, at=threaded))
    before = process.memory_info().rss
    with followers.ours(topology, size, threaded, within=RENEWED_AFTER):
        beside = p95(topology.syncs(times, at=threaded))
        used = max(process.memory_info().rss - before, 0)
    return [
        Line(
            f"p95 of sync_from_ui, {size} payments waiting on {where}",
            f"{beside / alone:.2f} times ({ms(beside)})",
            floor=ms(alone),
            goal=f"≤ {GOAL_RATIO}",
            met=beside <= GOAL_RATIO * alone,
            why="all registers, the sandbox and the database are on this machine.",
        ),
        Line(
            f"memory of {where} meanwhile",
            f"{used / size / 1024:.0f} kB for each payment, {used / MB:.0f} MB in all",
        ),
    ]

"""What payments that wait hold of the server, and how soon many get their news."""

import statistics
import time

from . import followers
from .table import Line, ms
from .topology import RENEWED_AFTER, WORKERS, Sampler

GOAL_HELD = 2
GOAL_BURST = 5


def measure(topology):
    size = 10 if topology.quick else 100
    topology.reset()
    workers, _evented = topology.processes()

    def sample():
        (busy,) = topology.shop.database.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            " AND state <> 'idle' AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'",
            topology.database,
        )
        serving = sum(
            any(
                connection.status == "ESTABLISHED"
                and connection.laddr.port == topology.server.port
                for connection in worker.net_connections("tcp")
            )
            for worker in workers
        )
        return busy["count"], serving

    waiting = followers.ours(topology, size, within=RENEWED_AFTER)
    with waiting, Sampler(sample) as sampler:
        time.sleep(3 if topology.quick else 30)
    connections, serving = zip(*sampler.seen, strict=True)
    together = 20 if topology.quick else 200
    slowest = max(followers.burst(topology, together))
    return [
        Line(
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
        what,
        f"{statistics.median(seen):.0f}, at most {most} at an instant",
        floor="0",
        goal=f"0, in passing {GOAL_HELD}",
        met=statistics.median(seen) == 0 and most <= GOAL_HELD,
        why="each of the polls that happen to return at one instant reads the database "
        "for some milliseconds.",
    )

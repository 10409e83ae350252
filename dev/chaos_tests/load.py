"""Many registers at once on the production topology: what it costs as time goes by."""

import contextlib
import statistics
import threading
import time
from types import SimpleNamespace

import psutil
from lib import places
from lib.console import say
from testbed import nginx

EVERY = 5  # seconds
#: What counts as growth: percent of memory, connections.
MOST = {"memory": 10, "connections": 5}


@contextlib.contextmanager
def behind_nginx(installation, folder):
    """Have all registers reach Odoo through nginx, as configured in production."""
    lines, log = installation.shop.proxy_lines(), places.LOGS / "chaos-nginx.log"
    with nginx.started(folder, installation.hosts[0].port, lines, log) as url:
        proxy = SimpleNamespace(url=url, evented_url=url)
        installation.front_end.set_hosts([proxy])
        yield


class Meter:
    """Measures Odoo's processes and PostgreSQL's connections until the block ends."""

    def __init__(self, installation):
        self._installation, self._over = installation, threading.Event()
        self.memory, self.connections = {}, []

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

    def _run(self):
        master = psutil.Process(self._installation.hosts[0].process.pid)
        while not self._over.wait(EVERY):
            for process in (master, *master.children()):
                kept = self.memory.setdefault(process.pid, [])
                kept.append(process.memory_info().rss / 2**20)
            (found,) = self._installation.database.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s",
                self._installation.database_name,
            )
            self.connections.append(found["count"])

    def report(self):
        """Compare the last quarter with the second; return whether something grew."""
        connections = [max(part) for part in _quarters(self.connections)]
        say(f"  connections to PostgreSQL, at the most: {connections[1:]}")
        grew = connections[3] - connections[1] > MOST["connections"]
        for pid, seen in self.memory.items():
            middle = [statistics.median(part) for part in _quarters(seen)]
            growth = 100 * (middle[3] / middle[1] - 1)
            sizes = f"{middle[1]:.0f} -> {middle[3]:.0f} MB"
            say(f"  process {pid}: {sizes}, {growth:+.1f} %")
            grew |= growth > MOST["memory"]
        return grew


def _quarters(seen):
    size = max(len(seen) // 4, 1)
    return [seen[n * size : (n + 1) * size] or seen[-1:] for n in range(4)]


def until(seconds, plans):
    """The plans of all payments that start within so many seconds."""
    end = time.monotonic() + seconds
    for plan in plans:
        if time.monotonic() > end:
            return
        yield plan

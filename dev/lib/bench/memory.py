"""Memory of the evented process for each payment that waits."""

import time

from . import waiting
from .table import Line

#: Odoo's default for `limit_memory_soft`, which holds for the evented process too
#: unless `limit_memory_soft_gevent` is set; of the address space, not of what is used.
SOFT_LIMIT = 2 * 1024**3
MB = 1024**2


def measure(place):
    few, size = (2, 10) if place.quick else (5, 200)
    _workers, evented = place.odoo_processes()
    place.settle()
    with waiting.ours(place, few):
        pass  # what it allocates once is there
    time.sleep(1)
    before = evented.memory_info()
    with waiting.ours(place, size):
        during = evented.memory_info()
    used = max(during.rss - before.rss, 0) / size
    space = max(during.vms - before.vms, 0) / size
    carries = (SOFT_LIMIT - before.vms) / max(space, 1)
    return [
        Line(
            "memory",
            f"evented process, for each of the first {size} waiting payments",
            f"{used / 1024:.0f} kB used, {space / 1024:.0f} kB of address space",
        ),
        Line(
            "memory",
            "evented process without any",
            f"{before.rss / MB:.0f} MB used, {before.vms / MB:.0f} MB of address space",
        ),
        Line(
            "memory",
            "payments at once until Odoo's default limit of 2 GB restarts it",
            f"more than {min(int(carries), 10_000)}",
        ),
    ]

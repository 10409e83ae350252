"""Memory of the evented process for each payment that waits."""

import time

from . import followers
from .table import Line

#: Odoo's default of `limit_memory_soft`, which applies to the evented process too
#: unless `limit_memory_soft_gevent` is set; of address space, not of memory in use.
SOFT_LIMIT = 2 * 1024**3
MB = 1024**2


def measure(topology):
    few, size = (2, 10) if topology.quick else (5, 200)
    _workers, evented = topology.processes()
    topology.reset()
    with followers.ours(topology, few):
        pass  # now it has allocated what it allocates only once
    time.sleep(1)
    before = evented.memory_info()
    with followers.ours(topology, size):
        during = evented.memory_info()
    used = max(during.rss - before.rss, 0) / size
    space = max(during.vms - before.vms, 0) / size
    carries = (SOFT_LIMIT - before.vms) / max(space, 1)
    return [
        Line(
            f"evented process, for each of the first {size} waiting payments",
            f"{used / 1024:.0f} kB used, {space / 1024:.0f} kB of address space",
        ),
        Line(
            "evented process without any",
            f"{before.rss / MB:.0f} MB used, {before.vms / MB:.0f} MB of address space",
        ),
        Line(
            "payments at once until Odoo's default limit of 2 GB restarts it",
            f"more than {min(int(carries), 10_000)}",
        ),
    ]

"""The run itself; ``lib/bench.py`` is the command."""

import contextlib
import signal
import sys
import tempfile
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from lib import cluster, console, databases, places
from lib.bench import NAMES, parser

from . import table
from .topology import Topology

DATABASE = "bench"


def main(arguments):
    options = parser().parse_args(arguments)
    wanted = [name for name in NAMES if name in (options.names or NAMES)]
    begun = time.monotonic()
    lines = []
    with contextlib.ExitStack() as stack:
        stack.enter_context(cluster.durable("bench"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases.new(DATABASE)
        stack.callback(databases.drop, DATABASE)
        topology = stack.enter_context(Topology(DATABASE, folder, options.quick))
        for name in wanted:
            console.say(f"  {name} …")
            for line in import_module(f".{name}", __package__).measure(topology):
                console.say(f"    {line.what}: {line.value}")
                lines.append(replace(line, name=name))
    results = places.CHECKOUT / "dev" / "bench-results.md"
    is_whole = not options.quick and wanted == list(NAMES)
    before = results.read_text() if is_whole and results.exists() else ""
    text = table.written(lines, time.monotonic() - begun, before)
    console.say("\n" + text)
    if is_whole:
        results.write_text(text)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(console.guarded(main, sys.argv[1:]))

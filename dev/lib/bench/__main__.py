"""The run itself, with the Python packages at hand."""

import contextlib
import signal
import sys
import tempfile
import time
from pathlib import Path

# The processes and the shop of the process tests are those that are measured.
sys.path.append(str(Path(__file__).parents[2] / "process_tests"))

from .. import cluster, console, databases, places  # noqa: E402
from . import (  # noqa: E402
    NAMES,
    b1_recovery,
    b1_result,
    b2_shop,
    b4_start,
    b5_ledger,
    b6_weight,
    b7_signing,
    memory,
    parser,
    table,
)
from .place import Place  # noqa: E402

MEASUREMENTS = {
    "B7": [b7_signing.measure],
    "B6": [b6_weight.measure],
    "B5": [b5_ledger.measure],
    "B4": [b4_start.measure],
    "B1": [b1_result.measure, b1_recovery.measure],
    "B2": [b2_shop.measure],
    "B3": [b2_shop.measure_held],
    "memory": [memory.measure],
}
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
        place = stack.enter_context(Place(DATABASE, folder, options.quick))
        for name in wanted:
            for measure in MEASUREMENTS[name]:
                console.say(f"  {name} …")
                measured = measure(place)
                for line in measured:
                    console.say(f"    {line.what}: {line.value}")
                lines += measured
    lines.sort(key=lambda line: line.name)
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

"""The lines of the result, and how they are written."""

import datetime
import os
import platform
import re
import statistics
from dataclasses import dataclass
from pathlib import Path

from lib import cluster, source


@dataclass(frozen=True)
class Line:
    """One measurement.

    :param floor: what would remain if our code took no time
    :param goal: empty for what is only compared with
    :param met: whether the goal is reached, None without one
    :param why: the reason if a goal is missed
    :param name: of the measurement in ``lib/bench.py``
    """

    what: str
    value: str
    floor: str = ""
    goal: str = ""
    met: bool | None = None
    why: str = ""
    name: str = ""


#: What is compared with the run before, and where the comparison begins.
COMPARED = ("result_delay", "recovery", "start_delay", "ledger_size")
AGAINST = "Against the run before, "
_UNITS = {"µs": 1e-6, "ms": 1e-3, "s": 1, "times": 1}


def written(lines, seconds, before=""):
    """The whole result as Markdown.

    :param before: that of an earlier run
    """
    head = ("", "Measured", "Value", "Floor", "Goal", "")
    marks = {True: "met", False: "**missed**", None: ""}
    rows = [
        (line.name, line.what, line.value, line.floor, line.goal, marks[line.met])
        for line in lines
    ]
    text = _table(head, rows)
    missed = [
        f"- {line.name}, {line.what}: {line.why}"
        for line in lines
        if line.met is False and line.why
    ]
    if missed:
        text += ["", "Why goals are missed:", "", *missed]
    text += _compared(lines, before)
    return "\n".join(["# Benchmark", "", machine(seconds), "", *text, "", NOTES, ""])


def _table(head, rows):
    cells = list(zip(head, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in cells]
    return [
        "| "
        + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True))
        + " |"
        for row in [head, ["-" * width for width in widths], *rows]
    ]


def _compared(lines, before):
    """How far today's numbers are from those of the run before."""
    own = before.partition(AGAINST)[0].splitlines()  # without its own comparison
    split = (line.strip("| ").split(" | ") for line in own)
    rows = [[cell.strip() for cell in row] for row in split if len(row) > 2]
    then = {(row[0], row[1]): row[2] for row in rows if row[0] in COMPARED}
    found = [
        (line.name, line.what, then[key], line.value, _ratio(line.value, then[key]))
        for line in lines
        if (key := (line.name, line.what)) in then
    ]
    if not found:
        return []
    head = ("", "Measured", "Then", "Now", "Now / then")
    return ["", AGAINST + own[2], "", *_table(head, found)]


def _ratio(now, then):
    return f"{_number(now) / _number(then):.2f}"


def _number(value):
    number, unit = value.split()[:2]
    return float(number) * _UNITS[unit]


def machine(seconds):
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1])
    version = cluster.query("SHOW server_version")
    return (
        f"{datetime.date.today()}, {os.cpu_count()} × "
        f"{cpu[1] if cpu else platform.machine()}, {memory / 1024**2:.0f} GB, load at "
        f"the end {os.getloadavg()[1]:.1f}; Odoo {source.get().key}, PostgreSQL "
        f"{version} with fsync, Python {platform.python_version()}; everything on this "
        f"machine; {seconds:.0f} s in all."
    )


NOTES = """\
Times are medians unless the line says otherwise. `result_delay` counts from the
upstream's decision to the moment at which the payment line is done in Chromium, for all
alike; the rivals are Odoo's own addons, unmodified, against a minimal upstream that
needs the same time for each answer. *Floor* is what would remain if our code took no
time."""


def ms(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def spread(values):
    """Median and range of times."""
    return (
        f"{ms(statistics.median(values))} ({ms(min(values))} – {ms(max(values))}, "
        f"n={len(values)})"
    )


def p95(values):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]

"""The lines of the result, and the one place that writes them."""

import datetime
import os
import platform
import re
import statistics
from dataclasses import dataclass
from pathlib import Path

from .. import cluster, source


@dataclass(frozen=True)
class Line:
    """One measurement.

    :param floor: what no program could do better here, e.g. the upstream's own time
    :param goal: of ours; empty for what stands beside it
    :param met: whether it is reached, None without a goal
    :param why: what stands in the way of a goal that is missed
    """

    name: str
    what: str
    value: str
    floor: str = ""
    goal: str = ""
    met: bool | None = None
    why: str = ""


def written(lines, seconds):
    """The whole result as Markdown."""
    head = ("", "Measured", "Value", "Floor", "Goal", "")
    marks = {True: "met", False: "**missed**", None: ""}
    rows = [
        (line.name, line.what, line.value, line.floor, line.goal, marks[line.met])
        for line in lines
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(6)]
    text = [
        "| "
        + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True))
        + " |"
        for row in [head, ["-" * width for width in widths], *rows]
    ]
    missed = [
        f"- {line.name}, {line.what}: {line.why}"
        for line in lines
        if line.met is False and line.why
    ]
    if missed:
        text += ["", "Why goals are missed:", "", *missed]
    return "\n".join(["# Benchmark", "", machine(seconds), "", *text, "", NOTES, ""])


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
Times are medians unless the line says otherwise. B1 counts from the upstream's
decision to the moment when the payment line is done in Chromium, the same way for all;
the rivals are Odoo's own addons, unmodified, against a minimal upstream that needs the
same time for each answer. *Floor* is what would remain if our code took no time."""


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

"""Reads an Odoo log: complaints, which are failures, and test results."""

import re

LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
COMPLAINTS = ("WARNING", "ERROR", "CRITICAL")

RESULT = re.compile(
    r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests when"
)
HOOT_PASSED = re.compile(r"\[HOOT\] Passed (\d+) tests")
HOOT_FAILED = re.compile(r"\[HOOT\] Failed (\d+) tests \((\d+) passed")
SKIPPED = re.compile(r"INFO \S+ odoo\.\S+: skipped .*")


def complaints(text):
    """The warnings and errors in a log, each with the lines that belong to it."""
    found, current = [], None
    for line in text.splitlines():
        start = LINE.match(line)
        if start:
            current = None
            if start["level"] in COMPLAINTS:
                current = [line]
                found.append(current)
        elif current is not None:
            current.append(line)
    return ["\n".join(lines) for lines in found]


def results(text):
    """(passed, failed) of the tests in a log; a skipped test counts as failed."""
    found = [tuple(map(int, numbers)) for numbers in RESULT.findall(text)]
    skipped = len(SKIPPED.findall(text))
    failed = sum(failures + errors for failures, errors, _all in found) + skipped
    return max(sum(count for *_, count in found) - failed, 0), failed


def hoot_results(text):
    """(passed, failed) of the unit tests in the browser."""
    broken = HOOT_FAILED.search(text)
    if broken:
        return int(broken[2]), int(broken[1])
    whole = HOOT_PASSED.search(text)
    return int(whole[1]) if whole else 0, 0

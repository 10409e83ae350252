"""./dev/test [PART…]: the test suite, all of it or the parts named.

Two parts run at a time. A warning or an error in Odoo's log fails the run, and so does
a test that is skipped.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from . import cluster, databases, packages, places, setup
from .console import Stop, say
from .suite import PARTS, Suite

AT_A_TIME = 2
# A part whose folder is not there has nothing to run.
FOLDERS = {
    "sandbox": "sandbox/tests",
    "process": "dev/process_tests",
    "property": "dev/property_tests",
    "package": "dev/package_tests",
}
LONGEST_DETAILS = 20000  # characters; the whole is in the log


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="dev/test",
        description=__doc__,
        epilog="parts:\n"
        + "".join(f"  {p:<9} {getattr(Suite, p).__doc__}\n" for p in PARTS)
        + places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", metavar="PART", nargs="*")
    wanted = parser.parse_args(arguments).parts or PARTS
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    begun = time.monotonic()
    with contextlib.ExitStack() as at_the_end:
        if setup.prepare(browser=True, proxy=True, javascript=True):
            at_the_end.callback(cluster.stop)
        _check_browser()
        _forget_old_runs()
        logs = places.LOGS / f"test-{os.getpid()}"
        logs.mkdir()
        outcomes = _run(Suite(logs, os.getpid(), threading.Event()), wanted)
    return _report(outcomes, logs, time.monotonic() - begun)


def _run(suite, wanted):
    """Run the parts, some at a time; return {part: outcome}."""
    outcomes = {}

    def run_part(part):
        started = time.monotonic()
        outcomes[part] = outcome = getattr(suite, part)()
        say(
            f"  {part:<10}{outcome.passed:>5} passed {outcome.failed:>4} failed "
            f"{time.monotonic() - started:7.1f} s"
        )

    parts = [part for part in PARTS if part in wanted and _is_there(part)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        try:
            for done in as_completed([pool.submit(run_part, part) for part in parts]):
                done.result()
        except BaseException:
            suite.stopped.set()
            raise
        finally:
            # Not under the feet of a part that still ends its processes.
            pool.shutdown(wait=True, cancel_futures=True)
            suite.clear()
    return outcomes


def _report(outcomes, logs, seconds):
    passed = sum(outcome.passed for outcome in outcomes.values())
    failed = sum(outcome.failed for outcome in outcomes.values())
    for part, outcome in outcomes.items():
        if outcome.failed:
            details = "\n\n".join(outcome.details)
            cut = "…\n" if len(details) > LONGEST_DETAILS else ""
            say(f"\n==== {part} ====\n\n{cut}{details[-LONGEST_DETAILS:]}")
    say(f"\nLogs: {logs}    {seconds:.0f} s in all")
    say(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _check_browser():
    """Without these Odoo would leave out the tests in the browser, in silence."""
    if not setup.browser_path():
        raise Stop("There is no Chromium: the tests in the browser cannot run.")
    import_it = [packages.python(), "-c", "import websocket"]
    if subprocess.run(import_it, stderr=subprocess.DEVNULL).returncode:
        raise Stop("The Python package websocket-client is missing: run ./dev/setup.")


def _is_there(part):
    return part not in FOLDERS or (places.CHECKOUT / FOLDERS[part]).is_dir()


def _forget_old_runs():
    """What runs that were killed left behind, and the logs of those that ended."""
    for folder in places.LOGS.glob("test-*"):
        if not _is_alive(folder.name.rpartition("-")[2]):
            shutil.rmtree(folder)
    names = cluster.query(r"SELECT datname FROM pg_database WHERE datname ~ '^test_\d'")
    for name in names.splitlines():
        if not _is_alive(re.match(r"test_(\d+)", name)[1]):
            databases.drop(name)


def _is_alive(number):
    return os.path.exists(f"/proc/{number}")

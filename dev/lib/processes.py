"""Processes that end with the command that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
import urllib.request

from .console import Stop, explain

PATIENCE = 20  # seconds within which a process has to end by itself
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@contextlib.contextmanager
def started(name, command, log, stdin="/dev/null", **options):
    """Run `command` within the block, with its output in the file `log`."""
    with open(log, "w") as output, open(stdin) as source:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=source,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches only us, and we end it
            preexec_fn=end_with_parent,
            **options,
        )
    process.name, process.log = name, log
    try:
        yield process
    finally:
        _end(process)


def wait_until(ready, process, seconds):
    """Wait until `ready()`; `Stop` if the process ends or time runs out."""
    limit = time.monotonic() + seconds
    while not ready():
        check(process)
        if time.monotonic() > limit:
            raise _stop(process, f"is not ready after {seconds} s")
        time.sleep(0.1)


def wait_for_end(process, given_up=lambda: False):
    """Wait for the process, unless `given_up()`; return its exit status."""
    while process.poll() is None:
        if given_up():
            raise Stop(f"{process.name} was stopped.")
        time.sleep(0.1)
    return process.returncode


def answers(address):
    """Whether a web server answers there, not going through any proxy."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=60):
            return True
    except OSError:
        return False


def check(process):
    if process.poll() is not None:
        raise _stop(process, "ended by itself")


def _stop(process, what):
    text = process.log.read_text(errors="replace")
    return Stop(explain(f"{process.name} {what}:", text, process.log))


def _end(process):
    """Have it end, then kill it and whatever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_with_parent(number=signal.SIGTERM):
    """In a process that is being started: have it get this signal when we end, even if
    we are killed outright."""
    _libc.prctl(_PR_SET_PDEATHSIG, number)

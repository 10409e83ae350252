"""The output of a command: steps with their time, and one sentence on failure."""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

# In the output of any tool when the disk is full.
DISK_FULL = "No space left on device"
# In the output of apt, pip and npm when the network fails.
NO_NETWORK = re.compile(
    "Temporary failure|Could not (resolve|connect)|Unable to connect|NewConnectionError"
    "|ConnectTimeout|Connection (timed out|refused|failed)|Network is unreachable"
    "|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH"
)


class Stop(Exception):
    """The command cannot go on; the text is the sentence that says why."""


def guarded(command, arguments):
    """Run `command(arguments)`; return the exit status. No traceback for a `Stop`.

    SIGTERM and SIGHUP unwind like Ctrl-C does, so that half-made things are removed.
    """
    # In a process that a shell starts in the background, Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _unwind)
    try:
        return command(arguments) or 0
    except Stop as stop:
        say(f"\n{stop}", error=True)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.", error=True)
        return 130
    except BrokenPipeError:
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say(f"\n{_disk_full()}", error=True)
        return 1


def say(text="", error=False):
    """Print without buffering, even into a pipe."""
    print(text, file=sys.stderr if error else sys.stdout, flush=True)


@contextlib.contextmanager
def step(title):
    """Print `title` and, at the end of the block, how many seconds it took.

    Prints nothing in a thread: lines of two threads would get mixed up.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    print(f"  {title} …".ljust(62), end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - begun:6.1f} s", flush=True)


def run(command, failure, **options):
    """Run a tool quietly; return what it printed.

    :param failure: the sentence for `Stop` when it does not succeed; the last lines
        that the tool printed follow it.
    """
    status, printed = _output(command, options)
    if status:
        raise Stop(explain(failure, printed))
    return printed


def fetch(command, what, **options):
    """Run a tool that fetches `what` from the network."""
    status, printed = _output(command, options)
    if status and NO_NETWORK.search(printed):
        raise Stop(f"There is no network: {what} cannot be fetched.")
    if status:
        raise Stop(explain(f"{what} cannot be fetched:", printed))


def _output(command, options):
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    return done.returncode, done.stdout


def explain(failure, printed, log=None):
    """The text for a failed tool: our sentence, then the tool's last lines."""
    if DISK_FULL in printed:
        return _disk_full()
    last = [line for line in printed.splitlines() if line.strip()][-8:]
    where = f"\nAll of it: {log}" if log else ""
    return "\n    ".join([failure, *last]) + where


@contextlib.contextmanager
def locked(file):
    """Hold the lock of `file` within the block."""
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  Waiting for another command that holds {file} …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def built(target):
    """A folder that appears whole or not at all.

    Yields an empty folder beside `target` and renames it to `target` at the end. Call
    it under a lock: the remains of a killed predecessor are removed first.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f"{target.name}.tmp*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = target.with_name(f"{target.name}.tmp{os.getpid()}")
    folder.mkdir()
    try:
        yield folder
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unwind(number, _frame):
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def _disk_full():
    return "The disk is full: make room, then run this again."

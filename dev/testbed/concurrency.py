"""Waiting for a fact, and doing things at the same time."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

#: What takes longer than this (seconds) is not going to happen.
PATIENCE = 30


def until(fact, what, patience=PATIENCE):
    """Wait until ``fact()`` is true; return what it returned."""
    deadline = time.monotonic() + patience
    while True:
        found = fact()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.03)


def together(*calls):
    """Make all these calls at the same instant; return what each one returned."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def meanwhile(call, *args, **kwargs):
    """Make this call in the background; return its future."""
    future = Future()

    def run():
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future

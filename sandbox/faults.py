"""Faults, ordered by a test or a person: for which call, and what goes wrong."""

import re
import threading
from dataclasses import asdict, dataclass

ACTIONS = {
    # name: whether the call takes effect unless the order says otherwise
    "drop_before": False,  # connection closed, nothing done
    "drop_after": True,  # done, connection closed without an answer
    "delay": True,  # waits `seconds`, then as usual
    "delay_after": True,  # done, answer only `seconds` later
    "status": False,  # answer `status` with `body` and `headers`
    "garbage": True,  # 200 with something that is not JSON
    "hang": False,  # no answer for `seconds`, then closed
    "truncated": True,  # half of the answer, then closed
    "huge": True,  # an answer padded to `size` bytes
    "slow_drip": True,  # the answer in small pieces over `seconds`
    "old_version": True,  # a transaction as it was `back` versions ago
}


@dataclass
class Fault:
    """One order. ``times`` 0 means always; the first ``skip`` calls are spared."""

    path: str
    action: str
    method: str | None = None
    #: only calls about this terminal; None: about any
    terminal: str | None = None
    times: int = 1
    skip: int = 0
    seconds: float = 5.0
    status: int = 500
    body: object = None
    headers: dict | None = None
    size: int = 8_000_000
    back: int = 1
    act: bool | None = None

    def __post_init__(self):
        if self.action not in ACTIONS:
            raise ValueError(f"action is one of {', '.join(ACTIONS)}.")
        re.compile(self.path)
        if self.act is None:
            self.act = ACTIONS[self.action]


class Faults:
    """The open orders; the first one that matches is used."""

    def __init__(self):
        self._lock = threading.Lock()
        self._open = []

    def order(self, **fields):
        """Add a fault.

        :raises ValueError: with a sentence when the order makes no sense
        """
        try:
            fault = Fault(**fields)
        except (TypeError, re.error) as error:
            raise ValueError(f"Not a fault: {error}") from error
        with self._lock:
            self._open.append(fault)
        return asdict(fault)

    def take(self, method, target, terminal=None):
        """The fault that this call gets, or None. Uses it up."""
        with self._lock:
            for fault in self._open:
                if fault.method and fault.method.upper() != method:
                    continue
                if fault.terminal and fault.terminal != terminal:
                    continue
                if not re.search(fault.path, target):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times == 1:
                    self._open.remove(fault)
                elif fault.times:
                    fault.times -= 1
                return fault
        return None

    def list(self):
        with self._lock:
            return [asdict(fault) for fault in self._open]

    def clear(self, terminal=None):
        """Withdraw all orders, or those of one terminal."""
        with self._lock:
            self._open = [
                fault for fault in self._open if terminal and fault.terminal != terminal
            ]

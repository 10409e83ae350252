"""The sandbox for our tests: quick terminals, faults by call, what it received."""

import re
import signal
from functools import partial

from lib import processes

from sandbox import client

from .concurrency import PATIENCE, until

API_KEY, PART_A = client.API_KEY, client.SIGNING_SECRET_PART_A
#: The longest that it holds a poll, seconds.
HOLD = 2
#: The terminal and its bank answer as fast as a test wants to read.
QUICK = {
    "accept_delay": 0.05,
    "processing_delay": 0.05,
    "slow_delay": 1,
    "cancel_delay": 0.05,
    "notice_time": 0.05,
}

PAIRING_INFO = "GET /v1/pairing-info"
CREATE = "POST /v1/transactions"
POLL = r"GET /v1/transactions/[^/]+"
CANCEL = "POST /v1/transactions/[^/]+/cancel"


class Sandbox(client.Sandbox):
    """mx51 and its terminals, with a record of what was asked for and charged.

    It ends with the process that started it, even one that is killed.
    """

    popen_options = {
        "preexec_fn": partial(processes.end_with_parent, signal.SIGKILL),
    }

    def __init__(self, *options):
        super().__init__("--hold", HOLD, *options)

    def reset(self):
        self.post("reset")
        self.set(**QUICK)

    def shows(self, screen, terminal="front-bar", timeout=PATIENCE):
        return super().shows(screen, terminal, timeout)

    def card(self, outcome, terminal="front-bar"):
        """Present a card as soon as the terminal asks for it; wait for the result."""
        self.shows("present_card", terminal)
        self.touch("card", terminal, outcome=outcome)
        self.shows("result", terminal)

    def fault(self, action, call, **fields):
        """Make the next such call go wrong, for example ``POST /v1/unpair``."""
        method, path = call.split()
        super().fault(action, rf"{path}(\?|$)", method=method, **fields)

    def wait_for_faults(self):
        """Wait until every fault has been used up by a call."""
        until(lambda: not self.get("faults"), "the call that fails")

    def calls(self, call):
        """The exchanges so far of this method and path (a pattern)."""
        method, path = call.split()
        return [
            exchange
            for exchange in self.get("exchanges")
            if exchange["method"] == method and re.fullmatch(path, exchange["path"])
        ]

    def called(self, call):
        """Wait until such a call has been answered."""
        return until(lambda: self.calls(call), call)

    def creates(self):
        return self.calls(CREATE)

    def cancels(self):
        return self.calls(CANCEL)

    def transactions(self):
        return self.get("transactions")

    def charges(self):
        return self.get("charges")

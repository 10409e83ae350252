"""The processes under test: a sandbox and Odoo servers, started and ended for real."""

import contextlib
import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests
from lib import odoo, places

HERE = Path(__file__).parent
API_KEY = "sandbox-api-key"
PART_A = "part-a-of-the-sandbox"
#: Longest hold of a poll by the sandbox, seconds.
HOLD = 2
#: What takes longer than this (seconds) does not happen any more.
PATIENCE = 30
STARTS_WITHIN = 90
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

_libc = ctypes.CDLL(None)


def end_with_parent():
    """Nothing outlives the tests, also when they are killed outright."""
    _libc.prctl(1, signal.SIGKILL)


def until(fact, what, patience=PATIENCE):
    """Look again and again until ``fact()`` is true; answer what it said."""
    deadline = time.monotonic() + patience
    while True:
        found = fact()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.03)


class Sandbox:
    """mx51 and its terminals, with its record of what was asked and charged.

    :param options: more of its command line
    """

    def __init__(self, *options):
        self._options = options
        self.start()

    def start(self, port=0):
        """Start it, or start it again with its state, at the port that it had."""
        command = [sys.executable, "-m", "sandbox", "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, "--hold", str(HOLD), *map(str, self._options)],
            cwd=places.CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,
            env={
                **os.environ,
                "MX51_SANDBOX_API_KEY": API_KEY,
                "MX51_SANDBOX_SIGNING_SECRET_PART_A": PART_A,
            },
        )
        self.url = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def get(self, path, **query):
        answer = requests.get(f"{self.url}/control/{path}", params=query, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def post(self, control, **data):
        answer = requests.post(f"{self.url}/control/{control}", json=data, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def reset(self):
        self.post("reset")
        self.post("settings", **QUICK)

    # -- a hand at the terminal -----------------------------------------------------

    def touch(self, verb, terminal="front-bar", **data):
        return self.post(f"terminals/{terminal}/{verb}", **data)

    def shows(self, screen, terminal="front-bar"):
        return self.get("wait", terminal=terminal, screen=screen, timeout=PATIENCE)

    def card(self, outcome, terminal="front-bar"):
        """Present a card as soon as the terminal asks for it; wait for the result."""
        self.shows("present_card", terminal)
        self.touch("card", terminal, outcome=outcome)
        self.shows("result", terminal)

    # -- what it saw ------------------------------------------------------------------

    def fault(self, action, call, **fields):
        """Order a fault for the next such call, for example ``POST /v1/unpair``."""
        method, path = call.split()
        self.post(
            "faults", action=action, method=method, path=rf"{path}(\?|$)", **fields
        )

    def clear_faults(self):
        requests.delete(f"{self.url}/control/faults", timeout=60)

    def met_fault(self):
        """Wait until the calls have come that all ordered faults were for."""
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
        """Wait until such a call has been made; not those that are still held."""
        return until(lambda: self.calls(call), call)

    def creates(self):
        return self.calls(CREATE)

    def cancels(self):
        return self.calls(CANCEL)

    def transactions(self):
        return self.get("transactions")

    def charges(self):
        return self.get("charges")


class Odoo:
    """An Odoo server process on its own ports, with its log at DEBUG.

    :param folder: keeps its log and the orders of ``process_faults``
    :param workers: HTTP worker processes; 0 is one process with threads
    :param cron: whether it runs scheduled actions
    """

    log_options = (
        *("--log-level", "debug"),
        *("--log-handler", "odoo.addons.pos_mx51_sci:DEBUG"),
        *("--log-handler", "urllib3:DEBUG", "--log-handler", "odoo.sql_db:INFO"),
    )

    def __init__(self, name, database, sandbox, folder, workers=0, cron=False):
        self.database, self.sandbox, self.folder = database, sandbox, folder
        self.workers, self.cron = workers, cron
        self.log_file = folder / f"{name}.log"
        self.process = None
        self.faults = folder / f"{name}-faults"
        self.faults.mkdir()

    def start(self):
        """Start it, unless it runs, and wait until it serves this database."""
        if self.process and self.process.poll() is None:
            return self
        port, evented = places.any_free_ports(2)
        self.url = f"http://127.0.0.1:{port}"
        self.evented_url = f"http://127.0.0.1:{evented}" if self.workers else self.url
        for order in self.faults.iterdir():
            order.unlink()
        with open(self.log_file, "a") as log:
            self.process = subprocess.Popen(
                odoo.command(*self._options(port, evented)),
                env=self._environment(),
                cwd=places.CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        for url in {self.url, self.evented_url}:
            until(lambda url=url: self._serves(url), f"Odoo at {url}", STARTS_WITHIN)
        return self

    def _options(self, port, evented):
        return (
            *("-d", self.database, "--db-filter", f"^{self.database}$"),
            *("--http-interface", "127.0.0.1"),
            *("--http-port", str(port), "--gevent-port", str(evented)),
            *("--workers", str(self.workers)),
            *("--max-cron-threads", str(int(self.cron))),
            *("--load", "base,web,process_faults"),
            *self.log_options,
        )

    def _environment(self):
        values = odoo.environment()
        values["ODOO_ADDONS_PATH"] += f",{HERE / 'addons'}"
        return values | {
            "PROCESS_FAULTS": str(self.faults),
            "MX51_SCI_PAIRING_API_URL": self.sandbox.url,
            "MX51_SCI_PAIRING_API_KEY": API_KEY,
            "MX51_SCI_SIGNING_SECRET_PART_A": PART_A,
        }

    def _serves(self, url):
        assert self.process.poll() is None, self.log_file.read_text()[-3000:]
        with contextlib.suppress(requests.RequestException):
            # Needs the registry: answered once the database has been loaded.
            path = "/web/session/get_session_info"
            return requests.post(url + path, json={}, timeout=PATIENCE).ok

    def kill(self):
        """``kill -9``, at once and with all its workers."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    # -- faults -----------------------------------------------------------------------

    def order(self, fault):
        (self.faults / fault).touch()

    def fault_is_over(self, fault):
        return not (self.faults / fault).exists()

    def happened(self, name):
        return (self.faults / name).exists()

    def withdraw(self, fault):
        (self.faults / fault).unlink(missing_ok=True)

    def log(self):
        return self.log_file.read_text(errors="replace")

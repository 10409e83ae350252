"""An Odoo server as a real process, started and killed by whoever uses it."""

import contextlib
import os
import signal
import subprocess
from functools import partial
from pathlib import Path

import psutil
import requests
from lib import odoo, places, processes

from .concurrency import PATIENCE, until

ADDONS = Path(__file__).parent / "addons"
#: Seconds that a server may take until it serves its database.
STARTS_WITHIN = 120


class OdooServer:
    """An Odoo server process on its own ports, with its log at DEBUG.

    :param folder: keeps its log and the orders of ``process_faults``
    :param workers: HTTP worker processes; 0 is one process with threads
    :param cron: whether it runs scheduled actions
    :param variables: further environment variables
    """

    #: Addons of ours that are loaded and not installed, and the folder they are in.
    loaded = "process_faults"
    addons = ADDONS
    log_options = (
        *("--log-level", "debug"),
        *("--log-handler", "odoo.addons.pos_mx51_sci:DEBUG"),
        *("--log-handler", "urllib3:DEBUG", "--log-handler", "odoo.sql_db:INFO"),
    )

    def __init__(
        self, name, database, sandbox, folder, workers=0, cron=False, variables=None
    ):
        self.database, self.sandbox, self.folder = database, sandbox, folder
        self.workers, self.cron, self.variables = workers, cron, variables or {}
        self.log_file = folder / f"{name}.log"
        self.process = None
        self.faults = folder / f"{name}-faults"
        self.faults.mkdir()

    def start(self):
        """Start it, unless it runs, and wait until it serves this database."""
        if self.process and self.process.poll() is None:
            return self
        self.port, evented = places.any_free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.evented_url = f"http://127.0.0.1:{evented}" if self.workers else self.url
        for order in self.faults.iterdir():
            order.unlink()
        with open(self.log_file, "a") as log:
            self.process = subprocess.Popen(
                odoo.command(*self._options(evented)),
                env=self.environment(),
                cwd=places.CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(processes.end_with_parent, signal.SIGKILL),
            )
        for url in {self.url, self.evented_url}:
            until(lambda url=url: self._serves(url), f"Odoo at {url}", STARTS_WITHIN)
        return self

    def _options(self, evented):
        return (
            *("-d", self.database, "--db-filter", f"^{self.database}$"),
            *("--http-interface", "127.0.0.1"),
            *("--http-port", str(self.port), "--gevent-port", str(evented)),
            *("--workers", str(self.workers)),
            *("--max-cron-threads", str(int(self.cron))),
            *("--load", f"base,web,{self.loaded}"),
            *self.log_options,
        )

    def environment(self):
        values = odoo.environment()
        values["ODOO_ADDONS_PATH"] += f",{self.addons}"
        values["PROCESS_FAULTS"] = str(self.faults)
        return values | self.sandbox.addon_environment() | self.variables

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

    def itself(self):
        return psutil.Process(self.process.pid)

    def children(self):
        """HTTP workers and the evented process."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []

    # -- faults -----------------------------------------------------------------------

    def order(self, fault):
        """See the addon ``process_faults``."""
        (self.faults / fault).touch()

    def fault_is_over(self, fault):
        return not (self.faults / fault).exists()

    def happened(self, name):
        return (self.faults / name).exists()

    def withdraw(self, fault):
        (self.faults / fault).unlink(missing_ok=True)

    def log(self):
        return self.log_file.read_text(errors="replace")

"""All that runs, and how each part of it is disturbed."""

import contextlib
import json
import random
import threading
import time
from collections import deque

import psutil
import requests
from lib import cluster
from testbed.database import Database
from testbed.odoo_server import OdooServer
from testbed.sandbox import Sandbox

from .front_end import FrontEnd
from .many_registers import ManyRegisters

#: Seconds; fields of the terminals, so that a cashier need not wait a minute.
OVERRIDE_AFTER = {"override_after": 10, "override_after_cancel": 5}
#: Number of Odoo hosts and of the HTTP workers of each.
TOPOLOGY = {"hosts": (2, 1), "threaded": (1, 0), "load": (1, 2)}
#: Chances for each statement on the ledger.
CHANCES = {"conflict": 0.01, "lost_commit": 0.002}
#: The terminals and their bank are as quick as a run needs them.
PACE = {
    "accept_delay": 0.1,
    "processing_delay": 0.2,
    "slow_delay": 4,
    "cancel_delay": 0.2,
    "notice_time": 0.1,
    "result_time": 0.3,
    "present_card_timeout": 8,
}


class Host(OdooServer):
    """An Odoo server that is started again after it was killed.

    :param calm: without faults inside Odoo
    """

    log_options = ("--log-level", "info")

    def __init__(self, *args, calm=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.calm = calm
        self.lock = threading.Lock()

    def environment(self):
        chances = {} if self.calm else {"PROCESS_CHANCES": json.dumps(CHANCES)}
        return super().environment() | chances


class Installation:
    """Odoo hosts, PostgreSQL, the sandbox, the shop and its registers' browsers.

    :param mode: see `TOPOLOGY`
    :param calm: without faults inside Odoo, and the sandbox at its usual pace
    """

    def __init__(self, folder, database, mode, registers, calm=False):
        self.database_name = database
        self.ended = threading.Event()
        #: how often each disturbance has happened
        self.disturbances = {}
        self._restarting_postgres = threading.Lock()
        self.sandbox = Sandbox(
            *("--state", folder / "sandbox.sqlite"),
            *("--terminals", registers),
            *("--hold", 20 if calm else 2),
        )
        self.port = int(self.sandbox.url.rpartition(":")[2])
        if not calm:
            self.sandbox.set(**PACE)
        count, workers = TOPOLOGY[mode]
        self.hosts = [
            Host(
                *(f"host{n}", database, self.sandbox, folder),
                workers=workers,
                cron=n == 0,
                calm=calm,
            )
            for n in range(count)
        ]
        for host in self.hosts:
            host.start()
        self.front_end = FrontEnd()
        self.front_end.set_hosts(self.hosts)
        self.database = Database(database)
        self.shop = ManyRegisters(
            registers, self.hosts[0], self.database, self.sandbox, deque(maxlen=0)
        )
        self.database.query(
            "UPDATE ir_cron SET active = (id = %s)",
            self.shop.ref("pos_mx51_sci.ir_cron_sweep"),
        )
        self.shop.pair_terminals({} if calm else OVERRIDE_AFTER)
        # A process that one of these threads starts ends with its thread.
        self._keepers = [
            threading.Thread(target=self._keep_running, args=[it], daemon=True)
            for it in (self._restart_sandbox, *map(self._restarting, self.hosts))
        ]
        for keeper in self._keepers:
            keeper.start()

    def restart_hosts(self):
        """After PostgreSQL has restarted, Odoo's threaded server runs no scheduled
        action until it is started again itself."""
        for host in self.hosts:
            with host.lock:
                host.kill()
                self._start_host(host)

    def _start_host(self, host):
        host.start()
        self.front_end.set_hosts(self.hosts)

    def stop(self):
        self.ended.set()
        for keeper in self._keepers:
            keeper.join()
        for host in self.hosts:
            host.kill()
        self.front_end.stop()
        self.sandbox.stop()

    def _keep_running(self, restart):
        """Do what a service manager does."""
        while not self.ended.wait(0.3):
            try:
                restart()
            except (AssertionError, IndexError):
                pass  # it did not start: once more

    def _restarting(self, host):
        def restart():
            with host.lock:
                if host.process is None or host.process.poll() is not None:
                    self._start_host(host)

        return restart

    def _restart_sandbox(self):
        if self.sandbox.process.poll() is not None:
            self.sandbox.start(self.port)

    # -- mx51's side -------------------------------------------------------------------

    def ask_sandbox(self, call, *args, **kwargs):
        """Call its client, also while it is being started again."""
        while True:
            try:
                return getattr(self.sandbox, call)(*args, **kwargs)
            except requests.RequestException:
                if self.ended.wait(0.3):
                    raise

    def transactions(self, device, kind, cents):
        """The transactions of this amount on a terminal, oldest first."""
        found = self.ask_sandbox("get", "transactions", terminal=device)
        return [
            it
            for it in found
            if it["kind"] == kind and sum(it["amounts"].values()) == cents
        ]

    def charged(self, transaction_id):
        """How often it was charged, less how often that was reversed."""
        signs = {"approved": 1, "reversed": -1}
        return sum(
            signs[charge["outcome"]]
            for charge in self.ask_sandbox("charges")
            if charge["transaction_id"] == transaction_id
        )

    # -- disturbances ------------------------------------------------------------------

    def disturb(self, what, seconds, dice, device):
        """Let ``what`` happen so many seconds from now, in the background."""
        self.disturbances[what] = self.disturbances.get(what, 0) + 1
        threading.Timer(
            seconds, getattr(self, f"_{what}"), [random.Random(dice), device]
        ).start()

    def _kill(self, dice, device):
        host = dice.choice(self.hosts)
        with host.lock:
            children = host.process and host.children()
            if children and dice.random() < 0.7:
                # Its master starts another one.
                with contextlib.suppress(psutil.NoSuchProcess):
                    dice.choice(children).kill()
            elif host.process:
                host.kill()

    def _postgres(self, dice, device):
        with self._restarting_postgres:
            cluster.restart(dice.choice(("fast", "immediate")))

    def _sandbox(self, dice, device):
        self.sandbox.process.kill()

    def _power(self, dice, device):
        self._for_a_while(device, "power", dice)

    def _flight(self, dice, device):
        self._for_a_while(device, "online", dice)

    def _for_a_while(self, device, verb, dice):
        self.ask_sandbox("touch", verb, device, on=False)
        time.sleep(dice.choice((0.5, 2, 8)))
        self.ask_sandbox("touch", verb, device, on=True)

    def _unpair(self, dice, device):
        with contextlib.suppress(AssertionError):  # off, or not paired
            self.ask_sandbox("touch", "unpair", device)

    def _clock(self, dice, device):
        self.ask_sandbox("set", clock_offset=dice.choice((-40, 0, 9, 300)))

    def _versions(self, dice, device):
        self.ask_sandbox("set", version_step=dice.choice((1, 2, 7)))

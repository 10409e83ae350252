"""What can be killed: two Odoo hosts (or one), PostgreSQL, the sandbox; and a shop with
as many registers, each with a terminal of its own."""

import contextlib
import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests
from processes import Odoo, Sandbox
from shop import EFTPOS, Database, Refused, Shop

from .. import cluster

#: Seconds; the terminals' own fields, so that a cashier need not wait a minute.
OVERRIDE_AFTER = {"override_after": 10, "override_after_cancel": 5}
#: Number of Odoo hosts and of the HTTP workers of each.
TOPOLOGY = {"hosts": (2, 1), "threaded": (1, 0), "load": (1, 2)}
#: Chances for each statement on the ledger.
CHANCES = {"conflict": 0.01, "lost_commit": 0.002}
#: The terminals and their bank, as quick as a run needs them.
PACE = {
    "accept_delay": 0.1,
    "processing_delay": 0.2,
    "slow_delay": 4,
    "cancel_delay": 0.2,
    "notice_time": 0.1,
    "result_time": 0.3,
    "present_card_timeout": 8,
}


class Host(Odoo):
    """An Odoo server that is started again when somebody kills it."""

    log_options = ("--log-level", "info")

    def _environment(self):
        chances = {} if self.calm else {"PROCESS_CHANCES": json.dumps(CHANCES)}
        return super()._environment() | chances

    def __init__(self, *args, calm=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.calm = calm
        self.lock = threading.Lock()

    def children(self):
        """HTTP workers and the evented process."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children()
        return []


class Mall(Shop):
    """Many registers, each with its own terminal."""

    def __init__(self, count, *args):
        self.count = count
        super().__init__(*args)

    def furnish(self):
        self.method = self._make_method()
        (journal,) = self.admin.call(
            "account.journal", "search", [("type", "=", "bank")], limit=1
        )
        self.cash = self.admin.call(
            "pos.payment.method", "create", {"name": "Cash", "journal_id": journal}
        )
        self.product = self.admin.call(
            "product.product",
            "create",
            {"name": "Thing", "type": "service", "taxes_id": [(5,)]},
        )
        values = {"payment_method_ids": [(6, 0, [self.method, self.cash])]}
        names = [f"Register {n}" for n in range(self.count)]
        self.registers = self.admin.call(
            "pos.config", "create", [{"name": name, **values} for name in names]
        )
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._open, self.registers))
        sessions = self.admin.call(
            "pos.session",
            "search_read",
            [("config_id", "in", self.registers)],
            ["config_id"],
        )
        self.sessions = {it["config_id"][0]: it["id"] for it in sessions}
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._count_cash, self.sessions.values()))

    def _open(self, register):
        self.admin.call("pos.config", "open_ui", [register])

    def _count_cash(self, session):
        self.admin.call("pos.session", "set_opening_control", [session], 0, "")

    def place_terminals(self, settings):
        """Pair a terminal with these settings for each register."""
        self.devices = [it["id"] for it in self.sandbox.get("state")["terminals"]]
        values = {"payment_method_ids": [(6, 0, [self.method])], **settings}
        self.terminals = self.manager.call(
            EFTPOS, "create", [{"name": name, **values} for name in self.devices]
        )
        self._pairing = {terminal: threading.Lock() for terminal in self.terminals}
        for register, terminal, device in zip(
            self.registers, self.terminals, self.devices, strict=True
        ):
            self.pair(terminal, device)
            self.manager.call(
                "pos.config", "write", [register], {"sci_terminal_id": terminal}
            )

    def mend(self, number, at):
        """A manager finds the terminal without its pairing, and pairs it anew."""
        terminal, device = self.terminals[number], self.devices[number]
        lock = self._pairing[terminal]
        if not lock.acquire(blocking=False):
            return
        try:
            for verb in ("power", "online"):
                self.sandbox.touch(verb, device, on=True)
            call = self.manager.call
            with contextlib.suppress(Refused):
                call(EFTPOS, "action_unpair", [terminal], at=at)
            code = self.sandbox.touch("start_pairing", device)["pairing_code"]
            call(EFTPOS, "action_pair", [terminal], code, at=at)
            self.sandbox.touch("confirm", device)
            call(EFTPOS, "action_test", [terminal], at=at)
        except (Refused, AssertionError, requests.RequestException, ValueError):
            pass  # not now: the cashier asks again
        finally:
            lock.release()


class Rig:
    """All that runs, and how each of it is struck."""

    def __init__(self, folder, database, mode, registers, calm=False):
        self.database_name = database
        self.ended = threading.Event()
        self.struck = {}
        self._restarting_postgres = threading.Lock()
        self.sandbox = Sandbox(
            *("--state", folder / "sandbox.sqlite"),
            *("--terminals", registers),
            *("--hold", 20 if calm else 2),
        )
        self.port = int(self.sandbox.url.rpartition(":")[2])
        if not calm:
            self.sandbox.post("settings", **PACE)
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
        #: where the registers' requests go
        self.doors = self.hosts
        self.database = Database(database)
        self.database.query(
            "UPDATE ir_cron SET active = (id = %s)",
            Shop._ref(self, "pos_mx51_sci.ir_cron_sweep"),
        )
        self.mall = Mall(registers, self.hosts[0], self.database, self.sandbox, [])
        self.mall.place_terminals({} if calm else OVERRIDE_AFTER)
        # Threads that live as long as what they start: it ends with its parent.
        self._keepers = [
            threading.Thread(target=self._keep_running, args=[it], daemon=True)
            for it in (self._restart_sandbox, *map(self._restarting, self.hosts))
        ]
        for keeper in self._keepers:
            keeper.start()

    def restart_hosts(self):
        """Odoo's threaded server runs no scheduled action any more after PostgreSQL
        has restarted, until it is started again itself."""
        for host in self.hosts:
            with host.lock:
                host.kill()
                host.start()

    def stop(self):
        self.ended.set()
        for keeper in self._keepers:
            keeper.join()
        for host in self.hosts:
            host.kill()
        self.sandbox.stop()

    def _keep_running(self, restart):
        """What a service manager does."""
        while not self.ended.wait(0.3):
            try:
                restart()
            except (AssertionError, IndexError):
                pass  # it did not come up: once more

    @staticmethod
    def _restarting(host):
        def restart():
            with host.lock:
                if host.process is None or host.process.poll() is not None:
                    host.start()

        return restart

    def _restart_sandbox(self):
        if self.sandbox.process.poll() is not None:
            self.sandbox.start(self.port)

    # -- looking at mx51's side --------------------------------------------------------

    def told(self, call, *args, **kwargs):
        """Ask the sandbox, also while it is being started again."""
        while True:
            try:
                return getattr(self.sandbox, call)(*args, **kwargs)
            except requests.RequestException:
                if self.ended.wait(0.3):
                    raise

    def transactions(self, device, kind, cents):
        """What the virtual terminal has been asked for in this amount."""
        found = self.told("get", "transactions", terminal=device)
        return [
            it
            for it in found
            if it["kind"] == kind and sum(it["amounts"].values()) == cents
        ]

    def charged(self, transaction_id):
        signs = {"approved": 1, "reversed": -1}
        return sum(
            signs[charge["outcome"]]
            for charge in self.told("charges")
            if charge["transaction_id"] == transaction_id
        )

    # -- striking ----------------------------------------------------------------------

    def strike(self, shock, seconds, dice, device):
        """Let ``shock`` happen so many seconds from now, beside everything else."""
        self.struck[shock] = self.struck.get(shock, 0) + 1
        threading.Timer(
            seconds, getattr(self, f"_{shock}"), [random.Random(dice), device]
        ).start()

    def _kill(self, dice, device):
        host = dice.choice(self.hosts)
        with host.lock:
            children = host.process and host.children()
            if children and dice.random() < 0.7:
                # Killed outright; the master starts another one.
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
        self.told("touch", verb, device, on=False)
        time.sleep(dice.choice((0.5, 2, 8)))
        self.told("touch", verb, device, on=True)

    def _unpair(self, dice, device):
        with contextlib.suppress(AssertionError):  # it is off, or not paired
            self.told("touch", "unpair", device)

    def _clock(self, dice, device):
        self.told("post", "settings", clock_offset=dice.choice((-40, 0, 9, 300)))

    def _versions(self, dice, device):
        self.told("post", "settings", version_step=dice.choice((1, 2, 7)))

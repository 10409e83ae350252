"""The production topology: nginx, Odoo with two workers and the evented process, the
sandbox as mx51, and the upstream of the rivals."""

import contextlib
import itertools
import math
import threading
import time
import uuid
from collections import deque
from pathlib import Path

import requests
from lib import databases, packages, places, processes
from lib.console import Stop, step
from testbed import nginx
from testbed.database import Database
from testbed.odoo_server import OdooServer
from testbed.sandbox import QUICK, Sandbox
from testbed.shop import Shop

from . import rivals

WORKERS = 2
#: Seconds that mx51 holds a poll: longer than Odoo waits for it, as it is reported of
#: the real one (``docs/protocol.md`` 3.5).
HOLD = 30
#: Seconds after which a waiting payment's poll is renewed.
RENEWED_AFTER = 20
#: What mx51 takes for each answer, seconds.
DELAY = 0.08
SLOW = 1.0
#: From the card to the bank's decision: longer than an answer takes.
PROCESSING = 0.5
#: A request of Odoo's own that does next to nothing. This nginx sends it to the evented
#: process, as it sends what is compared with it.
NOTHING = "/web/session/check"
PRODUCT, PRICE = "Benchmark", 12.5


class BenchmarkServer(OdooServer):
    """Odoo whose payment addons reach our upstream instead of the internet."""

    loaded = "bench_upstream"
    addons = Path(__file__).parent / "addons"
    log_options = ("--log-level", "warn", "--limit-time-real", "600")

    def environment(self):
        return super().environment() | {"BENCH_UPSTREAM": self.upstream.url}


class Topology(contextlib.ExitStack):
    """Everything that runs, with the shop in it.

    :param quick: a smoke run: each thing once
    """

    def __init__(self, database, folder, quick):
        super().__init__()
        self.database, self.folder, self.quick = database, folder, quick
        self.numbers = itertools.count(1)

    def __enter__(self):
        super().__enter__()
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def _start(self):
        self.sandbox = Sandbox("--hold", HOLD)
        self.callback(self.sandbox.stop)
        databases.install(
            self.database, ["-i", ",".join(rivals.MODULES)], "Installing the rivals"
        )
        with step("Starting the production topology"):
            self.upstream = self._started_upstream()
            self.server = self._started_odoo()
            self.url, self.evented_url = self.server.url, self.server.evented_url
            db = Database(self.database)
            self.callback(db.close)
            db.query("UPDATE ir_cron SET active = FALSE")
            self.shop = Shop(self, db, self.sandbox, deque(maxlen=0))
            self.evented_url = self.url = self._started_nginx()
            self.shop.sandbox.reset()
            self.shop.new_terminal()
            self.product = self._make_product()
            self.methods = rivals.methods(self)
            self.reset()

    # -- the processes -----------------------------------------------------------------

    def _started_upstream(self):
        process = self._run(
            "upstream", [packages.python(), "-m", "benchmark.upstream"], 20, "Upstream"
        )
        return rivals.Upstream(process.log.read_text().split()[-1])

    def _started_odoo(self):
        server = BenchmarkServer(
            *("benchmark", self.database, self.sandbox, self.folder), workers=WORKERS
        )
        server.upstream = self.upstream
        server.log_file = places.LOGS / "bench-odoo.log"
        server.log_file.unlink(missing_ok=True)
        self.callback(server.kill)
        return server.start()

    def _started_nginx(self):
        lines, log = self.shop.proxy_lines(), places.LOGS / "bench-nginx.log"
        return self.enter_context(
            nginx.started(self.folder, self.server.port, lines, log, [NOTHING])
        )

    def _run(self, name, command, seconds, ready):
        log = places.LOGS / f"bench-{name}.log"
        process = self.enter_context(
            processes.started(name, command, log, cwd=places.CHECKOUT / "dev")
        )
        processes.wait_until(lambda: ready in log.read_text(), process, seconds)
        return process

    @contextlib.contextmanager
    def threaded(self):
        """A second Odoo on the same database, with threads and without nginx."""
        folder = self.folder / "threaded"
        folder.mkdir(exist_ok=True)
        server = BenchmarkServer("threaded", self.database, self.sandbox, folder)
        server.upstream = self.upstream
        try:
            yield server.start()
        finally:
            server.kill()

    def processes(self):
        """(HTTP workers, evented process)"""
        children = self.server.children()
        evented = [p for p in children if "gevent" in p.cmdline()]
        if len(evented) != 1:
            raise Stop(f"Odoo has {len(evented)} evented processes.")
        return [p for p in children if p not in evented], evented[0]

    # -- mx51 --------------------------------------------------------------------------

    def reset(self, delay=DELAY):
        """Have an idle terminal and no unresolved payment; see `set_delay`."""
        if self.sandbox.get("terminals/front-bar")["screen"] == "present_card":
            self.sandbox.touch("cancel")
        self.shop.database.resolve_all()
        self.sandbox.set(**QUICK, busy="error")
        self.sandbox.set(processing_delay=PROCESSING, accept_delay=0)
        self.set_delay(delay)

    def set_delay(self, delay):
        """From now on each answer of mx51, and of the rivals' upstream, takes so many
        seconds."""
        self.delay = delay
        self.sandbox.clear_faults()
        self.upstream.set(delay=delay)
        if delay:
            self.sandbox.post(
                "faults", action="delay_after", path="^/v1/", times=0, seconds=delay
            )

    # -- the shop's other work ---------------------------------------------------------

    def _make_product(self):
        values = {"name": PRODUCT, "available_in_pos": True, "list_price": PRICE}
        product = self.shop.admin.call("product.product", "create", values)
        self.shop.database.query(
            "DELETE FROM product_taxes_rel USING product_product p"
            " WHERE prod_id = p.product_tmpl_id AND p.id = %s",
            product,
        )
        return product

    def sync(self, client=None, at=None):
        """Save an order of five lines as a register does; return the seconds."""
        shop = self.shop
        (session,) = shop.database.query(
            "SELECT id FROM pos_session WHERE config_id = %s AND state = 'opened'",
            shop.front_bar,
        )
        number = next(self.numbers)
        lines = [
            [
                0,
                0,
                {
                    "uuid": str(uuid.uuid4()),
                    "product_id": self.product,
                    "qty": 1,
                    "price_unit": PRICE,
                    "price_subtotal": PRICE,
                    "price_subtotal_incl": PRICE,
                    "tax_ids": [[6, 0, []]],
                },
            ]
            for _line in range(5)
        ]
        order = {
            "uuid": str(uuid.uuid4()),
            "session_id": session["id"],
            "name": f"Order {number:05}",
            "pos_reference": f"bench-{number:05}",
            "sequence_number": number,
            "lines": lines,
            "payment_ids": [],
            "state": "draft",
            "amount_paid": 0,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": 5 * PRICE,
            "partner_id": False,
            "fiscal_position_id": False,
            "pricelist_id": False,
            "to_invoice": False,
            "user_id": False,
        }
        began = time.monotonic()
        while True:
            with contextlib.suppress(
                requests.RequestException
            ):  # Odoo has no room for it
                cashier = client or shop.cashier
                cashier.call("pos.order", "sync_from_ui", [order], at=at)
                return time.monotonic() - began
            time.sleep(0.2)

    def syncs(self, count, patience=math.inf, at=None):
        """Seconds of each of ``count``; of three or more after ``patience`` seconds."""
        began, seen = time.monotonic(), []
        while len(seen) < count:
            seen.append(self.sync(at=at))
            if len(seen) >= 3 and time.monotonic() - began > patience:
                break
        return seen


class Sampler:
    """Samples every 50 ms, in the background, until the end of the block."""

    def __init__(self, sample):
        self._sample, self._over = sample, threading.Event()
        self.seen = []

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def _run(self):
        while not self._over.wait(0.05):
            self.seen.append(self._sample())

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

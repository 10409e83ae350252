"""The production topology: nginx, Odoo with two workers and the evented process, the
sandbox as mx51, and the upstream of the rivals."""

import contextlib
import itertools
import math
import threading
import time
import uuid
from collections import deque

import psutil
import requests
from processes import API_KEY, PART_A, QUICK, Sandbox
from shop import Database, Shop

from .. import databases, odoo, packages, places, processes, setup
from ..console import Stop, step
from . import rivals

WORKERS = 2
#: What mx51 takes for each answer, seconds.
DELAY = 0.08
SLOW = 1.0
#: From the card to the bank's decision: longer than an answer takes.
PROCESSING = 0.5
PRODUCT, PRICE = "Benchmark", 12.5
HERE = places.CHECKOUT / "dev" / "lib" / "bench"
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    proxy_max_temp_file_size 0;  # its worker is nobody, the folder ours
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_read_timeout 720s;
    {map}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        {location}
        location / {{
            proxy_pass http://127.0.0.1:{http};
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""


class Place(contextlib.ExitStack):
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
        self.sandbox = Sandbox("--hold", "20")
        self.callback(self.sandbox.stop)
        databases.install(
            self.database, ["-i", ",".join(rivals.MODULES)], "Installing the rivals"
        )
        with step("Starting the production topology"):
            self.upstream = self._started_upstream()
            self.server = self._started_odoo()
            db = Database(self.database)
            self.callback(db.close)
            db.query("UPDATE ir_cron SET active = FALSE")
            self.shop = Shop(self, db, self.sandbox, deque(maxlen=0))
            self.evented_url = self.url = self._started_nginx()
            self.shop.sandbox.reset()
            self.shop.new_terminal()
            self.product = self._make_product()
            self.methods = rivals.methods(self)
            self.settle()

    # -- the processes -----------------------------------------------------------------

    def _started_upstream(self):
        process = self._run(
            "upstream", [packages.python(), "-m", "lib.bench.upstream"], 20, "Upstream"
        )
        return rivals.Upstream(process.log.read_text().split()[-1])

    def _started_odoo(self):
        self.http, self.gevent = places.any_free_ports(2)
        self.url = self.evented_url = f"http://127.0.0.1:{self.http}"
        command = odoo.command(
            *("-d", self.database, "--db-filter", f"^{self.database}$"),
            *("--http-port", self.http, "--gevent-port", self.gevent),
            *("--workers", WORKERS, "--max-cron-threads", 0, "--log-level", "warn"),
            *("--load", "base,web,bench_upstream", "--limit-time-real", 600),
        )
        values = odoo.environment()
        values["ODOO_ADDONS_PATH"] += f",{HERE / 'addons'}"
        values |= {
            "BENCH_UPSTREAM": self.upstream.url,
            "MX51_SCI_PAIRING_API_URL": self.sandbox.url,
            "MX51_SCI_PAIRING_API_KEY": API_KEY,
            "MX51_SCI_SIGNING_SECRET_PART_A": PART_A,
        }
        log = places.LOGS / "bench-odoo.log"
        process = self.enter_context(
            processes.started("Odoo", command, log, cwd=places.CHECKOUT, env=values)
        )
        for port in (self.http, self.gevent):
            address = f"http://127.0.0.1:{port}/web/login"
            processes.wait_until(lambda at=address: processes.answers(at), process, 120)
        return process

    def _started_nginx(self):
        """With the lines that the back office shows to whoever needs them."""
        settings = self.shop.admin.call("res.config.settings", "create", {})
        (shown,) = self.shop.admin.call(
            "res.config.settings", "read", [settings], ["sci_proxy_lines"]
        )
        first_line, second_line = shown["sci_proxy_lines"].splitlines()
        (port,) = places.any_free_ports(1)
        config = self.folder / "nginx.conf"
        config.write_text(
            NGINX.format(
                folder=self.folder,
                port=port,
                http=self.http,
                map=first_line,
                location=second_line,
            )
        )
        command = [setup.proxy_path(), "-c", config, "-p", self.folder, "-e", "stderr"]
        log = places.LOGS / "bench-nginx.log"
        process = self.enter_context(processes.started("nginx", command, log))
        url = f"http://127.0.0.1:{port}"
        processes.wait_until(lambda: processes.answers(f"{url}/web/login"), process, 20)
        return url

    def _run(self, name, command, seconds, ready):
        log = places.LOGS / f"bench-{name}.log"
        process = self.enter_context(
            processes.started(name, command, log, cwd=places.CHECKOUT / "dev")
        )
        processes.wait_until(lambda: ready in log.read_text(), process, seconds)
        return process

    def odoo_processes(self):
        """(HTTP workers, evented process)"""
        children = psutil.Process(self.server.pid).children()
        evented = [p for p in children if "gevent" in p.cmdline()]
        if len(evented) != 1:
            raise Stop(f"Odoo has {len(evented)} evented processes.")
        return [p for p in children if p not in evented], evented[0]

    # -- mx51 --------------------------------------------------------------------------

    def settle(self, delay=DELAY):
        """An idle terminal and no open payment; each answer takes `delay`."""
        if self.sandbox.get("terminals/front-bar")["screen"] == "present_card":
            self.sandbox.touch("cancel")
        self.shop.database.settle()
        self.sandbox.post("settings", **QUICK, busy="error")
        self.sandbox.post("settings", processing_delay=PROCESSING, accept_delay=0)
        self.take(delay)

    def take(self, delay):
        """From now on each answer of mx51, or of a rival's upstream, takes so long."""
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

    def sync(self, client=None):
        """Sync an order of five lines as a register does; answer the seconds."""
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
            with contextlib.suppress(requests.RequestException):  # turned away
                (client or shop.cashier).call("pos.order", "sync_from_ui", [order])
                return time.monotonic() - began
            time.sleep(0.2)

    def syncs(self, count, patience=math.inf):
        """Seconds that each of ``count`` took, or of three at least once ``patience``
        (seconds) is over."""
        began, seen = time.monotonic(), []
        while len(seen) < count:
            seen.append(self.sync())
            if len(seen) >= 3 and time.monotonic() - began > patience:
                break
        return seen


class Sampler:
    """Looks every 50 ms, beside what is measured, until the end of the block."""

    def __init__(self, look):
        self._look, self._over = look, threading.Event()
        self.seen = []

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def _run(self):
        while not self._over.wait(0.05):
            self.seen.append(self._look())

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

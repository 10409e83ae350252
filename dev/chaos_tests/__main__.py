"""The run itself; ``lib/chaos.py`` is the command."""

import itertools
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from lib import cluster, console, databases, places
from lib.chaos import parser
from lib.console import say
from testbed.database import Database

from . import load
from .books import Books
from .cashier import LONGEST, Sale
from .closing import close_all
from .comparison import Comparison
from .installation import Installation
from .meddled import MeddledSale, came_of
from .plans import plans

#: Odoo's modules that have doors of their own to orders.
MODULES = "pos_restaurant,pos_discount"


def main(arguments):
    options = parser().parse_args(arguments)
    registers = options.registers or min(30, max(2, options.payments // 4))
    mode = "load" if options.load else options.mode
    begun = time.monotonic()
    with (
        cluster.durable("chaos"),
        tempfile.TemporaryDirectory() as folder,
    ):
        databases.new("chaos")
        databases.install("chaos", ["-i", MODULES], "Installing other doors")
        folder = Path(folder)
        installation = Installation(
            folder, "chaos", mode, registers, calm=bool(options.load)
        )
        try:
            say(f"  {registers} registers open after {time.monotonic() - begun:.0f} s")
            if options.load:
                bad = _load(installation, folder, options)
            else:
                todo = itertools.islice(plans(options.seed), options.payments)
                bad = _run(installation, todo)
        finally:
            logs = places.LOGS / "chaos"
            logs.mkdir(exist_ok=True)
            for host in installation.hosts:
                (logs / host.log_file.name).write_text(host.log())
            installation.stop()
    return 1 if bad else 0


def _load(installation, folder, options):
    todo = load.until(options.load, plans(options.seed, calm=True))
    with load.behind_nginx(installation, folder), load.Meter(installation) as meter:
        bad = _run(installation, todo)
    return meter.report() or bad


def _run(installation, todo):
    begun = time.monotonic()
    day = Day(installation, todo)
    day.work()
    spent = time.monotonic() - begun
    day.next_morning()
    database = Database(installation.database_name)
    _a_day_later(installation, database)
    close_all(installation.shop)
    comparison = Comparison(installation, database, day.sales)
    books = Books(installation, database)
    database.close()
    _report(installation, day, comparison, spent)
    for line in books.lines():
        say(line)
    bad = comparison.bad + books.bad
    say(f"\n  {bad} that must not happen")
    return bad


class Day:
    """All sales of one day."""

    def __init__(self, installation, todo):
        self.installation = installation
        self.sales = []
        self._todo = iter(todo)
        self._lock = threading.Lock()
        self._refundable = []

    def work(self):
        threads = [
            threading.Thread(target=self._serve, args=[register], daemon=True)
            for register in range(self.installation.shop.count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _serve(self, register):
        """One customer after the other at one register."""
        while sale := self._next(register):
            watch = threading.Timer(LONGEST, sale.close)
            watch.start()
            begun = time.monotonic()
            sale.run()
            sale.took = time.monotonic() - begun
            watch.cancel()
            sale.wait()
            with self._lock:
                self.sales.extend(sale.others)
            if sale.outcome == "left" and sale.plan.number % 2:
                sale.come_back()  # of the others, the next morning
            if sale.outcome == "card" and sale.plan.kind == "purchase":
                if not sale.plan.doors:
                    self._refundable.append(sale)

    def _next(self, register):
        with self._lock:
            plan = next(self._todo, None)
            if not plan:
                return None
            original = None
            if plan.kind == "refund":
                if self._refundable:
                    original = self._refundable.pop()
                else:
                    plan.kind, plan.cents = "purchase", 100_000 + plan.number
            kind = MeddledSale if plan.doors else Sale
            sale = kind(self.installation, plan, register, original)
            self.sales.append(sale)
            return sale

    def next_morning(self):
        for device in self.installation.shop.devices:
            for verb in ("power", "online"):
                self.installation.ask_sandbox("touch", verb, device, on=True)
        for sale in self.sales:
            # A start may still have been on its way when it was looked for.
            if sale.outcome in ("left", "customer gone"):
                sale.come_back()


def _a_day_later(installation, database):
    """Have the scheduled action poll again what was overridden, and after a day leave
    to a manager what nobody can resolve, such as rows of lost pairings."""
    installation.ask_sandbox("clear_faults")
    installation.restart_hosts()
    installation.shop.database = database
    guard = "TRIGGER pos_sci_transaction_guard"
    for passed in ("1 hour", "1 day"):
        database.query(f"ALTER TABLE pos_sci_transaction DISABLE {guard}")
        database.query(
            "UPDATE pos_sci_transaction SET followed_at = followed_at - %s::interval,"
            " override_at = override_at - %s::interval"
            " WHERE status NOT IN ('FINALISED', 'not_sent')",
            *(passed, passed),
        )
        database.query(f"ALTER TABLE pos_sci_transaction ENABLE {guard}")
        installation.shop.sweep()


def _report(installation, day, comparison, spent):
    sales = day.sales
    outcomes = Counter(sale.outcome for sale in sales)
    errors = Counter(error for sale in sales for error in sale.errors)
    answers = [answer for sale in sales for answer in sale.answers]
    wrong = sum(answer != truth for _, answer, truth in answers)
    say(f"\n  {len(sales)} payments in {spent:.0f} s: {dict(outcomes)}")
    took = sorted(sale.took for sale in sales)
    middle, most = took[len(took) // 2], took[-1]
    say(f"  a payment took {middle:.0f} s in the median, {most:.0f} s at the most")
    say(f"  disturbances: {installation.disturbances}")
    say(f"  causes of failed attempts: {dict(errors)}")
    say(
        f"  overrides: {len(answers)}, of these wrong {wrong}, of these "
        f"{comparison.wrong_without_id} of rows without an id\n"
    )
    for door, came_of_it in sorted(came_of.items()):
        say(f"  door {door:<20}{dict(came_of_it)}")
    for line in comparison.lines():
        say(line)


if __name__ == "__main__":
    sys.exit(console.guarded(main, sys.argv[1:]))

"""The run itself, with the Python packages at hand."""

import itertools
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

# The process tests have the processes and the shop.
sys.path.append(str(Path(__file__).parents[2] / "process_tests"))

from shop import Database  # noqa: E402

from .. import cluster, console, databases, places  # noqa: E402
from ..console import say  # noqa: E402
from . import load, parser  # noqa: E402
from .cashier import LONGEST, Sale  # noqa: E402
from .compare import Comparison  # noqa: E402
from .plan import plans  # noqa: E402
from .rig import Rig  # noqa: E402


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
        folder = Path(folder)
        rig = Rig(folder, "chaos", mode, registers, calm=bool(options.load))
        try:
            say(f"  {registers} registers open after {time.monotonic() - begun:.0f} s")
            if options.load:
                bad = _load(rig, folder, options)
            else:
                todo = itertools.islice(plans(options.seed), options.payments)
                bad = _run(rig, todo)
        finally:
            logs = places.LOGS / "chaos"
            logs.mkdir(exist_ok=True)
            for host in rig.hosts:
                (logs / host.log_file.name).write_text(host.log())
            rig.stop()
    return 1 if bad else 0


def _load(rig, folder, options):
    todo = load.until(options.load, plans(options.seed, calm=True))
    with load.behind_nginx(rig, folder), load.Meter(rig) as meter:
        bad = _run(rig, todo)
    return meter.report() or bad


def _run(rig, todo):
    begun = time.monotonic()
    day = Day(rig, todo)
    day.work()
    spent = time.monotonic() - begun
    day.next_morning()
    database = Database(rig.database_name)
    _a_day_later(rig, database)
    comparison = Comparison(rig, database, day.sales)
    database.close()
    _report(rig, day, comparison, spent)
    return comparison.bad


class Day:
    """All sales of all registers."""

    def __init__(self, rig, todo):
        self.rig = rig
        self.sales = []
        self._todo = iter(todo)
        self._lock = threading.Lock()
        self._refundable = []

    def work(self):
        threads = [
            threading.Thread(target=self._serve, args=[register], daemon=True)
            for register in range(self.rig.mall.count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _serve(self, register):
        """A queue of customers at one register."""
        while sale := self._next(register):
            watch = threading.Timer(LONGEST, sale.closed.set)
            watch.start()
            begun = time.monotonic()
            sale.run()
            sale.took = time.monotonic() - begun
            watch.cancel()
            if sale.outcome == "left" and sale.plan.number % 2:
                sale.come_back()  # the others do so the next morning
            if sale.outcome == "card" and sale.plan.kind == "purchase":
                self._refundable.append(sale.payment_uuid)

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
            sale = Sale(self.rig, plan, register, original)
            self.sales.append(sale)
            return sale

    def next_morning(self):
        for device in self.rig.mall.devices:
            for verb in ("power", "online"):
                self.rig.told("touch", verb, device, on=True)
        for sale in self.sales:
            # A start may have been on its way when somebody looked for it.
            if sale.outcome in ("left", "customer gone"):
                sale.come_back()


def _a_day_later(rig, database):
    """The scheduled action asks mx51 again about what people have answered for, and
    after a day leaves the rest, such as that of lost pairings, to a manager."""
    rig.told("clear_faults")
    rig.restart_hosts()
    rig.mall.database = database
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
        rig.mall.sweep()


def _report(rig, day, comparison, spent):
    sales = day.sales
    outcomes = Counter(sale.outcome for sale in sales)
    met = Counter(error for sale in sales for error in sale.errors)
    answers = [answer for sale in sales for answer in sale.answers]
    wrong = sum(answer != truth for _, answer, truth in answers)
    say(f"\n  {len(sales)} payments in {spent:.0f} s: {dict(outcomes)}")
    took = sorted(sale.took for sale in sales)
    middle, most = took[len(took) // 2], took[-1]
    say(f"  a payment took {middle:.0f} s in the median, {most:.0f} s at the most")
    say(f"  struck: {rig.struck}")
    say(f"  cashiers met: {dict(met)}")
    say(
        f"  outcomes stated: {len(answers)}, wrongly {wrong}, of these "
        f"{comparison.wrong_without_id} about rows without an id\n"
    )
    for line in comparison.lines():
        say(line)
    say(f"\n  {comparison.bad} that must not be")


if __name__ == "__main__":
    sys.exit(console.guarded(main, sys.argv[1:]))

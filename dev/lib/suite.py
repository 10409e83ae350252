"""The parts of the test suite: how each is run and how its result is read."""

import sys
import threading
import xml.etree.ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from . import databases, odoo, odoo_log, packages, places, processes
from .console import Stop

# Two run at a time: what needs no Odoo while the first one makes the templates, then
# the longest first.
PARTS = (
    *("odoo", "sandbox", "package", "playbook", "process", "http", "chaos", "bench"),
    *("modules", "hoot", "property", "pytest", "start"),
)
# Seeds with many kinds of faults.
CHAOS = {
    "hosts": ("--payments", "10", "--seed", "385"),
    "threaded": ("--payments", "6", "--seed", "231"),
}
# The measurements that take seconds; ./dev/bench runs all of them.
BENCH = ("signing", "page_weight")
# Enough to see that pytest-odoo runs our tests; Odoo's runner runs all of them.
WITH_PYTEST_ODOO = "test_cancel.py"
# Odoo's modules that have doors of their own to orders; tests tagged so need them all.
MODULES = (
    *("pos_restaurant", "pos_discount", "pos_loyalty", "pos_hr", "pos_sale"),
    *("pos_online_payment", "pos_self_order", "pos_event"),
)
MODULES_TAG = "sci_all_modules"
# Odoo's own tests of what an order is paid with, refunded and invoiced.
FLOWS = (
    *("order_refund", "order_partial_refund_rounding", "refund_qty_refund_cancel"),
    *("refund_multiple_payment_rounding", "order_to_payment_currency"),
    *("order_with_different_payments_and_refund", "order_refund_with_invoice"),
    *("sale_order_postponed_invoicing", "order_invoiced_after_session_closed"),
    *("invoice_rounding_overpaid_backend", "state_when_closing_register"),
    *("payment_difference_accounting_items", "order_to_invoice_no_tax"),
    "split_payment_linked_to_accounting_partner",
)
# Tests of Odoo's own that pass with the addon; ./dev/peers compares many more of them.
PEERS = (
    *(f"/point_of_sale:TestPointOfSaleFlow.test_{name}" for name in FLOWS),
    "/pos_restaurant:TestFrontend.test_combo_preparation_receipt",
    "/pos_self_order:TestSelfOrderKiosk.test_self_order_kiosk_to_cashier_payment",
)
HTTP_TAG = "sci_http"
LINK = places.ADDONS / places.ADDON
UNIT_TESTS = f"/web:WebSuite.test_unit_desktop[@{places.ADDON}]"
# Bundles as Odoo makes them before its tests: a request waits for another's 20 s. And a
# company with a chart of accounts, which each class of tests would take seconds for.
MAKE_READY = """
env["ir.qweb"]._pregenerate_assets_bundles()
company = env["res.company"].create({"name": "Tests"})
chart = env["account.chart.template"]
chart.try_loading("generic_coa", company=company, install_demo=False)
company.account_fiscal_country_id = env.ref("base.us")
env["ir.model.data"].create(
    {
        "module": "__test__",
        "name": "company",
        "model": company._name,
        "res_id": company.id,
        "noupdate": True,
    }
)
env.cr.commit()
"""
RUN_UNIT_TESTS = f"""
from odoo.tests.shell import run_tests
run_tests(env, {UNIT_TESTS!r}, modules=["web"])
"""


@dataclass
class Outcome:
    """The result of one part; `details` has the failures."""

    passed: int = 0
    failed: int = 0
    details: list = field(default_factory=list)

    def complain(self, log):
        """Count each warning and error in an Odoo log as a failure, if none is known.

        A failed test logs its failure: that is shown, and not counted a second time.
        """
        found = odoo_log.complaints(log.read_text(errors="replace"))
        if found and not self.failed:
            self.failed = len(found)
        self.details += found


class Suite:
    """One run of the suite; `logs` is its own folder, `mark` goes into names."""

    def __init__(self, logs, mark, stopped):
        self.logs = Path(logs)
        self.mark = mark
        self.stopped = stopped
        self._making = threading.Lock()
        self._ready = self._database("ready")

    # Each part answers an Outcome.

    def sandbox(self):
        """The sandbox's own tests, without Odoo."""
        return self._pytest("sandbox", "sandbox/tests", plugin="no:odoo")

    def odoo(self):
        """The addon's Python tests in Odoo's runner."""
        name = self._with_addon("odoo")
        return self._odoo_tests("odoo", name, f"/{places.ADDON},-{HTTP_TAG}")

    def http(self):
        """The tours, and what else asks Odoo over HTTP, in Odoo's runner."""
        name = self._with_addon("http")
        return self._odoo_tests("http", name, f"{HTTP_TAG},-{MODULES_TAG}")

    def modules(self):
        """What other modules of Odoo do to an order, all of them installed together,
        and what becomes of their own tests."""
        name = self._database("modules")
        databases.copy_of_template(name)
        install = ("-i", ",".join([*MODULES, places.ADDON]))
        ours = self._odoo_tests("modules", name, MODULES_TAG, *install)
        # They log warnings without the addon too: what counts is whether they pass.
        peers = self._odoo_log("peers", name, ",".join(PEERS)).read_text(
            errors="replace"
        )
        passed, failed = odoo_log.results(peers)
        details = odoo_log.complaints(peers) if failed or not passed else []
        return Outcome(
            passed=ours.passed + passed,
            failed=ours.failed + (failed or not passed),
            details=ours.details + details,
        )

    def _odoo_tests(self, part, name, tags, *options):
        log = self._odoo_log(part, name, tags, *options)
        outcome = Outcome(*odoo_log.results(log.read_text(errors="replace")))
        return self._judged(outcome, log)

    def _odoo_log(self, part, name, tags, *options):
        """Run Odoo's tests with these tags; return the log."""
        log = self.logs / f"{part}.log"
        http, gevent = places.any_free_ports(2)
        self._run(
            odoo.command(
                *("-d", name, "--stop-after-init", *options),
                *("--test-enable", "--test-tags", tags),
                *("--http-port", http, "--gevent-port", gevent),
            ),
            log,
        )
        return log

    def start(self):
        """A server with the addon, without credentials, starts without a complaint."""
        name = self._with_addon("start")
        log = self.logs / "start.log"
        (port,) = places.any_free_ports(1)
        command = odoo.command("-d", name, "--http-port", port)
        with processes.started("Odoo", command, log, env=self._environment()) as server:
            address = f"http://127.0.0.1:{port}/web/login"
            processes.wait_until(lambda: processes.answers(address), server, 90)
        outcome = Outcome(passed=1)
        outcome.complain(log)
        outcome.complain(databases.install_log(databases.with_addon()))
        if outcome.failed:
            outcome.passed = 0
        return outcome

    def hoot(self):
        """The unit tests of the front end, in the browser, through Odoo's web suite."""
        name = self._with_addon("hoot")
        log = self.logs / "hoot.log"
        self._in_the_shell(name, RUN_UNIT_TESTS, log)
        outcome = Outcome(*odoo_log.hoot_results(log.read_text(errors="replace")))
        return self._judged(outcome, log)

    def pytest(self):
        """A file of the Python tests through pytest-odoo."""
        name = self._with_addon("pytest")
        return self._pytest(
            "pytest",
            LINK / "tests" / WITH_PYTEST_ODOO,
            f"--rootdir={LINK}",
            f"--odoo-database={name}",
            "--odoo-http",
            cwd=LINK,
        )

    def process(self):
        """Tests that start, kill and restart real Odoo processes."""
        return self._pytest("process", "dev/process_tests", plugin="no:odoo")

    def property(self):
        """Generated inputs: parsers, money, the ledger."""
        return self._pytest("property", "dev/property_tests", plugin="no:odoo")

    def package(self):
        """What a release holds; the settings of the linters."""
        return self._pytest("package", "dev/package_tests", plugin="no:odoo")

    def playbook(self):
        """What ./dev/certify and ./dev/screenshots play is whole; nothing is played."""
        return self._pytest("playbook", "dev/playbook/tests", plugin="no:odoo")

    def chaos(self):
        """Payments while everything fails, on two hosts, then on a threaded server."""
        outcomes = [
            self._command("chaos", "--mode", mode, *arguments, log=f"chaos-{mode}")
            for mode, arguments in CHAOS.items()
        ]
        return Outcome(
            sum(it.passed for it in outcomes),
            sum(it.failed for it in outcomes),
            [text for it in outcomes for text in it.details],
        )

    def bench(self):
        """The quick measurements of the benchmark once, however fast."""
        return self._command("bench", "--quick", *BENCH)

    def _command(self, name, *arguments, log=""):
        """Another command in dev/, whose exit status says whether all is well."""
        log = self.logs / f"{log or name}.log"
        command = [sys.executable, places.CHECKOUT / "dev" / name, *arguments]
        if not self._run(command, log):
            return Outcome(passed=1)
        return Outcome(failed=1, details=[log.read_text(errors="replace")])

    def clear(self):
        """Forget the databases of this run."""
        for name in (self._ready, *map(self._database, PARTS)):
            databases.drop(name)

    def _judged(self, outcome, log):
        outcome.complain(log)
        if not outcome.passed and not outcome.failed:
            outcome.failed = 1
            outcome.details.append(f"No test was run; see {log}")
        return outcome

    def _pytest(self, name, folder, *arguments, plugin=None, cwd=places.CHECKOUT):
        log, report = self.logs / f"{name}.log", self.logs / f"{name}.xml"
        # Not the checkout: that is an Odoo addon, which pytest would import.
        root = [] if arguments else [f"--rootdir={places.CHECKOUT / folder}"]
        status = self._run(
            [
                *(packages.python(), "-m", "pytest", *root, *arguments),
                *(["-p", plugin] if plugin else []),
                *("-p", "no:cacheprovider", "-q", "--tb=short"),
                *(f"--junitxml={report}", folder),
            ],
            log,
            cwd=cwd,
        )
        text = log.read_text(errors="replace")
        outcome = _from_junit(report)
        if status and not outcome.failed:
            outcome.failed = 1
        if outcome.failed:
            outcome.details.append(text)
        return outcome

    def _with_addon(self, part):
        """A new database with the addon and what its tests share, for this part."""
        name = self._database(part)
        with self._making:
            if not databases.exists(self._ready):
                databases.new(self._ready)
                log = self.logs / "ready.log"
                if self._in_the_shell(self._ready, MAKE_READY, log):
                    raise Stop(f"No database is ready for the tests; see {log}")
            databases.copy(self._ready, name)
        return name

    def _in_the_shell(self, name, text, log):
        script = log.with_suffix(".py")
        script.write_text(text)
        (port,) = places.any_free_ports(1)
        command = odoo.command("shell", "-d", name, "--http-port", port)
        return self._run(command, log, stdin=script)

    def _database(self, part):
        return f"test_{self.mark}_{part}"

    def _run(self, command, log, **options):
        options.setdefault("cwd", places.CHECKOUT)
        environment = self._environment()
        with processes.started(
            log.stem, command, log, env=environment, **options
        ) as process:
            return processes.wait_for_end(process, self.stopped.is_set)

    def _environment(self):
        """Odoo's, without what the developer has set for other purposes."""
        return {
            name: value
            for name, value in odoo.environment().items()
            if not name.startswith(("MX51_", "PYTEST_"))
        }


def _from_junit(report):
    """The counts of pytest's report; a skipped test counts as failed."""
    if not report.exists():
        return Outcome()
    suite = xml.etree.ElementTree.parse(report).getroot().find("testsuite")
    if suite is None:
        raise Stop(f"pytest wrote a report without results: {report}")
    count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors")}
    failed = count["failures"] + count["errors"] + int(suite.get("skipped", 0))
    return Outcome(max(count["tests"] - failed, 0), failed)

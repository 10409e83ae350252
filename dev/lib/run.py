"""./dev/run: the demo shop with virtual EFTPOS terminals, ready for a browser.

Makes everything that is missing, then serves until Ctrl-C.
"""

import argparse
import contextlib
import time

from . import cluster, demo_shop, odoo, packages, places, processes, setup
from .console import say, step

SANDBOX_STATE = places.OWN / "sandbox.sqlite"
# What the sandbox accepts. No secrets: it listens on this machine only.
API_KEY = "sandbox-api-key"
SIGNING_SECRET_PART_A = "sandbox-part-a"


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="dev/run",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="start over: forget the shop's database and the virtual terminals",
    )
    fresh = parser.parse_args(arguments).fresh
    begun = time.monotonic()
    http = places.free_port("MX51_DEV_HTTP_PORT")
    sandbox = places.free_port("MX51_DEV_SANDBOX_PORT")
    places.prepare()
    with contextlib.ExitStack() as running:
        if setup.prepare():
            running.callback(cluster.stop)
        demo_shop.get(fresh)
        with step("Starting the virtual terminals"):
            running.enter_context(_sandbox(sandbox, fresh))
        with step("Starting Odoo"):
            server = running.enter_context(_odoo(http, sandbox))
        _say_where_to_go(http, sandbox, time.monotonic() - begun)
        try:
            while True:
                processes.check(server)
                time.sleep(1)
        except KeyboardInterrupt:
            say("\nEnding …")


@contextlib.contextmanager
def _sandbox(port, fresh):
    if fresh:
        for file in SANDBOX_STATE.parent.glob(f"{SANDBOX_STATE.name}*"):
            file.unlink()
    process = processes.started(
        "The sandbox",
        [
            *(packages.python(), "-m", "sandbox", "--host", "127.0.0.1"),
            *("--port", port, "--state", SANDBOX_STATE),
        ],
        places.LOGS / "sandbox.log",
        cwd=places.CHECKOUT,
        env=odoo.environment()
        | {
            "MX51_SANDBOX_API_KEY": API_KEY,
            "MX51_SANDBOX_SIGNING_SECRET_PART_A": SIGNING_SECRET_PART_A,
        },
    )
    with process as sandbox:
        processes.wait_until(
            lambda: "Sandbox ready at" in sandbox.log.read_text(), sandbox, 20
        )
        yield sandbox


@contextlib.contextmanager
def _odoo(port, sandbox_port):
    process = processes.started(
        "Odoo",
        odoo.command("-d", demo_shop.DATABASE, "--http-port", port, "--workers", 0),
        places.LOGS / "odoo.log",
        cwd=places.CHECKOUT,
        env=odoo.environment()
        | {
            "MX51_SCI_PAIRING_API_URL": f"http://127.0.0.1:{sandbox_port}",
            "MX51_SCI_PAIRING_API_KEY": API_KEY,
            "MX51_SCI_SIGNING_SECRET_PART_A": SIGNING_SECRET_PART_A,
        },
    )
    with process as server:
        address = f"http://127.0.0.1:{port}/web/login"
        processes.wait_until(lambda: processes.answers(address), server, 90)
        yield server


def _say_where_to_go(http, sandbox, seconds):
    say(f"\nReady after {seconds:.0f} s. Now open, in a browser on this machine:\n")
    base = f"http://localhost:{http}"
    for number, name in demo_shop.registers():
        say(f"  {'Register ' + name:<20} {base}/pos/ui/{number}")
    say(f"  {'Back office':<20} {base}/odoo")
    say(f"  {'Virtual terminals':<20} http://localhost:{sandbox}/")
    say("\n  Logins: admin/admin, manager/manager, cashier/cashier")
    say(f"  Odoo's log: {places.LOGS / 'odoo.log'}")
    say("\nCtrl-C ends all of it.")

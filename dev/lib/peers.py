"""./dev/peers: Odoo's own tests end with this addon installed exactly as without it.

Runs them twice, in copies of one database with Odoo's POS modules, and prints which
tests end differently, and which warnings appear only with the addon. Without options a
selection that takes at most ten minutes.
"""

import argparse
import os
import re
import time

from . import databases, odoo, odoo_log, places, processes, setup
from .console import say, step
from .suite import MODULES

#: A few tours of each module where this addon has most to do.
SELECTION = (
    "/point_of_sale:TestUi.test_01_pos_basic_order",
    "/point_of_sale:TestUi.test_04_product_configurator",
    "/point_of_sale:TestUi.test_refund_order_with_fp_tax_included",
    "/point_of_sale:TestUi.test_customer_display",
    "/point_of_sale:TestPointOfSaleFlow",
    "/pos_restaurant:TestFrontend.test_01_pos_restaurant",
    "/pos_restaurant:TestFrontend.test_combo_preparation_receipt",
    "/pos_hr:TestUi",
    "/pos_loyalty:TestUi.test_loyalty_free_product_rewards",
    "/pos_loyalty:TestUi.test_gift_card_program",
    "/pos_sale:TestPoSSale.test_settle_order_with_kit",
    "/pos_self_order:TestSelfOrderKiosk",
    "/pos_online_payment:TestUi",
)
ALL = tuple(f"/{module}" for module in ("point_of_sale", *MODULES))
#: The first words of a test's end in the log.
ENDED = re.compile(r": (FAIL|ERROR): (\S+)")
#: What differs between two runs of the same.
CHANCE = re.compile(
    r"^\S+ \S+ \d+ |\b(without|with)_peers\b|\d+|https?://\S+|/tmp/\S+|0x[0-9a-f]+"
)


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/peers", description=__doc__)
    parser.add_argument("--all", action="store_true", help="all tests of these modules")
    tags = ALL if parser.parse_args(arguments).all else SELECTION
    begun = time.monotonic()
    setup.prepare(browser=True, proxy=True)
    base = f"peers_{os.getpid()}"
    try:
        databases.copy_of_template(base)
        databases.install(base, ["-i", ",".join(MODULES)], "Installing Odoo's modules")
        without = _run(base, "without_peers", tags)
        databases.install(base, ["-i", places.ADDON], "Installing the addon")
        databases.check_installed(base, databases.install_log(base))
        with_it = _run(base, "with_peers", tags)
    finally:
        databases.drop(base)
    differs = _compare(without, with_it)
    say(f"{time.monotonic() - begun:.0f} s in all. Logs: {places.LOGS}")
    return 1 if differs else 0


def _run(base, name, tags):
    """Run Odoo's tests in the database; return the log's text."""
    log = places.LOGS / f"{name}.log"
    http, gevent = places.any_free_ports(2)
    ports = ["--http-port", http, "--gevent-port", gevent]
    wanted = ["--test-enable", "--test-tags", ",".join(tags)]
    command = odoo.command("-d", base, "--stop-after-init", *wanted, *ports)
    env = {k: v for k, v in odoo.environment().items() if not k.startswith("MX51_")}
    with (
        step(name.replace("_peers", " the addon")),
        processes.started("Odoo", command, log, cwd=places.CHECKOUT, env=env) as run,
    ):
        processes.wait_for_end(run)
    text = log.read_text(errors="replace")
    passed, failed = odoo_log.results(text)
    say(f"    {passed} passed, {failed} failed")
    return text


def _compare(without, with_it):
    """Print what differs; return whether anything does."""
    counts = odoo_log.results(without), odoo_log.results(with_it)
    if not sum(counts[0]):
        say("No test was run.")
        return True
    differs = counts[0] != counts[1]
    for title, found in (
        ("Fails only with the addon", _failed(with_it) - _failed(without)),
        ("Fails only without it", _failed(without) - _failed(with_it)),
        ("Warning only with the addon", _warnings(with_it) - _warnings(without)),
    ):
        for text in sorted(found):
            say(f"{title}: {text}")
        differs |= bool(found)
    if not differs:
        say("Nothing differs.")
    return differs


def _failed(text):
    return {name for _how, name in ENDED.findall(text)}


def _warnings(text):
    """Complaints without what chance has put into them."""
    return {
        CHANCE.sub("", found.splitlines()[0])
        for found in odoo_log.complaints(text)
        if not ENDED.search(found)
    }

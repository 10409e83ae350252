"""The addon's ZIP file in an empty Odoo: install, pair and sell, in Chromium."""

import contextlib

from lib import databases, odoo, places
from lib.console import Stop, step
from playwright.sync_api import expect
from testbed import browser
from testbed.browser import RegisterTab
from testbed.concurrency import until
from testbed.database import Database
from testbed.shop import EFTPOS, Shop

from .shipped_server import install, serving

DATABASE = "release_new"
PRODUCT, CENTS = "Flat white", 450
SCREEN = {"width": 1366, "height": 768}


def check(addon, sandbox, pictures):
    """What is wrong, as texts."""
    problems = []
    try:
        with databases.made(DATABASE) as name:
            _make(name)
            problems += install(
                name,
                addon,
                ["-i", f"l10n_au,{places.ADDON}"],
                "Installing the ZIP file in an empty Odoo",
            )
        folder = pictures.parent
        with serving(addon, "new", DATABASE, sandbox, folder, problems) as server:
            with contextlib.closing(Database(DATABASE)) as database:
                problems += _pair_and_sell(server, database, sandbox, pictures)
    finally:
        databases.drop(DATABASE)
    return problems


def _make(name):
    with step("Making an empty Odoo"):
        log = places.LOGS / "release.log"
        status, printed = odoo.run_logged(["db", "init", name, "--country", "AU"], log)
    if status:
        raise Stop(f"Odoo could not make a database:\n{printed}")


def _pair_and_sell(server, database, sandbox, pictures):
    shop = Shop(server, database, sandbox, answers=[])
    sandbox.reset()
    values = {"name": PRODUCT, "available_in_pos": True, "list_price": CENTS / 100}
    shop.admin.call("product.product", "create", {**values, "taxes_id": [(5,)]})
    values = {"name": "Counter", "payment_method_ids": [(6, 0, [shop.method])]}
    terminal = shop.manager.call(EFTPOS, "create", values)
    values = {"sci_terminal_id": terminal}
    shop.manager.call("pos.config", "write", [shop.front_bar], values)
    with browser.launched() as chromium:
        with step("Pairing in the back office"):
            errors = _pair(chromium, server, sandbox, terminal, pictures)
        with step("Selling in the register"):
            errors += _sell(chromium, server, shop, pictures)
    charged = [(charge["outcome"], charge["amount"]) for charge in sandbox.charges()]
    if charged != [("approved", CENTS)]:
        errors.append(f"The terminal has charged {charged}.")
    return [f"In the browser's console: {error}" for error in errors]


def _pair(chromium, server, sandbox, terminal, pictures):
    profile = browser.logged_in(
        chromium, server.url, DATABASE, "manager", viewport=SCREEN
    )
    page, errors = profile.new_page(), []
    browser.note_errors(page, errors.append)
    page.goto(f"/odoo/{EFTPOS}/{terminal}")
    panel = page.locator(".o_sci_pairing")
    code = sandbox.touch("start_pairing")["pairing_code"]
    panel.locator("input[name=pairing_code]").fill(code)
    panel.locator("button[name=pair]").click()
    expect(panel.locator(".o_sci_confirmation_code")).to_be_visible()
    page.screenshot(path=pictures / "1-confirmation-code.png")
    sandbox.touch("confirm")
    test = panel.locator("button[name=test]")
    expect(panel.locator(".o_sci_confirming")).to_contain_text("Confirmed")
    test.click()
    expect(panel.locator(".o_sci_success")).to_contain_text("This terminal is paired.")
    page.screenshot(path=pictures / "2-paired.png")
    profile.close()
    return errors


def _sell(chromium, server, shop, pictures):
    profile = browser.logged_in(
        chromium, server.url, DATABASE, "cashier", viewport=SCREEN
    )
    tab = RegisterTab(profile, shop.front_bar).open()
    tab.press_product(PRODUCT)
    tab.to_payment()
    tab.choose_method("Card")
    shop.sandbox.shows("present_card")
    dialog = tab.page.locator(".o_sci_dialog")
    expect(dialog).to_contain_text("present card")
    tab.page.screenshot(path=pictures / "3-waiting-for-the-card.png")
    shop.sandbox.card("approve")
    expect(dialog).to_contain_text("APPROVED")
    tab.page.screenshot(path=pictures / "4-approved.png")
    with contextlib.suppress(Exception):  # it may have closed by itself
        dialog.get_by_role("button", name="Done").click(timeout=3000)
    expect(tab.page.locator(".receipt-screen")).to_be_visible()
    tab.page.screenshot(path=pictures / "5-receipt.png")
    until(
        lambda: shop.database.query(
            "SELECT 1 FROM pos_order WHERE state = 'paid' AND amount_total = %s",
            CENTS / 100,
        ),
        "the order to be paid",
    )
    profile.close()
    return tab.errors

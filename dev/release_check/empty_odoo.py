"""The addon's ZIP file in an empty Odoo: install, pair and sell, in Chromium."""

import contextlib
import functools

from lib import databases, odoo, places
from lib.console import Stop, step
from playwright.sync_api import Error, expect
from testbed import browser
from testbed.browser import RegisterTab
from testbed.concurrency import until
from testbed.database import Database
from testbed.shop import EFTPOS, Shop

from .shipped_server import install, serving

DATABASE = "release_new"
PRODUCT, CENTS = "Flat white", 450
WAIT = browser.PATIENCE
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
    terminal, register = _set_up(shop)
    with browser.launched() as chromium:
        log_in = functools.partial(
            browser.logged_in, chromium, server.url, DATABASE, viewport=SCREEN
        )
        errors = []
        with step("Pairing in the back office"):
            page = log_in("manager").new_page()
            browser.note_errors(page, errors.append)
            with _seen(page, pictures):
                _pair(page, sandbox, terminal, pictures)
        with step("Selling in the register"):
            tab = RegisterTab(log_in("cashier"), register)
            # Nothing cuts the connection here: a request that fails is an error too.
            browser.note_errors(tab.page, errors.append)
            with _seen(tab.page, pictures):
                _sell(tab, shop, pictures)
    problems = [f"In the browser's console: {error}" for error in errors]
    charged = [
        (it["outcome"], {name: cents for name, cents in it["amounts"].items() if cents})
        for it in sandbox.charges()
    ]
    if charged != [("approved", {"purchase_amount": CENTS})]:
        problems.append(f"The terminal has charged {charged}.")
    return problems


def _set_up(shop):
    """A product, a terminal and a register that takes cash and cards."""
    call = shop.admin.call
    values = {"name": PRODUCT, "available_in_pos": True, "list_price": CENTS / 100}
    call("product.product", "create", {**values, "taxes_id": [(5,)]})
    values = {"name": "Counter", "payment_method_ids": [(6, 0, [shop.method])]}
    terminal = shop.manager.call(EFTPOS, "create", values)
    journal = call("account.journal", "create", {"name": "Till", "type": "cash"})
    values = {"name": "Cash", "journal_id": journal}
    # With a single method Odoo would choose it by itself.
    register = shop.open_register("Till", call("pos.payment.method", "create", values))
    values = {"sci_terminal_id": terminal}
    shop.manager.call("pos.config", "write", [register], values)
    return terminal, register


@contextlib.contextmanager
def _seen(page, pictures):
    """What does not happen in the browser is a sentence and a picture."""
    try:
        yield
    except (Error, AssertionError) as error:
        page.screenshot(path=pictures / "failed.png")
        raise Stop(f"In the browser, see {pictures / 'failed.png'}:\n{error}") from None


def _pair(page, sandbox, terminal, pictures):
    page.goto(f"/odoo/{EFTPOS}/{terminal}", wait_until="commit")
    panel = page.locator(".o_sci_pairing")
    # The first page of all waits until Odoo has made the assets.
    panel.wait_for(timeout=4 * WAIT)
    code = sandbox.touch("start_pairing")["pairing_code"]
    panel.locator("input[name=pairing_code]").fill(code)
    panel.locator("button[name=pair]").click()
    expect(panel.locator(".o_sci_confirmation_code")).to_be_visible(timeout=WAIT)
    page.screenshot(path=pictures / "1-confirmation-code.png")
    sandbox.touch("confirm")
    confirming = panel.locator(".o_sci_confirming")
    expect(confirming).to_contain_text("Confirmed", timeout=WAIT)
    panel.locator("button[name=test]").click()
    success = panel.locator(".o_sci_success")
    expect(success).to_contain_text("This terminal is paired.", timeout=WAIT)
    page.screenshot(path=pictures / "2-paired.png")


def _sell(tab, shop, pictures):
    tab.open()
    tab.press_product(PRODUCT)
    tab.to_payment()
    tab.choose_method("Card")
    shop.sandbox.shows("present_card")
    dialog = tab.page.locator(".o_sci_dialog")
    expect(dialog).to_contain_text("present card", timeout=WAIT)
    tab.page.screenshot(path=pictures / "3-waiting-for-the-card.png")
    shop.sandbox.card("approve")
    expect(dialog).to_contain_text("APPROVED", timeout=WAIT)
    expect(tab.page.locator(".o_blockUI")).to_have_count(0, timeout=WAIT)
    tab.page.screenshot(path=pictures / "4-approved.png")
    with contextlib.suppress(Error):  # it may have closed by itself
        dialog.get_by_role("button", name="Done").click(timeout=3000)
    expect(tab.page.locator(".receipt-screen")).to_be_visible(timeout=WAIT)
    tab.page.screenshot(path=pictures / "5-receipt.png")
    paid = "SELECT 1 FROM pos_order WHERE state = 'paid' AND amount_total = %s"
    until(lambda: shop.database.query(paid, CENTS / 100), "the order to be paid")

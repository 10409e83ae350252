"""A kiosk's payment page in Chromium, as the customer has it."""

import os

import pytest
from lib import databases
from playbook.accessibility import examined
from playwright.sync_api import expect
from testbed import browser
from testbed.database import Database
from testbed.odoo_server import OdooServer
from testbed.shop import Shop

#: Of a kiosk that stands upright, and of the smallest screen.
SIZES = [{"width": 1080, "height": 1920}, {"width": 390, "height": 844}]
PRODUCT = "Letter Tray"


class KioskShop(Shop):
    """A shop whose front bar is a kiosk."""

    def new_terminal(self):
        super().new_terminal()
        values = {
            "self_ordering_mode": "kiosk",
            "self_ordering_pay_after": "each",
            "self_ordering_service_mode": "counter",
            "use_presets": False,
        }
        self.admin.call("pos.config", "write", [self.front_bar], values)

    def kiosk_path(self):
        (register,) = self.database.query(
            "SELECT access_token FROM pos_config WHERE id = %s", self.front_bar
        )
        token = register["access_token"]
        return f"/pos-self/{self.front_bar}?access_token={token}"


@pytest.fixture(scope="module")
def shop(sandbox, tmp_path_factory):
    name = f"test_{os.getpid()}_kiosk"
    databases.new(name)
    databases.install(name, ["-i", "pos_self_order"], "Installing pos_self_order")
    database = Database(name)
    database.query("UPDATE ir_cron SET active = FALSE")
    server = OdooServer("kiosk", name, sandbox, tmp_path_factory.mktemp("kiosk"))
    shop = KioskShop(server.start(), database, sandbox, [])
    shop.new_terminal()
    yield shop
    server.kill()
    database.close()
    databases.drop(name)


@pytest.fixture
def page(shop, chromium):
    """The page of an order that is being paid."""
    profile = chromium.new_context(base_url=shop.server.url, viewport=SIZES[0])
    profile.set_default_timeout(browser.PATIENCE)
    page = profile.new_page()
    page.goto(shop.kiosk_path(), timeout=120_000)  # Odoo makes its assets
    page.get_by_text("Order Now").click()
    page.get_by_text(PRODUCT).first.click()
    page.get_by_text("Checkout").click()
    page.get_by_role("button", name="Pay").click()
    yield page
    profile.close()


def looks_well(page, text):
    """It says so, and at no size anything is wrong for whoever cannot see it well."""
    expect(page.locator(".o_sci_kiosk")).to_have_text(text, timeout=browser.PATIENCE)
    for size in SIZES:
        page.set_viewport_size(size)
        assert examined(page, is_register=False)["axe"] == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], "it does not fit"


def test_whoever_cannot_see_it_well_can_pay(page, shop):
    looks_well(page, "Waiting for customer to present card")
    page.get_by_role("button", name="Cancel").click()
    looks_well(page, "The payment was cancelled.")
    page.get_by_role("button", name="Retry").click()
    shop.sandbox.card("decline")
    looks_well(page, "Your card was declined. Please try again.")
    page.get_by_role("button", name="Retry").click()
    looks_well(page, "Waiting for customer to present card")
    shop.server.kill()
    looks_well(page, "Please call our staff.")

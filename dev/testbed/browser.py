"""A register in Chromium, as a cashier uses it.

Debian's browser, driven by the Python package playwright; nothing is downloaded.
"""

import contextlib
import json

from lib import setup
from lib.console import Stop
from playwright.sync_api import Error, sync_playwright

#: It has no window, root may run it, and it sends nothing by itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: In the texts of browser and Odoo about a lost connection, which is no error.
LOST = ("net::ERR_", "ConnectionLostError")
#: What takes longer than this (milliseconds) is not going to happen.
PATIENCE = 30_000


@contextlib.contextmanager
def launched():
    """A browser without a window, until the end of the block."""
    path = setup.browser_path()
    if not path:
        raise Stop("There is no browser: ./dev/setup says which package is missing.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def logged_in(browser, url, database, login, **options):
    """A fresh profile (cookies, storage) in which somebody is logged in; tabs of it
    are tabs of one browser. The password is the login.

    :param options: of playwright's ``new_context``, e.g. ``viewport``
    """
    profile = browser.new_context(base_url=url, **options)
    profile.set_default_timeout(PATIENCE)
    params = {"db": database, "login": login, "password": login}
    answer = profile.request.post(
        "/web/session/authenticate", data={"jsonrpc": "2.0", "params": params}
    ).json()
    if "error" in answer:
        raise Stop(f"{login} could not log in: {json.dumps(answer['error'])}")
    return profile


def note_errors(page, note):
    """Call ``note(text)`` with each uncaught error and whatever is logged as one."""

    def note_message(message):
        if message.type == "error":
            note(message.text)

    page.on("pageerror", lambda error: note(str(error)))
    page.on("console", note_message)


class RegisterTab:
    """A register in one tab.

    ``errors`` gets uncaught errors and whatever is logged as an error, apart from lost
    connections.
    """

    def __init__(self, profile, config_id):
        self.address = f"/pos/ui?config_id={config_id}"
        self.errors = []
        self.page = profile.new_page()
        note_errors(self.page, self._note)
        self.page.on("dialog", self._leave)

    def _note(self, text):
        if not any(word in text for word in LOST):
            self.errors.append(text)

    def _leave(self, dialog):
        with contextlib.suppress(Error):  # gone with its page
            dialog.accept()

    def open(self):
        """Load the register, its session being open already, and unlock it."""
        self.load()
        self.unlock()
        return self

    def load(self):
        self.page.goto(self.address, wait_until="commit")
        self._shown()

    def reload(self):
        self.page.reload(wait_until="commit")
        self._shown()

    def _shown(self):
        # The first tab of all waits until Odoo has made the assets.
        screen = self.page.locator(".pos > .pos-content > *").first
        try:
            screen.wait_for(timeout=4 * PATIENCE)
        except Error:
            text = self.page.locator("body").inner_text()
            raise Stop(f"No register, but: {text!r} {self.errors}") from None

    def unlock(self):
        """A new tab first asks who is working."""
        self.page.locator(".open-register-btn").click()
        self.page.locator(".product-screen").wait_for()

    # -- selling ----------------------------------------------------------------------

    def press_product(self, name):
        self.page.locator("article.product", has_text=name).first.click()

    def to_payment(self):
        self.page.locator(".pay-order-button").first.click()
        self.page.locator(".payment-screen").wait_for()

    def choose_method(self, name):
        """Touch a payment method; one with a terminal starts the payment."""
        self.page.locator(".paymentmethod", has_text=name).first.click()

    def payment_lines(self):
        """The texts of the payment lines on the screen."""
        return self.page.locator(".paymentlines .paymentline").all_inner_texts()

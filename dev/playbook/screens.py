"""The elements of the screens. What is found by a class or a structure is named here
and nowhere else; everything else is found by its text or its role."""

import contextlib

from playwright.sync_api import Error, TimeoutError, expect
from testbed.browser import RegisterTab
from testbed.concurrency import until

#: Run in each page: printing only counts.
COUNT_PAPER = """
window.paper = [];
window.print = () => {
    const shown = document.querySelector(".render-container");
    window.paper.push(shown ? shown.innerText : "");
};
"""
PAIRING = ".o_sci_pairing"
DIALOG = ".o_sci_dialog"
#: The dialog on top, Odoo's own ones included.
TOP = ".modal:visible"
TERMINAL_CHOICE = ".o_sci_terminal:not([disabled])"
IMAGES = ".o_sci_image img"
LOGO = ".o_sci_pairing .o_sci_wordmark"
DETAILS = ".o_sci_details"
STATUS_MARK = "button.o_sci_status"
PART_BY_CARD = ".o_sci_part"
#: Of the closing popup, those with payments behind them.
NUMBERS = ".o_sci_day_number:enabled"
CUSTOMER_DISPLAY = ".o_customer_display"
SHOWN_TO_CUSTOMER = ".o_sci_customer_display"
UNFINISHED = ".o_sci_unfinished"
#: Everything of ours, whatever it is.
OURS = '[class*="o_sci_"]'
SHOWS_THAT_IT_WORKS = f'{PAIRING}[aria-busy="true"]'

NEW_ORDER = """() => {
    posmodel.sci.transport.useRoute(0);
    const order = posmodel.addNewOrder();
    posmodel.navigate("ProductScreen", {orderUuid: order.uuid});
}"""
#: No answer for half a second, and Odoo does not show that it waits for one. With some
#: versions of Chromium Playwright's "networkidle" never comes.
NOTHING_COMES = """() =>
    !document.querySelector(".o_loading_indicator") &&
    performance.getEntriesByType("resource").every(
        ({responseEnd}) => performance.now() - responseEnd > 500
    )
"""
#: The register waits for nothing from Odoo.
IDLE = "() => !posmodel.data.network.loading"
#: An order that is finished on the payment screen goes on to its receipt.
ENDED = """() => !posmodel.sci.takeOver.running.size && !(
    posmodel.getOrder()?.finalized && posmodel.router.state.current === "PaymentScreen"
)"""
PAID_ORDERS = """() => posmodel.navigate("TicketScreen", {
    stateOverride: {filter: "SYNCED", search: {fieldName: "", searchTerm: ""}},
})"""
#: Milliseconds that the first page of all may take: Odoo makes its assets.
FIRST = 120_000
#: Seconds to wait for what a sentence is about to touch.
PATIENCE = 20


class Register(RegisterTab):
    """A register in Chromium."""

    def new_order(self):
        """Show an empty order, whatever is shown."""
        try:  # what was pressed last may be closing it
            expect(self.page.locator(TOP)).to_have_count(0, timeout=3_000)
        except AssertionError:
            self.reload()
        locked = self.page.locator(".open-register-btn")
        if locked.count():
            locked.click()
        self.page.wait_for_function(ENDED)
        for _time in range(4):
            self.page.wait_for_function(IDLE)
            self.page.evaluate(NEW_ORDER)
            # The last order, once it is finished, may show its receipt.
            self.page.wait_for_function(IDLE)
            if self.page.locator(".product-screen").is_visible():
                return
        raise Error("The register does not show an empty order.")

    def ring_up(self, product="Flat white"):
        self.press_product(product)
        self.to_payment()

    def open_pairing(self):
        """The pairing of the register's terminal."""
        if not self.page.locator(".payment-screen").count():
            self.ring_up()
        self.page.locator(".paymentmethod .o_sci_pairing_button").first.click()
        self.page.locator(PAIRING).wait_for()

    def enter_amount(self, keys):
        """In Odoo's number popup, and confirm."""
        popup = self.page.locator(TOP).last
        for key in keys:
            popup.get_by_role("button", name=key, exact=True).first.click()
        popup.locator(".modal-footer .btn-primary").click()

    def tip(self, keys):
        self.page.locator(".payment-screen .button", has_text="Tip").first.click()
        self.enter_amount(keys)

    def show_order(self, number):
        """A paid order among the others.

        :param number: what it is called in the list
        """
        self.new_order()
        self.page.evaluate(PAID_ORDERS)
        row = self.page.locator(".ticket-screen .order-row", has_text=number)
        row.first.click()

    def refund(self, number):
        """To the card, as the cashier does it: from the paid order."""
        page = self.page
        self.show_order(number)
        page.locator(".ticket-screen .orderline").first.click()
        page.locator(".ticket-screen .numpad button", has_text="1").first.click()
        page.locator(".ticket-screen .validation").click()
        page.locator(".payment-screen").wait_for()
        self.choose_method("Card")
        page.locator(".o_sci_payment_line .send_payment_request").click()
        self.choose_terminal()

    def choose_terminal(self, name="Front Bar"):
        """If the register asks which terminal."""
        asked = self.page.get_by_text("Which terminal?")
        message = self.page.locator(f"{DIALOG} {DETAILS}")
        asked.or_(message).first.wait_for()
        if asked.count():
            self.page.locator(TOP).last.get_by_text(name, exact=True).click()

    def card_receipts(self, number):
        """The receipts of a paid order."""
        page = self.page
        self.show_order(number)
        page.locator(".ticket-screen .o_sci_receipts").click()

    def close_session(self):
        """The popup that closes the register."""
        menu = ".pos-topheader .fa-bars, .pos-topheader .oi-menu"
        self.page.locator(menu).first.click()
        self.page.get_by_text("Close Register").first.click()
        self.page.locator(".close-pos-popup").wait_for()


def button(page, name):
    """The button of this name: in the dialog on top, if there is one, else anywhere.

    :raises playwright.sync_api.Error: there is none within ``PATIENCE``
    """

    def found():
        top = page.locator(TOP)
        scope = top.last if top.count() else page
        named = scope.get_by_role("button", name=name, exact=True)
        return named.first if named.count() and named.first.is_enabled() else None

    try:
        return until(found, f"a button {name!r}", PATIENCE)
    except AssertionError as error:
        raise Error(str(error)) from None


def agree(page):
    """Press the first button of Odoo's dialog on top, the one that goes on."""
    page.locator(TOP).last.locator(".modal-footer button").first.click()


def wait_for_view(page):
    """Wait until the back office shows a view with its content."""
    page.locator(".o_action_manager > *").first.wait_for(timeout=FIRST)
    page.wait_for_function(NOTHING_COMES)


def ready(page):
    """Wait until Odoo covers nothing with "Loading…" (or for ten seconds)."""
    with contextlib.suppress(TimeoutError):
        page.locator(".o_blockUI").wait_for(state="hidden", timeout=10_000)


def settled(page):
    """Wait until the pairing screen is not waiting for mx51."""
    page.wait_for_function(
        f"() => !document.querySelector('{SHOWS_THAT_IT_WORKS}')",
        timeout=PATIENCE * 1000,
    )


def text_of(page):
    """What somebody reads on it, without line breaks."""
    top = page.locator(TOP)
    try:
        shown = (top.last if top.count() else page.locator("body")).inner_text(
            timeout=2000
        )
    except TimeoutError:
        return ""
    return " ".join(shown.split())

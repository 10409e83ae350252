"""A register in Chromium whose screen is compared with the ledger."""

import functools
import time

from playwright.sync_api import expect

from .browser import RegisterTab, logged_in
from .concurrency import until

#: Seconds within which the screen has to show what the ledger says.
CATCH_UP = 5
RESULTS = ("APPROVED", "DECLINED", "CANCELLED")
PRODUCT = "Desk Organizer"
CENTS = 510


class CheckedTab(RegisterTab):
    """A tab of a register; it can say whether the screen is right."""

    def __init__(self, register, profile):
        super().__init__(profile, register.config_id)
        self.register, self.shop = register, register.shop
        # Odoo's own dialog about a lost connection.
        going_on = self.page.get_by_role("button", name="Continue with limited")
        self.page.add_locator_handler(going_on, lambda button: button.click())

    # -- what a cashier does ----------------------------------------------------------

    def new_order(self):
        """Show an empty order; routes that failed before count as working."""
        self.page.evaluate(
            """() => {
                posmodel.sci.transport.useRoute(0);
                const order = posmodel.addNewOrder();
                posmodel.navigate("ProductScreen", {orderUuid: order.uuid});
            }"""
        )

    def ring_up(self):
        """Add one product, and go to the payment screen."""
        self.press_product(PRODUCT)
        self.to_payment()

    def pay(self):
        """Ring up and touch "Card"; return the payment's uuid."""
        self.ring_up()
        return self.touch_card()

    def touch_card(self):
        self.choose_method("Card")
        return self.page.evaluate("posmodel.getOrder().payment_ids.at(-1).uuid")

    def button(self, label):
        """A button of the card dialog."""
        return self.page.locator(".o_sci_dialog button", has_text=label).first

    def press(self, label):
        self.button(label).click()

    def put_aside(self):
        self.press("Put aside")
        expect(self.page.locator(".o_sci_dialog")).to_have_count(0)

    def validate(self):
        self.page.locator(".payment-screen .validation-button.next").click()

    def kill(self):
        """End the tab; none of its code runs any more."""
        self.page.close(run_before_unload=False)

    def show(self, payment):
        """Go to the payment screen of a payment's order, once the tab has it."""
        order = "posmodel.models['pos.payment'].getBy('uuid', uuid)?.pos_order_id"
        found = f"uuid => Boolean({order})"
        self.page.wait_for_function(found, arg=payment, timeout=CATCH_UP * 1000)
        self.page.evaluate(
            f"""uuid => {{
                const order = {order};
                posmodel.setOrder(order);
                posmodel.navigate("PaymentScreen", {{orderUuid: order.uuid}});
            }}""",
            payment,
        )
        self.page.locator(".payment-screen").wait_for()

    def forget(self):
        """Delete everything that the register has stored in the browser."""
        self.page.evaluate(
            """async () => {
                for (const {name} of await indexedDB.databases()) {
                    indexedDB.deleteDatabase(name);
                }
            }"""
        )

    # -- what the screen shows --------------------------------------------------------

    def row(self, payment):
        return self.shop.database.rows(payment)[-1]

    def waits_for(self, payment, status):
        """Wait until the last row has this status, and the screen shows it."""
        row = self.shop.database.waits_for(payment, status)
        self.agrees_with_ledger(payment)
        return row

    def shown(self, payment):
        """What the screen shows of a payment."""
        return self.page.evaluate(
            """(uuid) => {
                const dialog = document.querySelector(".o_sci_dialog");
                const question = document.querySelector(".o_sci_question");
                const line = posmodel.models["pos.payment"].getBy("uuid", uuid);
                const text = document.querySelector(".o_sci_payment_line .o_sci_text");
                return {
                    screen: posmodel.router.state.current,
                    order: line?.pos_order_id?.state,
                    lost: document.body.innerText.includes("Connection to Odoo lost"),
                    asks: Boolean(question),
                    dialog: dialog?.innerText || "",
                    line: text?.innerText || "",
                };
            }""",
            payment,
        )

    def agrees_with_ledger(self, payment):
        """Within seconds from now the screen shows what the row says."""
        began = time.monotonic()
        while True:
            row, shown = self.row(payment), self.shown(payment)
            problem = contradiction(row, shown)
            took = time.monotonic() - began
            if not problem:
                self.register.delays.append(took)
                return row
            assert took < CATCH_UP, f"{problem}\nrow: {dict(row)}\nscreen: {shown}"
            time.sleep(0.1)

    def is_sold(self, payment, attempts=1):
        """The payment was charged once and is on its order, which is closed.

        :param attempts: how many transactions were sent for it
        """
        self.shop.database.waits_for(payment, "FINALISED")
        self.agrees_with_ledger(payment)
        if self.page.locator(".o_sci_dialog").count():
            self.press("Done")
        expect(self.page.locator(".receipt-screen")).to_be_visible()
        expect(self.page.locator(".modal")).to_have_count(0)
        order = until(lambda: self.order_of(payment), "the order to be paid")
        assert [line["uuid"] for line in order["lines"]] == [payment]
        assert order["amount"] * 100 == CENTS
        sandbox = self.shop.sandbox
        assert (len(sandbox.creates()), len(sandbox.charges())) == (attempts, 1)

    def order_of(self, payment):
        """The paid order of a payment in the database."""
        lines = self.shop.database.query(
            "SELECT other.uuid, other.amount FROM pos_payment line"
            " JOIN pos_order o ON o.id = line.pos_order_id AND o.state = 'paid'"
            " JOIN pos_payment other ON other.pos_order_id = o.id"
            " WHERE line.uuid = %s",
            payment,
        )
        return lines and {"lines": lines, "amount": sum(x["amount"] for x in lines)}


def contradiction(row, shown):
    """What is wrong on the screen; empty if nothing is."""
    if row["status"] == "FINALISED" and row["financial_status"] == "APPROVED":
        if shown["order"] == "paid" and shown["screen"] != "PaymentScreen":
            return ""
    if shown["lost"]:
        return "it shows a lost connection"
    has_result = row["override_outcome"] or row["financial_status"] in RESULTS
    if shown["asks"]:
        return "it asks what is known" if has_result else ""
    if row["financial_status"] == "UNKNOWN" and not row["override_outcome"]:
        return "it does not ask"
    expected = expected_text(row)
    if expected not in f"{shown['dialog']} {shown['line']}":
        return f"it does not show {expected!r}"
    return ""


def expected_text(row):
    if row["override_outcome"]:
        return "Recorded as " + ("paid" if row["override_outcome"] == "yes" else "not")
    if row["status"] == "not_sent":
        return row["error_message"]
    if row["status"] == "unknown":
        return "No answer from"
    if row["status"] == "draft":
        return "Checking the terminal"
    if row["status"] == "sending":
        return "Sending to"
    if row["cancel_requested_at"] and row["status"] != "FINALISED":
        return "Cancelling on"
    return row["message"]


class CheckedRegister:
    """A register that takes cash and cards, and the tabs in which it is open.

    One tab stays open from test to test, as in a shop all day long. ``delays`` are the
    seconds that screens took to agree with the ledger.
    """

    def __init__(self, chromium, proxy, shop):
        self.proxy, self.shop, self.delays = proxy, shop, []
        call = shop.admin.call
        journal = call("account.journal", "create", {"name": "Till", "type": "cash"})
        values = {"name": "Cash", "journal_id": journal}
        cash = call("pos.payment.method", "create", values)
        self.config_id = shop.open_register("Till", cash)
        self._log_in = functools.partial(
            logged_in, chromium, database=shop.database.name, login="cashier"
        )
        self.profile = self._log_in(proxy.url)
        self._lasting, self._tabs = None, []

    def lasting_tab(self):
        """The tab that stays open, at a new order."""
        values = {"sci_terminal_id": self.shop.terminal}
        self.shop.manager.call("pos.config", "write", [self.config_id], values)
        if not self._lasting:
            self._lasting = self.new_tab().open()
        self._lasting.new_order()
        return self._lasting

    def new_tab(self):
        """A tab, to be loaded. Odoo then closes the others in this browser."""
        self._tabs.append(CheckedTab(self, self.profile))
        return self._tabs[-1]

    def other_device(self, url=None):
        """The register on another device, to be loaded.

        :param url: by which it reaches Odoo; by default the proxy's
        """
        self._tabs.append(CheckedTab(self, self._log_in(url or self.proxy.url)))
        return self._tabs[-1]

    def close_tabs(self, is_well):
        """Close all tabs but the lasting one, and that too after a failure.

        :return: the errors that the tabs logged
        """
        errors = [error for tab in self._tabs for error in tab.errors]
        for tab in self._tabs:
            if tab is not self._lasting or errors or not is_well:
                tab.kill()
        if self._lasting and self._lasting.page.is_closed():
            self._lasting = None
        self._tabs = [self._lasting] if self._lasting else []
        return errors

"""A cashier at a register in a real browser, and what the screen has to say."""

import functools
import time

from lib.browser import Register, logged_in
from playwright.sync_api import expect
from processes import until

#: Seconds after which the screen has to say what is so, once it can know.
CATCH_UP = 5
PRODUCT = "Desk Organizer"
CENTS = 510


class Till(Register):
    """A tab of a register."""

    def __init__(self, counter, profile):
        super().__init__(profile, counter.register)
        self.counter, self.shop = counter, counter.shop
        # Odoo's own word about a lost connection, which the cashier reads.
        going_on = self.page.get_by_role("button", name="Continue with limited")
        self.page.add_locator_handler(going_on, lambda button: button.click())

    # -- at work ----------------------------------------------------------------------

    def new_order(self):
        """An empty order on the screen; what failed before is forgotten."""
        self.page.evaluate(
            """() => {
                posmodel.sci.transport.useRoute(0);
                const order = posmodel.addNewOrder();
                posmodel.navigate("ProductScreen", {orderUuid: order.uuid});
            }"""
        )

    def ring_up(self):
        """An order of one product, on its payment screen."""
        self.press_product(PRODUCT)
        self.to_payment()

    def pay(self):
        """Ring up and touch "Card"; answer the payment's uuid."""
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
        """The tab is gone, and nothing of it had time to say goodbye."""
        self.page.close(run_before_unload=False)

    def show(self, payment):
        """Go to the payment screen of a payment's order, when the tab knows of it."""
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
        """The browser loses all that the register has stored in it."""
        self.page.evaluate(
            """async () => {
                for (const {name} of await indexedDB.databases()) {
                    indexedDB.deleteDatabase(name);
                }
            }"""
        )

    # -- what is seen -----------------------------------------------------------------

    def row(self, payment):
        return self.shop.database.rows(payment)[-1]

    def waits_for(self, payment, status):
        """Wait until the payment's row has this status, and the screen knows."""
        row = self.shop.database.waits_for(payment, status)
        self.tells_the_truth(payment)
        return row

    def said(self, payment):
        """What the screen says of a payment: a text, or the screen after it."""
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

    def tells_the_truth(self, payment):
        """Within seconds from now the screen says what the payment's row says."""
        began = time.monotonic()
        while True:
            row, said = self.row(payment), self.said(payment)
            problem = contradiction(row, said)
            took = time.monotonic() - began
            if not problem:
                self.counter.delays.append(took)
                return row
            assert took < CATCH_UP, f"{problem}\nrow: {dict(row)}\nscreen: {said}"
            time.sleep(0.1)

    def is_sold(self, payment, attempts=1):
        """The payment was charged once and is on its order, which is closed.

        :param attempts: transactions that were meant
        """
        self.shop.database.waits_for(payment, "FINALISED")
        self.tells_the_truth(payment)
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
        """The paid order of a payment, as Odoo has it."""
        lines = self.shop.database.query(
            "SELECT other.uuid, other.amount FROM pos_payment line"
            " JOIN pos_order o ON o.id = line.pos_order_id AND o.state = 'paid'"
            " JOIN pos_payment other ON other.pos_order_id = o.id"
            " WHERE line.uuid = %s",
            payment,
        )
        return lines and {"lines": lines, "amount": sum(x["amount"] for x in lines)}


def contradiction(row, said):
    """What the screen says that is not so, if anything."""
    if row["status"] == "FINALISED" and row["financial_status"] == "APPROVED":
        if said["order"] == "paid" and said["screen"] != "PaymentScreen":
            return ""
    expected = expected_text(row)
    shown = said["dialog"] or said["line"]
    if said["lost"]:
        return "the connection is said to be lost"
    if expected not in f"{shown} {said['line']}":
        return f"it does not say {expected!r}"
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
    if row["financial_status"] == "UNKNOWN":
        return "We could not get the result"
    if row["cancel_requested_at"] and row["status"] != "FINALISED":
        return "Cancelling on"
    return row["message"]


class Counter:
    """A register of its own, with cash beside cards, and the tabs it is open in.

    One tab stays open from test to test, as it does in a shop all day long. ``delays``
    are the seconds that screens took to say the truth.
    """

    def __init__(self, chromium, proxy, shop):
        self.proxy, self.shop, self.delays = proxy, shop, []
        call = shop.admin.call
        journal = call("account.journal", "create", {"name": "Till", "type": "cash"})
        values = {"name": "Cash", "journal_id": journal}
        cash = call("pos.payment.method", "create", values)
        self.register = shop.open_register("Till", cash)
        self._log_in = functools.partial(
            logged_in, chromium, proxy.url, shop.database.name, "cashier"
        )
        self.profile = self._log_in()
        self.standing, self.tabs = None, []

    def till(self):
        """The tab that stands open, at a new order."""
        values = {"sci_terminal_id": self.shop.terminal}
        self.shop.manager.call("pos.config", "write", [self.register], values)
        if not self.standing:
            self.standing = self.tab().open()
        self.standing.new_order()
        return self.standing

    def tab(self):
        """A tab, to be loaded. Odoo closes those that are open in this browser."""
        self.tabs.append(Till(self, self.profile))
        return self.tabs[-1]

    def device(self):
        """The register on another device, to be loaded."""
        self.tabs.append(Till(self, self._log_in()))
        return self.tabs[-1]

    def clear(self, is_well):
        """Close all tabs but the standing one, and that too if it is not well."""
        errors = [error for tab in self.tabs for error in tab.errors]
        for tab in self.tabs:
            if tab is not self.standing or errors or not is_well:
                tab.kill()
        if self.standing and self.standing.page.is_closed():
            self.standing = None
        self.tabs = [self.standing] if self.standing else []
        return errors

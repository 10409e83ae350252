"""A register on a phone, in German with its long words and in Arabic from right to
left: nothing of ours reaches beyond the screen or is cut off, and nothing has to be
pushed sideways to be read."""

import pytest
from testbed.browser import RegisterTab, logged_in

PHONE = {"width": 390, "height": 844}
CASHIER = "manager"  # who may pair and settle as well

#: What is wrong on a page, of ours and of dialogs with something of ours in them.
_WRONG = """(width) => {
    const OURS = '[class*="o_sci_"]';
    const wanted = `${OURS}, ${OURS} *, .modal-body:has(${OURS})`;
    const shown = [...document.querySelectorAll(wanted)].filter(
        (node) =>
            node.checkVisibility() &&
            node.offsetWidth > 1 &&
            !node.closest(".render-container") // paper
    );
    const isBeyond = (node) => {
        const {left, right} = node.getBoundingClientRect();
        return left < -1 || right > width + 1;
    };
    const isCut = (node) =>
        node.tagName !== "INPUT" &&
        getComputedStyle(node).overflowX !== "visible" &&
        node.scrollWidth > node.clientWidth + 1;
    const told = (node) => `${node.className}: ${node.innerText}`.slice(0, 150);
    const {scrollWidth} = document.scrollingElement;
    return [
        ...(scrollWidth > width ? [`the page is ${scrollWidth} wide`] : []),
        ...shown.filter(isBeyond).map((node) => `beyond the screen: ${told(node)}`),
        ...shown.filter(isCut).map((node) => `cut off: ${told(node)}`),
    ];
}"""


class Phone(RegisterTab):
    """A register on a phone, which notes what is wrong with its screens."""

    def __init__(self, *args):
        super().__init__(*args)
        self.wrong = []

    def look_at(self, selector):
        """Wait for it, and note what is wrong then."""
        self.page.locator(selector).first.wait_for()
        found = self.page.evaluate(_WRONG, PHONE["width"])
        self.wrong += [f"{selector}: {text}" for text in found]

    def press(self, selector):
        self.page.locator(selector).first.click()

    def to_payment(self):
        self.press(".pay-button")
        self.page.locator(".payment-screen").wait_for()

    def new_order(self):
        self.page.evaluate(
            """() => posmodel.navigate("ProductScreen", {
                orderUuid: posmodel.addNewOrder().uuid,
            })"""
        )

    def ring_up(self):
        self.press_product("Desk Organizer")
        self.to_payment()


@pytest.fixture(scope="module")
def register(lasting_shop):
    call = lasting_shop.admin.call
    journal = call("account.journal", "create", {"name": "Tin", "type": "cash"})
    cash = {"name": "Coins", "journal_id": journal}
    # With one method alone, Odoo chooses it on the way to the payment screen.
    cash = call("pos.payment.method", "create", cash)
    register = lasting_shop.open_register("Phone", cash)
    values = {"sci_cashout": True, "sci_moto": True}
    lasting_shop.manager.call("pos.config", "write", [register], values)
    return register


@pytest.fixture(params=["de_DE", "ar_001"])
def phone(request, chromium, shop, register):
    """The register on a phone, in one of the languages."""
    call = shop.admin.call
    found = [("code", "=", request.param)]
    inactive = {"active_test": False}
    language = call("res.lang", "search", found, context=inactive)
    # Without what is translated in the database, which takes long to load.
    call("res.lang", "write", language, {"active": True})
    user = call("res.users", "search", [("login", "=", CASHIER)])
    call("res.users", "write", user, {"lang": request.param})
    call("pos.config", "write", [register], {"sci_terminal_id": shop.terminal})
    profile = logged_in(
        *(chromium, shop.server.url, shop.database.name, CASHIER),
        **{"viewport": PHONE, "has_touch": True, "is_mobile": True},
    )
    phone = Phone(profile, register).open()
    yield phone
    profile.close()
    call("res.users", "write", user, {"lang": "en_US"})
    assert not phone.errors, phone.errors


def test_everything_fits_on_a_phone_in_another_language(phone, shop):
    sandbox = shop.sandbox
    phone.press(".o_sci_status")
    phone.look_at(".o_sci_panel .o_sci_terminal_card")
    phone.press(".o_sci_help summary")
    phone.look_at(".o_sci_help dd")
    phone.press(".modal-footer .btn-primary")
    phone.ring_up()
    phone.look_at(".o_sci_card_buttons")
    phone.press(".o_sci_pairing_button")
    phone.look_at(".o_sci_pairing .o_sci_success")
    phone.press(".modal-footer [name=close]")

    phone.choose_method("Card")
    sandbox.shows("present_card")
    phone.look_at(".o_sci_dialog .o_sci_cancel")
    sandbox.touch("card", outcome="signature")
    phone.look_at(".o_sci_dialog button:has-text('Approve')")
    sandbox.touch("signature", approved=True)
    phone.look_at(".o_sci_dialog button:has-text('Done')")
    phone.press(".o_sci_dialog button:has-text('Done')")

    phone.page.locator(".receipt-screen").wait_for()
    phone.new_order()
    phone.ring_up()
    phone.choose_method("Card")
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="unknown")
    phone.look_at(".o_sci_question")
    phone.press(".o_sci_no")
    phone.look_at(".o_sci_record")
    phone.press(".o_sci_back")
    phone.press(".o_sci_keep_waiting")
    phone.press(".o_sci_dialog .modal-header button")
    phone.look_at(".o_sci_payment_line")

    phone.page.evaluate("posmodel.closeSession()")
    phone.look_at(".close-pos-popup .o_sci_unresolved")
    phone.look_at(".close-pos-popup .o_sci_day")
    phone.press(".o_sci_day_number:enabled")
    phone.look_at(".o_sci_day_row")

    assert not phone.wrong, "\n".join(phone.wrong)

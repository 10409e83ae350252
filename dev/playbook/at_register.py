"""Merchants who pair, and cashiers who take payments."""

from . import screens
from .sentences import Unmet, sentence
from .stage import REGISTER

TERMINAL_PATH = "/odoo/eftpos-terminals/{}"
REVIEW_PATH = "/odoo/eftpos-reviews/{}"
#: Seconds without an answer until the cashier is asked, where a picture is all we want.
SOONEST = 10


# -- pairing, in the back office and in the register ----------------------------------


def _open(stage, key):
    page = stage.back_office(TERMINAL_PATH.format(stage.eftpos[key]))
    page.locator(screens.PAIRING).wait_for(timeout=screens.FIRST)
    screens.settled(page)


@sentence("Merchant: open the pairing screen")
def _open_first(stage):
    _open(stage, "front-bar")


@sentence("Merchant: open the pairing screen of the second terminal")
def _open_second(stage):
    _open(stage, "bistro")


@sentence("Merchant: open the pairing screen in the register")
def _open_in_register(stage):
    stage.show_again().open_pairing()
    screens.settled(stage.page)


@sentence("Merchant: enter the code that the terminal shows")
def _enter_shown(stage):
    _fill(stage, "Pairing Code", stage.code)


@sentence("Merchant: enter the code {code}")
def _enter(stage, code):
    _fill(stage, "Pairing Code", code)


@sentence("Merchant: enter the nickname {nickname}")
def _nickname(stage, nickname):
    _fill(stage, "Pairing Nickname", nickname)


def _fill(stage, label, text):
    pairing = stage.page.locator(screens.PAIRING)
    pairing.get_by_label(label).fill(text)


@sentence("Merchant: press {name}")
def _press(stage, name):
    screens.button(stage.page, name).click()
    screens.settled(stage.page)


@sentence("Merchant: press {name} and agree")
def _press_and_agree(stage, name):
    screens.button(stage.page, name).click()
    screens.agree(stage.page)
    screens.settled(stage.page)


@sentence("Merchant: choose that the terminal verifies signatures")
def _signs_there(stage):
    stage.set_terminal(verify_signature_on_terminal=True)


@sentence("Merchant: choose that the register prints for a signature only when asked")
def _prints_when_asked(stage):
    stage.set_terminal(pos_auto_print_signature_receipt=False)


@sentence("Merchant: choose that the cashier is asked soon")
def _asked_soon(stage):
    stage.set_terminal(override_after=SOONEST)


@sentence("Merchant: have the second terminal paired")
def _second_paired(stage):
    stage.pair("bistro")


# -- the register ---------------------------------------------------------------------


@sentence("Cashier: is no manager, and only managers answer for payments")
def _no_manager(stage):
    stage.set_register(sci_override_by_managers=True)
    stage.hand_over("cashier")


@sentence("Cashier: is a manager again, and everybody answers for payments")
def _manager(stage):
    stage.set_register(sci_override_by_managers=False)
    stage.hand_over("manager")


@sentence("Cashier: sell a flat white by card")
def _sell(stage):
    register = stage.show_again()
    register.ring_up()
    register.choose_method("Card")


@sentence("Cashier: sell a flat white up to the payment")
def _to_payment(stage):
    stage.show_again().ring_up()


@sentence("Cashier: pay by card")
def _pay(stage):
    stage.register().choose_method("Card")


@sentence("Cashier: put the payment aside")
def _aside(stage):
    screens.button(stage.page, "Put aside").click()
    stage.page.locator(screens.DIALOG).wait_for(state="detached")


@sentence("Cashier: sell a flat white by mail order")
def _moto(stage):
    register = stage.show_again()
    register.ring_up()
    screens.button(register.page, "Mail or phone order").click()
    screens.agree(register.page)


@sentence("Cashier: sell a flat white and hand out {amount}")
def _with_cashout(stage, amount):
    register = stage.show_again()
    register.ring_up()
    register.page.locator(".o_sci_cashout").click()
    register.enter_amount(amount)


@sentence("Cashier: hand out {amount}")
def _cashout(stage, amount):
    register = stage.show_again()
    register.page.evaluate(
        "posmodel.navigate('PaymentScreen', {orderUuid: posmodel.getOrder().uuid})"
    )
    register.page.locator(".o_sci_cashout").click()
    register.enter_amount(amount)


@sentence("Cashier: sell a flat white with a tip of {amount} by card")
def _with_tip(stage, amount):
    register = stage.show_again()
    register.ring_up()
    register.tip(amount)
    register.choose_method("Card")


@sentence("Cashier: give the last sale back to the card")
def _refund(stage):
    stage.register().refund(stage.last_order())


@sentence("Cashier: look up the card receipts of the last sale")
def _receipts(stage):
    stage.register().card_receipts(stage.last_order())


@sentence("Cashier: close the register")
def _close(stage):
    stage.show_again().close_session()


@sentence("Cashier: confirm the closing")
def _confirm_closing(stage):
    """Odoo asks first where the drawer holds what was sold for cash before."""
    screens.button(stage.page, "Close Register").click()
    anyway = stage.page.get_by_role("button", name="Proceed Anyway")
    anyway.or_(stage.page.locator(screens.UNFINISHED)).first.wait_for()
    if anyway.count():
        anyway.click()


@sentence("Cashier: look at the payments behind a number")
def _behind_a_number(stage):
    stage.page.locator(screens.NUMBERS).first.click()


@sentence("Cashier: open the status of the terminals")
def _status(stage):
    stage.show_again().page.locator(screens.STATUS_MARK).click()


@sentence("Cashier: take {amount} of a flat white by card")
def _part(stage, amount):
    register = stage.show_again()
    register.ring_up()
    register.page.locator(screens.PART_BY_CARD).click()
    register.enter_amount(amount)


@sentence("Customer: stand before the display")
def _display(stage):
    register = stage.register()
    display = register.page.context.new_page()
    display.goto(f"/pos_customer_display/{stage.registers[REGISTER]}/here")
    display.locator(screens.CUSTOMER_DISPLAY).wait_for(timeout=screens.FIRST)
    register.page.bring_to_front()


@sentence("Customer: look at the display")
def _look_at_display(stage):
    (display,) = [
        page for page in stage.page.context.pages if "customer_display" in page.url
    ]
    display.locator(screens.SHOWN_TO_CUSTOMER).wait_for()
    stage.look(display)
    display.close()


@sentence("Cashier: reload the register")
def _reload(stage):
    stage.register().reload()


@sentence("Cashier: press {name}")
def _cashier_presses(stage, name):
    screens.button(stage.page, name).click()


@sentence("Cashier: choose the terminal {name} if asked")
def _choose_terminal(stage, name):
    """Asked where another terminal is paired as well."""
    choice = stage.page.locator(screens.TERMINAL_CHOICE, has_text=name)
    choice.or_(stage.page.locator(screens.DIALOG)).first.wait_for()
    if choice.count():
        choice.first.click()


@sentence("Cashier: type {text} into the first input")
def _type(stage, text):
    stage.page.locator(f"{screens.DIALOG} input").first.fill(text)


@sentence("Cashier: choose the first reason")
def _reason(stage):
    stage.page.locator(f"{screens.DIALOG} .o_sci_reason").first.click()


@sentence("Manager: press {name} on the terminal's form and agree")
def _settle(stage, name):
    _open(stage, "front-bar")
    stage.page.get_by_role("button", name=name, exact=True).click()
    screens.agree(stage.page)


@sentence("Manager: press {name} on the terminal's form")
def _enquire(stage, name):
    _open(stage, "front-bar")
    stage.page.get_by_role("button", name=name, exact=True).click()


@sentence("Manager: open {path}")
def _open_path(stage, path):
    screens.wait_for_view(stage.back_office(path))


@sentence("Manager: open the newest review")
def _open_review(stage):
    (found,) = stage.database.query("SELECT max(id) AS id FROM pos_sci_review")
    screens.wait_for_view(stage.back_office(REVIEW_PATH.format(found["id"])))


@sentence("Administrator: open {path}")
def _admin_opens(stage, path):
    screens.wait_for_view(stage.back_office(path, "admin"))


@sentence("Administrator: set a wrong Pairing API key")
def _wrong_key(stage):
    stage.server.set_api_key("test_pak_of_nobody")


@sentence("Sandbox: show the virtual terminals")
def _virtual_terminals(stage):
    page = stage.back_office(stage.sandbox.url)
    page.get_by_text("Virtual terminals").first.wait_for()


# -- with the keyboard alone ----------------------------------------------------------


@sentence("Keyboard: move to {name}")
def _tab_to(stage, name):
    """With the Tab key; what has the focus is known by its name."""
    seen = []
    for _time in range(60):
        focused = stage.page.evaluate(
            """() => {
                const node = document.activeElement;
                const label = node.labels?.[0]?.innerText || "";
                return (node.getAttribute("aria-label") || label || node.innerText
                    || node.title || "").trim();
            }"""
        )
        seen.append(" ".join(focused.split())[:40])
        if seen[-1].startswith(name):
            return
        stage.page.keyboard.press("Tab")
    raise Unmet(f"The Tab key does not reach it, but {list(dict.fromkeys(seen))}.")


@sentence("Keyboard: type the code that the terminal shows")
def _type_code(stage):
    stage.page.keyboard.type(stage.code)


@sentence("Keyboard: press {key}")
def _press_key(stage, key):
    stage.page.keyboard.press(key)
    screens.settled(stage.page)

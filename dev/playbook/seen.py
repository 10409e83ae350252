"""What has to be on the screen, on paper and in the ledger."""

import time

from playwright.sync_api import Error

from . import screens
from .sentences import Unmet, sentence

#: Seconds within which a screen has to show something.
SOON = 20


def _within(seconds, fact):
    """Whether ``fact()`` becomes true."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if fact():
                return True
        except Error:  # the page is being replaced
            pass
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)


def _instead(stage):
    return f"Instead: “{screens.text_of(stage.page)[:300]}”"


def _see(stage, text, seconds=SOON):
    if not _within(seconds, lambda: text in screens.text_of(stage.page)):
        raise Unmet(_instead(stage))


@sentence("See: {text}")
def _see_text(stage, text):
    _see(stage, text)


@sentence("See within {seconds} s: {text}")
def _see_later(stage, seconds, text):
    _see(stage, text, float(seconds))


@sentence("See anywhere: {text}")
def _see_anywhere(stage, text):
    """Also behind the dialog on top."""
    body = stage.page.locator("body")
    if not _within(SOON, lambda: text in body.inner_text()):
        raise Unmet("It is not there.")


@sentence("See no: {text}")
def _see_none(stage, text):
    if text in screens.text_of(stage.page):
        raise Unmet("It is there.")


@sentence("See button: {name}")
def _see_button(stage, name):
    try:
        screens.button(stage.page, name)
    except Error:
        text = f"There is no such button that can be pressed. {_instead(stage)}"
        raise Unmet(text) from None


@sentence("See field: {label}")
def _see_field(stage, label):
    field = stage.page.get_by_label(label).first
    if not _within(SOON, lambda: field.is_visible() and field.is_editable()):
        raise Unmet(f"There is no such field. {_instead(stage)}")


@sentence("See: the labels of all inputs")
def _see_labels(stage):
    labels = f"""() => [...document.querySelectorAll('{screens.DIALOG} input')].map(
        (input) => input.labels[0]?.innerText.trim()
    )"""

    def shown():
        found = stage.page.evaluate(labels)
        return found and all(found)

    if not _within(SOON, shown):
        raise Unmet(f"The labels are {stage.page.evaluate(labels)}.")


@sentence("See: the logo of SCI")
def _see_logo(stage):
    _see_picture(stage, screens.LOGO)


@sentence("See: a picture from mx51")
def _see_image(stage):
    _see_picture(stage, screens.IMAGES)


def _see_picture(stage, selector):
    drawn = f"""() => {{
        const image = document.querySelector('{selector}');
        return Boolean(image?.complete && image.naturalWidth);
    }}"""
    if not _within(SOON, lambda: stage.page.evaluate(drawn)):
        raise Unmet("There is no such picture.")


@sentence("See: the details of the transaction")
def _see_details(stage):
    row = stage.last_row()
    _see(stage, f"Pairing ID: {stage.pairing()['pairing_id']}")
    _see(stage, f"Transaction ID: {row['sci_id']}")


@sentence("See: the Pairing ID")
def _see_pairing_id(stage):
    _see(stage, stage.pairing()["pairing_id"])


@sentence("See no: a name of a terminal in the message")
def _see_no_name(stage):
    shown = stage.page.locator(f"{screens.DIALOG} .o_sci_message").inner_text()
    if any(word in shown for word in ("Front Bar", "Bistro", "mx51")):
        raise Unmet(f"The message is “{shown}”.")


@sentence("Kept: both receipts")
def _both_receipts(stage):
    row = stage.last_row()
    if not (row["merchant_receipt"] and row["customer_receipt"]):
        raise Unmet("The ledger does not have both receipts.")


@sentence("Kept: the outcome {outcome} of the cashier")
def _outcome(stage, outcome):
    found = stage.last_row()["override_outcome"]
    if found != outcome:
        raise Unmet(f"It is {found}.")


@sentence("Kept: the order is paid by card")
def _paid(stage):
    row = stage.last_row()

    def is_paid():
        return stage.database.query(
            "SELECT 1 FROM pos_order WHERE uuid = %s AND state IN ('paid', 'done')",
            row["order_uuid"],
        )

    if not _within(SOON, is_paid):
        raise Unmet("The order is not paid.")


@sentence("Paper: {text}")
def _paper(stage, text):
    """The register has printed something with this text."""
    printed = "() => window.paper.join('\\n')"
    if not _within(SOON, lambda: text in stage.page.evaluate(printed)):
        raise Unmet(f"Printed was “{stage.page.evaluate(printed)}”.")


@sentence("Look")
def _look(stage):
    stage.look(stage.page)


@sentence("See no: a button that goes on by mouse only")
def _reachable(stage):
    """Buttons and fields of ours are in the order of the Tab key; the cross of Odoo's
    dialogs is not, and has Esc and a button below."""
    wrong = stage.page.evaluate(
        f"""() => [...document.querySelectorAll(
                '{screens.OURS} button:not(.btn-close), {screens.OURS} input'
            )].filter((node) => node.tabIndex < 0).map((node) => node.outerHTML)"""
    )
    if wrong:
        raise Unmet(f"Not in the order of the Tab key: {wrong}")

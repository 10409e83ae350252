"""The connection between the register and Odoo breaks in every way and at every step.
Within seconds of its return the screen agrees with the ledger, and the customer has
been charged once."""

import pytest
from playwright.sync_api import expect
from testbed.checked_register import CATCH_UP
from testbed.concurrency import until

START = r"/(sci_)?start$"
FOLLOW = r"/(sci_)?poll$"
HELD = "/mx51_sci/poll$"
SUBMIT = r"/(sci_)?submit$"
OVERRIDE = r"/(sci_)?override$"
CANCEL = r"/(sci_)?cancel$"
SAVE = r"/sync_from_ui$"
SIGNED = r"POST /v1/transactions/[^/]+/actions/.*"
BAD_CONNECTIONS = ["refuse", "lose", "truncate"]


@pytest.fixture
def no_bus(proxy):
    """The register learns nothing without polling."""
    proxy.bus_is_silent = True


@pytest.mark.parametrize("how", BAD_CONNECTIONS)
def test_a_start_over_a_bad_connection_starts_once(tab, proxy, sandbox, no_bus, how):
    with proxy.rule(how, START) as rule:
        payment = tab.pay()
        for _request in range(4):
            rule.wait_for_request()
    tab.waits_for(payment, "PENDING")
    sandbox.card("approve")
    tab.is_sold(payment)


def test_a_start_whose_answers_are_lost_is_found(tab, proxy, sandbox, no_bus):
    with proxy.rule("lose", START):
        payment = tab.pay()
        tab.waits_for(payment, "PENDING")
        sandbox.card("approve")
        tab.is_sold(payment)


@pytest.mark.parametrize("how", BAD_CONNECTIONS)
def test_polling_goes_on_over_a_bad_connection(tab, proxy, sandbox, no_bus, how):
    with proxy.rule(how, FOLLOW) as rule:
        payment = tab.pay()
        rule.wait_for_request()
        sandbox.card("approve")
        rule.wait_for_request()
    tab.is_sold(payment)


def test_a_lost_connection_is_shown_and_recovered_from(tab, proxy, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    proxy.cut()
    until(lambda: tab.shown(payment)["lost"], "the screen to show the loss")
    sandbox.card("approve")
    proxy.mend()
    tab.is_sold(payment)


def test_a_poll_without_an_answer_is_recovered_from(tab, proxy, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule("slow", HELD) as rule:
        rule.wait_for_request()
        sandbox.card("approve")
        tab.is_sold(payment)


def test_without_the_bus_the_result_still_arrives(tab, sandbox, no_bus):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    sandbox.card("approve")
    tab.is_sold(payment)


def test_an_overtaken_answer_changes_nothing(tab, proxy, sandbox, shop):
    payment = tab.pay()
    row = tab.waits_for(payment, "PENDING")
    with proxy.rule("slow", HELD) as slow:
        # Its answer, that the card is being read, arrives after the final one.
        sandbox.card("approve")
        slow.wait_for_request()
        shop.database.waits_for(payment, "FINALISED")
        tab.page.evaluate("id => posmodel.sci.transport.pollNow(id, 0)", row["id"])
    tab.is_sold(payment)


@pytest.mark.parametrize("how", BAD_CONNECTIONS)
def test_a_press_over_a_bad_connection_counts_once(tab, proxy, sandbox, how):
    payment = tab.pay()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="signature")
    tab.waits_for(payment, "AWAITING_POS")
    with proxy.rule(how, SUBMIT) as rule:
        tab.press("Approve")
        rule.wait_for_request()
        if how == "refuse":
            expect(tab.button("Approve")).to_be_enabled(timeout=CATCH_UP * 1000)
    if how == "refuse":
        tab.press("Approve")
    tab.is_sold(payment)
    assert len(sandbox.calls(SIGNED)) == 1


@pytest.mark.parametrize("how", BAD_CONNECTIONS)
def test_an_override_over_a_bad_connection_counts_once(tab, proxy, sandbox, how):
    payment = tab.pay()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="unknown_charged")
    tab.waits_for(payment, "FINALISED")
    tab.press("Yes")
    tab.press("The terminal shows approved")
    with proxy.rule(how, OVERRIDE) as rule:
        tab.press("Record as paid")
        rule.wait_for_request()
        if how == "refuse":
            expect(tab.page.locator(".o_sci_error")).to_be_visible()
    if how == "refuse":
        tab.press("Record as paid")
    tab.is_sold(payment)
    assert tab.row(payment)["override_outcome"] == "yes"


@pytest.mark.parametrize("how", BAD_CONNECTIONS)
def test_a_cancel_over_a_bad_connection_arrives_once(tab, proxy, sandbox, how):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    tab.put_aside()
    with proxy.rule(how, CANCEL) as rule:
        tab.page.locator(".send_payment_cancel").click()
        rule.wait_for_request()
        rule.wait_for_request()
    assert tab.waits_for(payment, "FINALISED")["financial_status"] == "CANCELLED"
    assert len(sandbox.cancels()) == 1
    # Then the same line again, and this time the customer pays.
    tab.page.locator(".send_payment_request").click()
    sandbox.card("approve")
    tab.is_sold(payment, attempts=2)


@pytest.mark.parametrize("how", BAD_CONNECTIONS)
def test_an_order_over_a_bad_connection_is_saved_once(tab, proxy, sandbox, how):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule(how, SAVE) as rule:
        sandbox.card("approve")
        rule.wait_for_request()
    tab.is_sold(payment)

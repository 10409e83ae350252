"""The connection between the register and Odoo breaks in every way and at every step.
The screen says what is so within seconds of the connection's return, and what was
meant to be charged once is charged once."""

import pytest
from playwright.sync_api import expect
from testbed.checked_register import CATCH_UP
from testbed.concurrency import until

START = r"/(sci_)?start$"
FOLLOW = r"/(sci_)?poll$"
HELD = "/mx51_sci/poll$"
SUBMIT = r"/(sci_)?submit$"
OVERRIDE = r"/(sci_)?override$"
STOP = r"/(sci_)?cancel$"
SAVE = r"/sync_from_ui$"
SIGNED = r"POST /v1/transactions/[^/]+/actions/.*"
BAD_LINES = ["refuse", "lose", "truncate"]


@pytest.fixture
def no_bus(proxy):
    """Nothing but asking helps."""
    proxy.bus_is_silent = True


@pytest.mark.parametrize("how", BAD_LINES)
def test_a_start_is_repeated_over_a_bad_line_and_starts_once(
    tab, proxy, sandbox, no_bus, how
):
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


@pytest.mark.parametrize("how", BAD_LINES)
def test_polls_over_a_bad_line_go_on(tab, proxy, sandbox, no_bus, how):
    with proxy.rule(how, FOLLOW) as rule:
        payment = tab.pay()
        rule.wait_for_request()
        sandbox.card("approve")
        rule.wait_for_request()
    tab.is_sold(payment)


def test_no_connection_is_said_and_then_made_good(tab, proxy, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    proxy.cut()
    until(lambda: tab.shown(payment)["lost"], "the loss to be said")
    sandbox.card("approve")
    proxy.mend()
    tab.is_sold(payment)


def test_a_poll_whose_answer_never_comes_is_made_good(tab, proxy, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule("slow", HELD) as rule:
        rule.wait_for_request()
        sandbox.card("approve")
        tab.is_sold(payment)


def test_silence_of_the_bus_changes_nothing(tab, sandbox, no_bus):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    sandbox.card("approve")
    tab.is_sold(payment)


def test_an_answer_that_was_overtaken_changes_nothing(tab, proxy, sandbox, shop):
    payment = tab.pay()
    row = tab.waits_for(payment, "PENDING")
    with proxy.rule("slow", HELD) as slow:
        # Its answer, that the card is being read, arrives after the end is known.
        sandbox.card("approve")
        slow.wait_for_request()
        shop.database.waits_for(payment, "FINALISED")
        tab.page.evaluate("id => posmodel.sci.transport.look(id, 0)", row["id"])
    tab.is_sold(payment)


@pytest.mark.parametrize("how", BAD_LINES)
def test_a_press_over_a_bad_line_counts_once(tab, proxy, sandbox, how):
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


@pytest.mark.parametrize("how", BAD_LINES)
def test_a_stated_outcome_over_a_bad_line_counts_once(tab, proxy, sandbox, how):
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


@pytest.mark.parametrize("how", BAD_LINES)
def test_a_cancellation_over_a_bad_line_arrives_once(tab, proxy, sandbox, how):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    tab.put_aside()
    with proxy.rule(how, STOP) as rule:
        tab.page.locator(".send_payment_cancel").click()
        rule.wait_for_request()
        rule.wait_for_request()
    assert tab.waits_for(payment, "FINALISED")["financial_status"] == "CANCELLED"
    assert len(sandbox.cancels()) == 1
    # The way on: the same line again, and this time the customer pays.
    tab.page.locator(".send_payment_request").click()
    sandbox.card("approve")
    tab.is_sold(payment, attempts=2)


@pytest.mark.parametrize("how", BAD_LINES)
def test_a_sale_over_a_bad_line_is_sold_once(tab, proxy, sandbox, how):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule(how, SAVE) as rule:
        sandbox.card("approve")
        rule.wait_for_request()
    tab.is_sold(payment)

"""A tablet slept, and the network has forgotten its connections meanwhile: what is sent
over them gets no answer. Awake again, it shows the truth within a second."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from testbed.tcp_link import TcpLink

#: A browser has six connections to a host, and the one of the bus.
CONNECTIONS = 7
#: Milliseconds: a second, and what a busy machine adds.
SOON = 1500

FILL = """() => Promise.all(
    Array.from({length: 6}, () => fetch("/web/health").then((answer) => answer.text()))
)"""
#: Wakes the page up; resolves to the milliseconds until the condition holds.
WAKE = """([uuid, condition]) => new Promise((resolve) => {
    const line = posmodel.models["pos.payment"].getBy("uuid", uuid);
    const holds = new Function("sci", `return ${condition}`);
    const began = performance.now();
    window.dispatchEvent(new Event("online"));
    const look = () => {
        const passed = performance.now() - began;
        if (passed > 20000 || holds(line.uiState.sci)) {
            resolve(passed);
        } else {
            setTimeout(look, 10);
        }
    };
    look();
})"""


@pytest.fixture
def link(proxy):
    link = TcpLink(urlsplit(proxy.url).port)
    yield link
    link.cut()


@pytest.fixture
def tablet(tab, checked_register, link):
    """With a payment that waits for a card, and all connections in use or idle."""
    tablet = checked_register.other_device(link.url).open()
    tablet.new_order()
    tablet.payment = tablet.pay()
    tablet.waits_for(tablet.payment, "PENDING")
    tablet.page.evaluate(FILL)
    return tablet


def test_the_approval_is_shown_within_a_second(tablet, link, sandbox):
    assert link.forget() >= CONNECTIONS
    sandbox.card("approve")
    waited = tablet.page.evaluate(WAKE, [tablet.payment, "sci.paid || sci.problem"])
    assert waited < SOON
    tablet.is_sold(tablet.payment)


def test_a_press_on_cancel_arrives_within_a_second(tablet, link, sandbox):
    assert link.forget() >= CONNECTIONS
    tablet.put_aside()
    cancel = tablet.page.locator(".send_payment_cancel")
    expect(cancel).to_be_enabled()
    cancel.evaluate("button => setTimeout(() => button.click(), 50)")
    waited = tablet.page.evaluate(
        WAKE, [tablet.payment, "sci.view.cancel_requested || sci.problem"]
    )
    assert waited < SOON
    row = tablet.waits_for(tablet.payment, "FINALISED")
    assert row["financial_status"] == "CANCELLED"
    assert len(sandbox.cancels()) == 1


def test_a_payment_begun_right_afterwards_is_saved_and_starts(tablet, link, sandbox):
    sandbox.card("approve")
    tablet.is_sold(tablet.payment)
    tablet.new_order()
    tablet.page.evaluate(FILL)
    assert link.forget() >= CONNECTIONS
    tablet.page.evaluate("window.dispatchEvent(new Event('online'))")
    payment = tablet.pay()
    tablet.waits_for(payment, "PENDING")

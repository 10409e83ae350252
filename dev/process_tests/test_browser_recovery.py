"""The tab is reloaded, loses what it has stored, or moves on to another order; another
device opens the same order. Within seconds each screen agrees with the ledger."""

import pytest
from testbed.concurrency import until

SAVE = r"/sync_from_ui$"
ANY_REQUEST = r"pos\.sci\.transaction/|/mx51_sci/"


@pytest.mark.parametrize("forgets", [False, True])
def test_after_a_reload_the_cashier_reads_that_an_order_is_paid(
    tab, proxy, sandbox, forgets
):
    """The server has finished it, whatever this tab could save."""
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule("refuse", SAVE):
        sandbox.card("approve")
        tab.page.locator(".receipt-screen").wait_for()
        if forgets:
            tab.forget()
        tab.reload()
    tab.is_sold(payment)


def test_a_reload_without_a_connection_is_recovered_from(tab, proxy, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule("refuse", ANY_REQUEST) as rule:
        tab.reload()
        for _question in range(12):
            rule.wait_for_request()
    sandbox.card("approve")
    tab.is_sold(payment)


def test_two_devices_with_one_order_charge_it_once(tab, checked_register, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    other = checked_register.other_device().open()
    other.show(payment)
    other.agrees_with_ledger(payment)
    other.choose_method("Card")
    refusal = other.page.locator(".modal", has_text="is not finished")
    refusal.locator("button.btn-primary").click()
    sandbox.card("approve")
    tab.is_sold(payment)
    other.agrees_with_ledger(payment)


def test_a_payment_that_was_put_aside_ends_on_its_order(tab, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    tab.put_aside()
    tab.new_order()
    tab.ring_up()
    tab.choose_method("Cash")
    tab.validate()
    tab.page.locator(".receipt-screen").wait_for()
    sandbox.card("approve")
    news = tab.page.locator(".o_notification", has_text="APPROVED")
    news.wait_for()
    tab.agrees_with_ledger(payment)
    until(lambda: tab.order_of(payment), "the order to be paid")
    assert len(sandbox.charges()) == 1

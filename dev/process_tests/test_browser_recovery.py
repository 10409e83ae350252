"""The tab is reloaded, forgets what it stored, or serves somebody else; another device
shows the same order. What comes back says within seconds what is so."""

import pytest
from playwright.sync_api import expect

SAVE = r"/sync_from_ui$"
ANY_QUESTION = r"pos\.sci\.transaction/|/mx51_sci/"


@pytest.mark.parametrize("forgets", [False, True])
def test_a_sale_that_was_not_saved_is_told_of_after_a_reload(
    tab, proxy, sandbox, forgets
):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule("refuse", SAVE):
        sandbox.card("approve")
        expect(tab.page.locator(".receipt-screen")).to_be_visible()
        if forgets:
            tab.forget()
        tab.reload()
    tab.page.locator(".o_notification", has_text="APPROVED").wait_for()
    tab.show(payment)
    tab.agrees_with_ledger(payment)
    tab.validate()
    tab.is_sold(payment)


def test_a_reload_that_finds_no_way_to_ask_is_made_good(tab, proxy, sandbox):
    payment = tab.pay()
    tab.waits_for(payment, "PENDING")
    with proxy.rule("refuse", ANY_QUESTION) as rule:
        tab.reload()
        for _question in range(12):
            rule.wait_for_request()
    sandbox.card("approve")
    tab.is_sold(payment)


def test_two_devices_at_one_order_charge_it_once(tab, checked_register, sandbox):
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


def test_a_payment_put_aside_ends_on_its_own_order(tab, sandbox):
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
    tab.show(payment)
    tab.agrees_with_ledger(payment)
    tab.validate()
    tab.is_sold(payment)

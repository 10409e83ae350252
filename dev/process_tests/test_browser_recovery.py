"""The tab is reloaded, forgets what it stored, or serves somebody else; another device
shows the same order. What comes back says within seconds what is so."""

import pytest
from playwright.sync_api import expect

SAVE = r"/sync_from_ui$"
ANY_QUESTION = r"pos\.sci\.transaction/|/mx51_sci/"


@pytest.mark.parametrize("forgets", [False, True])
def test_a_sale_that_was_not_saved_is_told_of_after_a_reload(
    till, proxy, sandbox, forgets
):
    payment = till.pay()
    till.waits_for(payment, "PENDING")
    with proxy.rule("refuse", SAVE):
        sandbox.card("approve")
        expect(till.page.locator(".receipt-screen")).to_be_visible()
        if forgets:
            till.forget()
        till.reload()
    till.page.locator(".o_notification", has_text="APPROVED").wait_for()
    till.show(payment)
    till.tells_the_truth(payment)
    till.validate()
    till.is_sold(payment)


def test_a_reload_that_finds_no_way_to_ask_is_made_good(till, proxy, sandbox):
    payment = till.pay()
    till.waits_for(payment, "PENDING")
    with proxy.rule("refuse", ANY_QUESTION) as rule:
        till.reload()
        for _question in range(12):
            rule.was_met()
    sandbox.card("approve")
    till.is_sold(payment)


def test_two_devices_at_one_order_charge_it_once(till, counter, sandbox):
    payment = till.pay()
    till.waits_for(payment, "PENDING")
    other = counter.device().open()
    other.show(payment)
    other.tells_the_truth(payment)
    other.choose_method("Card")
    refusal = other.page.locator(".modal", has_text="is not finished")
    refusal.locator("button.btn-primary").click()
    sandbox.card("approve")
    till.is_sold(payment)
    other.tells_the_truth(payment)


def test_a_payment_put_aside_ends_on_its_own_order(till, sandbox):
    payment = till.pay()
    till.waits_for(payment, "PENDING")
    till.put_aside()
    till.new_order()
    till.ring_up()
    till.choose_method("Cash")
    till.validate()
    till.page.locator(".receipt-screen").wait_for()
    sandbox.card("approve")
    news = till.page.locator(".o_notification", has_text="APPROVED")
    news.wait_for()
    till.show(payment)
    till.tells_the_truth(payment)
    till.validate()
    till.is_sold(payment)

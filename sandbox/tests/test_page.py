"""The page with the virtual terminals, touched in a real browser."""

import pytest
from browser import Browser
from harness import Pos

FRONT = "[data-terminal=front-bar]"


@pytest.fixture
def browser(sandbox, tmp_path):
    browser = Browser(tmp_path / "profile")
    browser.open(f"{sandbox.url}/")
    browser.wait(f"document.querySelector('{FRONT} .screen') !== null")
    yield browser
    browser.close()


def test_pair_and_pay_by_touch(sandbox, browser):
    for action in ("menu_pairings", "menu_integration", "start_pairing"):
        browser.touch(f"{FRONT} [data-action={action}]")
    code = browser.text(f"{FRONT} [data-role=pairing_code]")
    data = sandbox.progress(code).json()["data"]
    shown = browser.text(f"{FRONT} [data-role=confirmation_code]")
    assert shown == data["confirmation_code"]
    browser.touch(f"{FRONT} [data-action=key_ok]")
    browser.wait(
        f"document.querySelector('{FRONT} .plate-state').textContent === 'paired'"
    )

    pos = Pos(data)
    transaction = pos.purchase(1250)
    browser.touch(f"{FRONT} [data-action=card][data-outcome=approve]")
    assert pos.follow(transaction)["result_financial_status"] == "APPROVED"
    assert "(000) APPROVED" in browser.text(f"{FRONT} .bank")
    browser.touch(f"{FRONT} [data-action=print]")
    browser.touch(f"{FRONT} [data-action=read_receipt]")
    assert "12.50" in browser.text(f"{FRONT} .slip")
    browser.touch(f"{FRONT} [data-action=tear_off]")
    browser.wait(f"document.querySelector('{FRONT} .paper').hidden")
    assert "✓ signature valid" in browser.text("#exchanges")
    assert browser.errors == []


def test_tip_decline_and_power_by_touch(sandbox, pos, browser):
    sandbox.touch("config", tip_prompt=True)
    transaction = pos.purchase(1000)
    for key in "50":
        browser.wait(f"document.querySelector('{FRONT}').dataset.screen === 'tip'")
        browser.touch(f"{FRONT} .keypad [data-key='{key}']")
    browser.touch(f"{FRONT} [data-action=key_ok]")
    browser.wait(f"document.querySelector('{FRONT} .amount').textContent === '$10.50'")
    browser.touch(f"{FRONT} [data-action=card][data-code='051']")
    last = pos.follow(transaction)
    assert last["message"] == "(051) DECLINED - INSUFFICIENT FUNDS"
    browser.touch(f"{FRONT} [data-action=power]")
    browser.wait(f"document.querySelector('{FRONT}').dataset.screen === 'off'")
    assert not sandbox.get("terminals/front-bar")["power"]


def test_trouble_by_touch(sandbox, browser):
    browser.wait("document.querySelectorAll('#trouble option').length > 1")
    browser.evaluate(
        "trouble.value = '0'; trouble.dispatchEvent(new Event('change')); true"
    )
    browser.touch("#trouble-end:not([hidden])")
    browser.wait("document.querySelector('#trouble-end').hidden")
    assert sandbox.get("faults") == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (390, 844)])
def test_a_whole_terminal_fits_on_the_screen(sandbox, browser, width, height):
    browser.send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=width < 500,
    )
    browser.text(f"{FRONT} .screen > *")
    bottom, right = browser.evaluate(
        f"(({{bottom, right}}) => [bottom, right])"
        f"(document.querySelector('{FRONT}').getBoundingClientRect())"
    )
    assert bottom <= height
    assert right <= width
    assert browser.evaluate("document.documentElement.scrollWidth") <= width

"""The page with the virtual terminals, touched in Chromium."""

import pytest
from chromium import Page
from harness import Pos

FRONT = "[data-terminal=front-bar]"


@pytest.fixture
def page(sandbox, tmp_path):
    page = Page(tmp_path / "profile")
    page.open(f"{sandbox.url}/")
    page.wait(f"document.querySelector('{FRONT} .screen') !== null")
    yield page
    page.close()


def test_pair_and_pay_by_touch(sandbox, page):
    for action in ("menu_pairings", "menu_integration", "start_pairing"):
        page.touch(f"{FRONT} [data-action={action}]")
    code = page.text(f"{FRONT} [data-role=pairing_code]")
    data = sandbox.progress(code).json()["data"]
    shown = page.text(f"{FRONT} [data-role=confirmation_code]")
    assert shown == data["confirmation_code"]
    page.touch(f"{FRONT} [data-action=key_ok]")
    page.wait(
        f"document.querySelector('{FRONT} .plate-state').textContent === 'paired'"
    )

    pos = Pos(data)
    transaction = pos.purchase(1250)
    page.touch(f"{FRONT} [data-action=card][data-outcome=approve]")
    assert pos.follow(transaction)["result_financial_status"] == "APPROVED"
    assert "(000) APPROVED" in page.text(f"{FRONT} .bank")
    page.touch(f"{FRONT} [data-action=print]")
    page.touch(f"{FRONT} [data-action=read_receipt]")
    assert "12.50" in page.text(f"{FRONT} .slip")
    page.touch(f"{FRONT} [data-action=tear_off]")
    page.wait(f"document.querySelector('{FRONT} .paper').hidden")
    assert "✓ signature valid" in page.text("#exchanges")
    assert page.errors == []


def test_tip_decline_and_power_by_touch(sandbox, pos, page):
    sandbox.touch("config", tip_prompt=True)
    transaction = pos.purchase(1000)
    for key in "50":
        page.wait(f"document.querySelector('{FRONT}').dataset.screen === 'tip'")
        page.touch(f"{FRONT} .keypad [data-key='{key}']")
    page.touch(f"{FRONT} [data-action=key_ok]")
    page.wait(f"document.querySelector('{FRONT} .amount').textContent === '$10.50'")
    page.touch(f"{FRONT} [data-action=card][data-code='051']")
    last = pos.follow(transaction)
    assert last["message"] == "(051) DECLINED - INSUFFICIENT FUNDS"
    page.touch(f"{FRONT} [data-action=power]")
    page.wait(f"document.querySelector('{FRONT}').dataset.screen === 'off'")
    assert not sandbox.get("terminals/front-bar")["power"]


def test_trouble_by_touch(sandbox, page):
    page.wait("document.querySelectorAll('#trouble option').length > 1")
    page.evaluate(
        "trouble.value = '0'; trouble.dispatchEvent(new Event('change')); true"
    )
    page.touch("#trouble-end:not([hidden])")
    page.wait("document.querySelector('#trouble-end').hidden")
    assert sandbox.get("faults") == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (390, 844)])
def test_a_whole_terminal_fits_on_the_screen(sandbox, page, width, height):
    page.send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=width < 500,
    )
    page.text(f"{FRONT} .screen > *")
    bottom, right = page.evaluate(
        f"(({{bottom, right}}) => [bottom, right])"
        f"(document.querySelector('{FRONT}').getBoundingClientRect())"
    )
    assert bottom <= height
    assert right <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width

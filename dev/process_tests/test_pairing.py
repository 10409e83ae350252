"""Pairing and unpairing while payments run, in real processes."""

from functools import partial

import pytest
from testbed.concurrency import meanwhile, together
from testbed.sandbox import PAIRING_INFO
from testbed.shop import EFTPOS

PAIR = "POST /v1/progress-pairing"
UNPAIR = "POST /v1/unpair"


def lost(shop, since):
    """Unpair on the terminal, ``since`` seconds after the pairing."""
    shop.sandbox.touch("unpair")
    shop.database.query(
        "UPDATE pos_sci_terminal SET paired_at = paired_at - make_interval(secs => %s)"
        " WHERE id = %s",
        since,
        shop.terminal,
    )


def pairing(shop, terminal=None):
    return shop.manager.call(EFTPOS, "pairing_view", [terminal or shop.terminal])


def test_a_pairing_lost_in_the_middle_of_the_day(shop, second):
    lost(shop, since=61)
    values = shop.payment()

    with shop.bus_listener(second) as bus:
        view = shop.start(values)
        assert bus.wait_for("MX51_SCI_TERMINALS") == {}

    assert view["status"] == "not_sent"
    assert view["error"]["message"] == "No active pairings found"
    assert shop.sandbox.creates() == []
    shown = pairing(shop)
    assert shown["state"] == "unpaired"
    assert shown["error"]["message"] == "No active pairings found"
    retried = shop.start({**values, "attempt": 2})
    assert retried["error"]["code"] == "not_paired"
    assert retried["error"]["message"] == "No active pairings found"


def test_a_pairing_that_seems_lost_at_once_is_not_believed_to_be(shop):
    lost(shop, since=0)

    view = shop.start(shop.payment())

    assert view["status"] == "not_sent"
    assert view["error"]["message"] == "No active pairings found"
    assert pairing(shop)["state"] == "paired"
    assert shop.sandbox.creates() == []


def test_a_payment_after_pairing_again_is_sent(shop):
    lost(shop, since=61)
    values = shop.payment()
    shop.start(values)

    shop.pair(shop.terminal)

    assert shop.start({**values, "attempt": 2})["status"] == "PENDING"
    assert len(shop.sandbox.creates()) == 1


@pytest.mark.parametrize("action", ["action_unpair", "action_forget", "action_pair"])
def test_the_pairing_stays_while_a_payment_is_unresolved(shop, action):
    values = shop.payment()
    view = shop.start(values)
    shop.database.query(
        "UPDATE pos_sci_terminal SET can_forget = TRUE WHERE id = %s", shop.terminal
    )
    arguments = ["123456"] if action == "action_pair" else []

    shown = shop.manager.call(EFTPOS, action, [shop.terminal], *arguments)

    assert (shown["state"], bool(shown["error"])) == ("paired", True)
    assert shop.sandbox.calls(UNPAIR) == []
    shop.sandbox.card("approve")
    assert shop.finish(view)["paid"]
    shown = shop.manager.call(EFTPOS, "action_unpair", [shop.terminal])
    assert shown["state"] == "unpaired"
    assert len(shop.sandbox.calls(UNPAIR)) == 1


def test_a_pairing_that_odoo_runs_again_is_sent_once(shop, first):
    shop.manager.call(EFTPOS, "action_unpair", [shop.terminal])
    code = shop.sandbox.touch("start_pairing")["pairing_code"]
    before = len(shop.sandbox.calls(PAIR))
    first.order("retry-action_pair")

    shown = shop.manager.call(EFTPOS, "action_pair", [shop.terminal], code)

    assert first.fault_is_over("retry-action_pair")
    assert (shown["state"], shown["error"]) == ("confirming", False)
    assert len(shop.sandbox.calls(PAIR)) == before + 1


def test_an_unpairing_that_odoo_runs_again_is_sent_once(shop, first):
    first.order("retry-action_unpair")

    shown = shop.manager.call(EFTPOS, "action_unpair", [shop.terminal])

    assert first.fault_is_over("retry-action_unpair")
    assert (shown["state"], shown["error"]) == ("unpaired", False)
    assert len(shop.sandbox.calls(UNPAIR)) == 1


def test_a_double_click_on_pair_is_sent_once(shop, first, second):
    shop.manager.call(EFTPOS, "action_unpair", [shop.terminal])
    code = shop.sandbox.touch("start_pairing")["pairing_code"]
    before = len(shop.sandbox.calls(PAIR))

    together(
        *[
            partial(
                shop.manager.call, EFTPOS, "action_pair", [shop.terminal], code, at=at
            )
            for at in (first, second)
        ]
    )

    assert len(shop.sandbox.calls(PAIR)) == before + 1
    assert pairing(shop)["state"] == "confirming"


def test_unpairing_and_a_payment_at_the_same_time(shop, first, second):
    """In either order no payment runs unnoticed on a pairing that has ended."""
    unpaired, view = together(
        partial(shop.manager.call, EFTPOS, "action_unpair", [shop.terminal], at=first),
        partial(shop.start, shop.payment(), at=second),
    )

    if unpaired["state"] == "unpaired":
        assert (view["status"], shop.sandbox.creates()) == ("not_sent", [])
    else:
        assert unpaired["error"]["code"] == "unresolved_transaction"
        assert view["status"] == "PENDING"


def test_no_payment_starts_while_the_terminal_is_being_unpaired(shop, second):
    """The unpair request is not answered yet."""
    shop.sandbox.fault("delay", UNPAIR, seconds=1)
    unpairing = meanwhile(shop.manager.call, EFTPOS, "action_unpair", [shop.terminal])
    shop.sandbox.wait_for_faults()

    view = shop.start(shop.payment(), at=second)

    assert unpairing.result()["state"] == "unpaired"
    assert (view["status"], shop.sandbox.creates()) == ("not_sent", [])
    assert view["error"]


def test_pairing_info_that_fails_keeps_the_pairing(shop):
    shop.sandbox.fault("drop_before", PAIRING_INFO)

    shop.start(shop.payment())

    assert pairing(shop)["state"] == "paired"

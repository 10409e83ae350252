"""A payment goes on without the tab that began it: other tabs, other processes, the
scheduled action."""

import pytest
from processes import CREATE, PAIRING_INFO, until
from shop import meanwhile

DAY = 24 * 3600


def sweep(shop):
    """Have the scheduled action run for real, and wait until it has."""
    query = shop.database.query
    query(
        "UPDATE ir_cron SET active = TRUE, lastcall = NULL,"
        " nextcall = now() AT TIME ZONE 'UTC' - interval '1 minute'"
        " WHERE id = (SELECT res_id FROM ir_model_data"
        " WHERE module = 'pos_mx51_sci' AND name = 'ir_cron_sweep')"
    )
    shop.wake_up_cron()
    until(
        lambda: query("SELECT 1 FROM ir_cron WHERE active AND lastcall IS NOT NULL"),
        "the scheduled action",
    )
    query("UPDATE ir_cron SET active = FALSE")


@pytest.mark.parametrize("outcome", ["approve", "decline"])
def test_the_scheduled_action_finishes_a_payment_nobody_follows(shop, second, outcome):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.card(outcome)
    shop.database.age(view["id"], 31)

    sweep(shop)

    row = shop.database.waits_for(values["payment_uuid"], "FINALISED")
    assert row["financial_status"] == {"approve": "APPROVED"}.get(outcome, "DECLINED")
    assert len(shop.sandbox.creates()) == 1


@pytest.mark.parametrize(
    "call, seconds, status",
    [(PAIRING_INFO, 16, "not_sent"), (CREATE, 31, "unknown")],
    ids=["draft", "sending"],
)
def test_the_scheduled_action_ends_dead_requests(
    shop, first, second, call, seconds, status
):
    shop.sandbox.fault("hang", call, seconds=20)
    values = shop.payment()
    meanwhile(shop.start, values)
    shop.sandbox.met_fault()
    first.kill()
    row = shop.database.row(values["payment_uuid"])
    shop.database.age(row["id"], max(seconds, 31))

    sweep(shop)

    assert shop.database.row(values["payment_uuid"])["status"] == status
    assert len(shop.sandbox.creates()) == int(status == "unknown")


def test_the_scheduled_action_gives_up_after_a_day(shop, second):
    """The terminal is free for others; a manager reads of the payment."""
    values = shop.payment()
    view = shop.start(values)
    shop.database.age(view["id"], DAY + 60)

    sweep(shop)

    row = shop.database.row(values["payment_uuid"])
    assert (row["given_up"], row["needs_review"]) == (True, True)
    other = shop.start(shop.payment(register=shop.bistro))
    # mx51 itself still knows the old one; our ledger stands in nobody's way.
    assert other["error"]["code"] == "transaction_refused"


def test_other_tabs_hear_that_there_is_news_and_nothing_else(shop, first, second):
    values = shop.payment()

    with shop.tab(second) as tab:
        view = shop.start(values, at=first)
        mine = tab.hears("MX51_SCI_TRANSACTION", lambda it: it["id"] == view["id"])
        assert set(mine) == {"id", "version"}
        shop.sandbox.card("approve")
        view = shop.finish(view, at=first)
        last = tab.hears(
            "MX51_SCI_TRANSACTION", lambda it: it["version"] == view["version"]
        )

    assert last == {"id": view["id"], "version": view["version"]}


def test_a_register_opened_anew_finds_its_running_payment(shop, second):
    values = shop.payment()
    view = shop.start(values)

    (resumed,) = shop.resume(at=second)

    assert resumed["id"] == view["id"]
    assert shop.resume(shop.bistro, at=second) == []
    shop.sandbox.card("approve")
    assert shop.finish(resumed, at=second)["paid"]
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1


def test_silence_counts_only_while_somebody_asks(shop):
    view = shop.start(shop.payment())
    shop.sandbox.shows("present_card")
    shop.database.age(view["id"], 600)
    shop.sandbox.fault("drop_before", r"GET /v1/transactions/[^/]+", times=0)

    asked_again = shop.poll(view)
    assert not asked_again["override_open"]
    assert asked_again["silent_for"] < 30

    shop.database.age(view["id"], 60, "silent_since")
    assert shop.poll(view)["override_open"]

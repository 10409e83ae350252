"""A person states the outcome when mx51 cannot: once, in time, with a reason."""

from functools import partial

import pytest
from testbed.concurrency import together
from testbed.rpc_client import Refused
from testbed.sandbox import CANCEL, CREATE, POLL
from testbed.shop import LEDGER

RESOLVE = "pos.sci.resolve"
WINDOW = 60


def unknown(shop):
    """A payment whose create was never answered."""
    shop.sandbox.fault("drop_after", CREATE)
    values = shop.payment()
    view = shop.start(values)
    assert view["status"] == "unknown"
    return values, view


def resolve(shop, view, successful, person=None, at=None):
    """Fill in and confirm the back-office form."""
    person = person or shop.manager
    values = {
        "transaction_id": view["id"],
        "successful": successful,
        "reason": "The slip of the terminal says so",
    }
    form = person.call(RESOLVE, "create", values, at=at)
    return person.call(RESOLVE, "action_resolve", [form], at=at)


def test_a_manager_resolves_an_unknown_payment_after_its_window(shop):
    values, view = unknown(shop)
    with pytest.raises(Refused):
        resolve(shop, view, "yes")
    assert not shop.resume()[0]["override_open"]

    shop.database.age(view["id"], WINDOW)
    assert shop.resume()[0]["override_open"]
    resolve(shop, view, "yes")

    view = shop.poll(view)
    assert (view["paid"], view["unresolved"], view["overridden"]) == (
        True,
        False,
        "yes",
    )
    row = shop.database.row(values["payment_uuid"])
    assert row["override_reason"] == "The slip of the terminal says so"
    assert row["status"] == "unknown"
    assert shop.start({**values, "attempt": 2})["id"] == view["id"]
    assert len(shop.sandbox.creates()) == 1


def test_a_payment_resolved_as_not_made_may_be_retried(shop):
    shop.sandbox.fault("drop_before", CREATE)
    values = shop.payment()
    view = shop.start(values)
    shop.database.age(view["id"], WINDOW)

    resolve(shop, view, "no")

    assert shop.start({**values, "attempt": 2})["status"] == "PENDING"
    assert len(shop.sandbox.creates()) == 2
    assert len(shop.sandbox.transactions()) == 1


def test_two_managers_at_once_resolve_once(shop, first, second):
    values, view = unknown(shop)
    shop.database.age(view["id"], WINDOW)

    together(
        partial(_try, resolve, shop, view, "yes", at=first),
        partial(_try, resolve, shop, view, "no", at=second),
    )

    row = shop.database.row(values["payment_uuid"])
    assert row["override_outcome"] in ("yes", "no")
    with pytest.raises(Refused):
        resolve(shop, view, "yes" if row["override_outcome"] == "no" else "no")
    assert shop.database.row(values["payment_uuid"]) == row


def _try(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except Refused:
        return False
    return True


def test_a_cashier_resolves_nothing_where_managers_have_to(shop):
    _values, view = unknown(shop)
    shop.database.age(view["id"], WINDOW)
    by_managers = {"sci_override_by_managers": True}
    shop.manager.call("pos.config", "write", [shop.front_bar], by_managers)

    with pytest.raises(Refused):
        resolve(shop, view, "yes", shop.cashier)
    with pytest.raises(Refused):
        shop.cashier.call(LEDGER, "sci_override", [view["id"]], True, "I say so")

    assert shop.resume()[0]["unresolved"]
    anybody = {"sci_override_by_managers": False}
    shop.manager.call("pos.config", "write", [shop.front_bar], anybody)


@pytest.mark.parametrize("outcome", ["approve", "decline"])
def test_the_answer_of_the_bank_comes_before_a_persons_word(shop, outcome):
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.card(outcome)
    shop.database.age(view["id"], WINDOW, "silent_since")

    with pytest.raises(Refused, match="The bank has answered meanwhile."):
        resolve(shop, view, "no" if outcome == "approve" else "yes")

    row = shop.database.row(values["payment_uuid"])
    assert (row["status"], row["override_outcome"]) == ("FINALISED", None)


def resolved_without_mx51(shop, outcome):
    """A manager has stated the outcome of a row with an id, while mx51 is silent."""
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    shop.sandbox.fault("drop_before", POLL, times=0)
    shop.sandbox.fault("drop_before", CANCEL)
    shop.database.age(view["id"], WINDOW, "silent_since")
    resolve(shop, view, outcome)
    assert shop.database.row(values["payment_uuid"])["override_outcome"] == outcome
    assert len(shop.sandbox.cancels()) == 1
    shop.sandbox.clear_faults()
    return values, view


def test_resolved_as_not_paid_and_then_approved_is_not_charged_again(shop):
    """Before the next attempt, mx51 is polled for the one with an id."""
    values, view = resolved_without_mx51(shop, "no")
    shop.sandbox.card("approve")

    retried = shop.start({**values, "attempt": 2})

    assert (retried["id"], retried["error"]["code"]) == (view["id"], "contradicted")
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1
    assert shop.database.reviews(view["id"]) == ["contradicted"]


@pytest.mark.parametrize(
    "outcome, card", [("no", "approve"), ("yes", "decline")], ids=["no", "yes"]
)
def test_the_scheduled_action_finds_that_the_bank_contradicts(
    shop, second, outcome, card
):
    values, view = resolved_without_mx51(shop, outcome)
    shop.sandbox.card(card)
    shop.database.age(view["id"], 3600)
    shop.database.age(view["id"], 300, "followed_at")

    shop.sweep()

    row = shop.database.row(values["payment_uuid"])
    assert (row["status"], row["override_outcome"]) == ("FINALISED", outcome)
    assert shop.database.reviews(view["id"]) == ["contradicted"]


def test_a_third_attempt_after_the_first_was_approved_late_sends_nothing(shop, second):
    """At most one paid row per payment: the first one counts as well."""
    values, first_view = resolved_without_mx51(shop, "no")
    shop.sandbox.fault("drop_before", POLL)
    shop.sandbox.touch("card", outcome="slow")
    refused = shop.start({**values, "attempt": 2})
    assert refused["error"]["code"] == "transaction_refused"
    shop.sandbox.shows("result")
    shop.database.age(first_view["id"], 300, "followed_at")
    shop.sweep()
    assert shop.database.reviews(first_view["id"]) == ["contradicted"]

    third = shop.start({**values, "attempt": 3})

    assert third["status"] != "PENDING"
    assert len(shop.sandbox.charges()) == 1
    assert len(shop.sandbox.transactions()) == 1


def test_a_resolution_that_odoo_runs_again_happens_once(shop, first):
    values, view = unknown(shop)
    shop.database.age(view["id"], WINDOW)
    first.order("retry-sci_override")

    answer = shop.manager.call(LEDGER, "sci_override", [view["id"]], True, "The slip")

    assert first.fault_is_over("retry-sci_override")
    assert answer["overridden"] == "yes"
    assert shop.database.row(values["payment_uuid"])["override_reason"] == "The slip"

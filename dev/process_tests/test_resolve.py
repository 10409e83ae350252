"""A person states the outcome when mx51 cannot: once, in its window, with a reason."""

from functools import partial

import pytest
from processes import CREATE
from shop import LEDGER, Refused, together

RESOLVE = "pos.sci.resolve"
POLL = r"GET /v1/transactions/[^/]+"
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


def test_a_cashier_resolves_nothing(shop):
    _values, view = unknown(shop)
    shop.database.age(view["id"], WINDOW)

    with pytest.raises(Refused):
        resolve(shop, view, "yes", shop.cashier)
    with pytest.raises(Refused):
        shop.cashier.call(LEDGER, "sci_override", [view["id"]], True, "I say so")

    assert shop.resume()[0]["unresolved"]


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


def test_resolved_as_not_paid_and_then_approved_is_not_charged_again(shop):
    """Before the next attempt mx51 is asked about the one that has an id."""
    values = shop.payment()
    view = shop.start(values)
    shop.sandbox.shows("present_card")
    shop.sandbox.fault("drop_before", POLL, times=0)
    shop.sandbox.fault("drop_before", "POST /v1/transactions/[^/]+/cancel", times=0)
    shop.database.age(view["id"], WINDOW, "silent_since")
    resolve(shop, view, "no")
    shop.sandbox.clear_faults()
    shop.sandbox.card("approve")

    retried = shop.start({**values, "attempt": 2})

    assert (retried["id"], retried["error"]["code"]) == (view["id"], "contradicted")
    assert len(shop.sandbox.creates()) == len(shop.sandbox.charges()) == 1
    (row,) = shop.database.rows(values["payment_uuid"])
    assert row["needs_review"]

"""Money is an integer in minor units, for any currency's decimals: nothing is lost on
the way to the order's amounts and back.

The browser's half is ``minor_units.test.js``. Breaking ``signed_total``, ``charged``,
``formatted`` or ``is_short`` of ``ledger/amounts.py`` turns these red.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo import api

from odoo.addons.pos_mx51_sci.ledger.amounts import (
    charged,
    formatted,
    is_short,
    signed_total,
)
from odoo.addons.pos_mx51_sci.sci.messages import AMOUNTS, KINDS, create_request

decimals = st.integers(0, 4)
minor_units = st.integers(1, 10**10 - 1)


@pytest.fixture(scope="module")
def currencies(registry):
    """A currency for each number of decimals; forgotten at the end."""
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        yield [
            env["res.currency"].create(
                {"name": f"X{places}", "symbol": "X", "rounding": 10**-places}
            )
            for places in range(5)
        ]
        cr.rollback()


def row(currency, **values):
    new = currency.env["pos.sci.transaction"].new
    return new({"currency_id": currency.id, **values})


@given(places=decimals, asked=minor_units)
def test_there_and_back(currencies, places, asked):
    """What an order says of a payment is what was asked for, to the last digit."""
    currency = currencies[places]
    amount = asked / 10**places
    sale = row(currency, amounts={"purchase_amount": asked})

    assert currency.decimal_places == places
    assert round(amount * 10**places) == asked
    assert charged(sale) == asked
    assert Decimal(formatted(sale).split()[-1]) == Decimal(asked).scaleb(-places)
    assert currency.compare_amounts(amount, charged(sale) / 10**places) == 0
    next_one = (asked + 1) / 10**places
    if asked < 10**9:
        assert currency.compare_amounts(next_one, charged(sale) / 10**places) == 1


@given(st.dictionaries(st.sampled_from(AMOUNTS), minor_units))
def test_a_total(amounts):
    """The sum, where a refund counts against the shop."""
    refund = amounts.get("refund_amount", 0)
    assert signed_total(amounts) == sum(amounts.values()) - 2 * refund
    assert signed_total(None) == 0


@given(
    kind=st.sampled_from(list(KINDS)),
    places=decimals,
    asked=minor_units,
    bank=minor_units,
)
def test_what_the_bank_charged(currencies, kind, places, asked, bank):
    """Counts only when it was approved; less than asked for is short."""
    _block, needed, _optional = KINDS[kind]
    amounts, result = dict.fromkeys(needed, asked), dict.fromkeys(needed, bank)
    sign = -1 if kind == "refund" else 1
    values = {"kind": kind, "amounts": amounts, "result_amounts": result}

    approved = row(currencies[places], financial_status="APPROVED", **values)
    overridden = row(currencies[places], override_outcome="yes", **values)

    assert charged(approved) == sign * bank * len(needed)
    assert is_short(approved) == (bank < asked)
    assert charged(overridden) == sign * asked * len(needed)
    assert create_request(kind, amounts)

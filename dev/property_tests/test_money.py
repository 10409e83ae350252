"""Money is an integer in minor units, for any exponent of ISO 4217 and whatever digits
a currency shows: nothing is lost on the way to the order's amounts and back.

The browser's half is ``minor_units.test.js``. Breaking ``signed_total``, ``charged``,
``formatted``, ``in_minor_units`` or ``is_short`` of ``ledger/amounts.py`` turns these
red.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo import api

from odoo.addons.pos_mx51_sci.ledger.amounts import (
    charged,
    formatted,
    in_currency,
    in_minor_units,
    is_short,
    money,
    signed_total,
)
from odoo.addons.pos_mx51_sci.sci.messages import AMOUNTS, KINDS, create_request

exponents = st.sampled_from([0, 2, 3, 4])
decimals = st.integers(0, 4)
minor_units = st.integers(1, 10**10 - 1)


@pytest.fixture(scope="module")
def currencies(registry):
    """A currency for each number of digits shown; forgotten at the end."""
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


@given(shown=decimals, exponent=exponents, asked=minor_units)
def test_there_and_back(currencies, shown, exponent, asked):
    """What an order says of a payment is what was asked for, to the last digit."""
    currency = currencies[shown]
    amount = asked / 10**exponent
    sale = row(currency, exponent=exponent, amounts={"purchase_amount": asked})

    assert currency.decimal_places == shown
    assert in_minor_units(amount, exponent) == asked
    assert in_minor_units(-amount, exponent) == -asked
    assert in_currency(asked, exponent) == amount
    assert charged(sale) == asked
    assert money(sale) == amount
    number = Decimal(formatted(sale).split()[-1])
    assert number == Decimal(asked).scaleb(-exponent)
    next_one = (asked + 1) / 10**exponent
    assert in_minor_units(next_one, exponent) == asked + 1


@given(exponent=exponents, whole=minor_units, tenths=st.integers(1, 9))
def test_no_whole_number(exponent, whole, tenths):
    """A digit below the minor unit is not rounded away."""
    amount = float(Decimal(whole * 10 + tenths).scaleb(-exponent - 1))
    assert in_minor_units(amount, exponent) is None


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

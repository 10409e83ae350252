"""Amounts of a ledger row: objects of names to integers in minor units.

A row keeps the exponent it was written with: one of its currency is ``10 ** exponent``
minor units (``sci/currency.py``). Odoo's ``decimal_places`` is what people see.
"""

#: How far a scaled amount may be from a whole number and still be one: far more than
#: floating point loses, far less than any digit that somebody has typed.
_NOISE = 1e-3

#: A terminal may charge less of these, but never more.
_AS_ASKED = ("purchase_amount", "moto_amount", "cashout_amount", "refund_amount")


def signed_total(amounts):
    """All of ``amounts`` in minor units; a refund counts against the shop."""
    return sum(
        -amount if name == "refund_amount" else amount
        for name, amount in (amounts or {}).items()
    )


def in_minor_units(amount, exponent):
    """``amount`` of a currency as an integer in minor units; ``None`` when it is no
    whole number of them."""
    scaled = amount * 10**exponent
    nearest = round(scaled)
    return nearest if abs(scaled - nearest) < _NOISE else None


def in_currency(minor, exponent):
    """``minor`` units in the currency."""
    return minor / 10**exponent


def charged_amounts(row):
    """What the bank charged, by name in minor units; what was asked for where a person
    had to state the outcome instead."""
    approved = row.financial_status == "APPROVED"
    return (approved and row.result_amounts) or row.amounts or {}


def charged(row):
    """What the payment line of this row is worth, in minor units."""
    return signed_total(charged_amounts(row))


def is_short(row):
    """Whether the bank charged less than asked for, in all."""
    return abs(charged(row)) < abs(signed_total(row.amounts))


def exceeds(row):
    """Whether the bank charged more of something that was asked for, or paid out cash
    that nobody asked for. A tip and a surcharge may be added."""
    asked, got = row.amounts or {}, charged_amounts(row)
    return any(got.get(name, 0) > asked.get(name, 0) for name in _AS_ASKED)


def added(row):
    """``{kind: minor units}`` of what the terminal added to the sale. The tip that was
    asked for is in the order already; a surcharge never is."""
    if row.kind == "refund":
        return {}
    got, asked = charged_amounts(row), row.amounts or {}
    extra = {
        "tip": got.get("tip_amount", 0) - asked.get("tip_amount", 0),
        "surcharge": got.get("surcharge_amount", 0),
    }
    return {kind: minor for kind, minor in extra.items() if minor > 0}


def in_currency_of(row, minor):
    """``minor`` units in the row's currency."""
    return in_currency(minor, row.exponent)


def money(row):
    """What the payment line of this row is worth, in its currency."""
    return in_currency(charged(row), row.exponent)


def formatted(row):
    """The same for people: ``AUD 12.50``."""
    return format_minor(charged(row), row.currency_id, row.exponent)


def format_minor(minor, currency, exponent):
    """``minor`` units of ``currency`` for people: ``AUD 12.50``."""
    return f"{currency.name} {in_currency(minor, exponent):.{exponent}f}"

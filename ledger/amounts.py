"""Amounts of a ledger row: objects of names to integers in minor units."""

#: A terminal may charge less of these, but never more.
_AS_ASKED = ("purchase_amount", "moto_amount", "cashout_amount", "refund_amount")


def signed_total(amounts):
    """All of ``amounts`` in minor units; a refund counts against the shop."""
    return sum(
        -amount if name == "refund_amount" else amount
        for name, amount in (amounts or {}).items()
    )


def minor_units(currency):
    """How many minor units make one of ``currency``."""
    return 10**currency.decimal_places


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


def in_currency_of(row, minor):
    """``minor`` units in the row's currency."""
    return minor / minor_units(row.currency_id)


def money(row):
    """What the payment line of this row is worth, in its currency."""
    return in_currency_of(row, charged(row))


def formatted(row):
    """The same for people: ``AUD 12.50``."""
    currency = row.currency_id
    return f"{currency.name} {money(row):.{currency.decimal_places}f}"

"""Settlement and enquiry: totals of what the terminal has charged."""

import datetime
import time

from . import bank, receipts, transactions
from .errors import invalid_request

CODES = {
    "PUR": ("purchase_amount", "moto_amount"),
    "TIP": ("tip_amount",),
    "SUR": ("surcharge_amount",),
    "REF": ("refund_amount",),
    "CAS": ("cashout_amount",),
}
DATE_RANGES = {"year": (2000, 2100), "month": (1, 12), "day": (1, 31)}


def parse(data):
    """Kind of a create request, ``settlement`` or ``enquiry``, and the day that an
    enquiry names (YYYY-MM-DD), or None.

    :raises ApiError: 400 invalid_request with the reason
    """
    kinds = {"SETTLEMENT": "settlement", "ENQUIRY": "enquiry"}
    if data.get("type") not in kinds:
        raise invalid_request("type is SETTLEMENT or ENQUIRY")
    date = data.get("enquiry_date")
    if date is not None:
        if not isinstance(date, dict) or set(date) != set(DATE_RANGES):
            raise invalid_request("enquiry_date needs year, month and day")
        for name, (lowest, highest) in DATE_RANGES.items():
            value = date[name]
            if isinstance(value, bool) or not isinstance(value, int):
                raise invalid_request(f"{name} is not an integer")
            if not lowest <= value <= highest:
                raise invalid_request(f"{name} is out of range")
        try:
            date = datetime.date(**date).isoformat()
        except ValueError as exc:
            raise invalid_request("there is no such day") from exc
    return kinds[data["type"]], date


def finish(world, terminal, settlement):
    """The totals since the last settlement, or of the day that an enquiry names, as a
    receipt for POS and printer."""
    layout = world.settings["settlement_receipt"]
    title = " ".join(filter(None, (settlement.kind.upper(), settlement.day)))
    totals = _totals(world, terminal, settlement.day)
    receipt = receipts.settlement_receipt(terminal, title, totals, layout)
    if settlement.kind == "settlement":
        terminal.settled_at = time.time()
    transactions.publish(
        world,
        settlement,
        status="FINALISED",
        form="final",
        message=bank.message("000"),
        financial_status="APPROVED",
        merchant_receipt=receipt,
    )


def _totals(world, terminal, day):
    """Number and cents by receipt code, since the terminal's last settlement or of a
    day."""
    totals = {code: [0, 0] for code in CODES}
    for charge in world.store.charges():
        if charge["terminal"] != terminal.id:
            continue
        at = charge["at"]
        if _day_of(at) != day if day else at <= terminal.settled_at:
            continue
        sign = -1 if charge["outcome"] == "reversed" else 1
        for code, names in CODES.items():
            cents = sum(charge["amounts"].get(name, 0) for name in names)
            if cents:
                totals[code][0] += sign
                totals[code][1] += sign * cents
    total = sum(-c if code == "REF" else c for code, (_, c) in totals.items())
    return {**totals, "TOT": [sum(n for n, _ in totals.values()), total]}


def _day_of(at):
    return datetime.date.fromtimestamp(at).isoformat()

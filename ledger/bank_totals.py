"""What the text of a settlement or an enquiry says about the day's totals, where it can
be read (``docs/protocol.md`` 5): mx51 passes text only.

Never a guess: a text that does not add up, or may mean two things, is not read, and
people see it as it is.
"""

import re

#: What is totalled, by the code that receipts print.
CODES = {
    "PUR": "purchase",
    "TIP": "tip",
    "SUR": "surcharge",
    "CAS": "cashout",
    "REF": "refund",
    "TOT": "total",
}
#: Several groups of totals, such as one for each card scheme, end in one over all: only
#: a heading says which.
_OVER_ALL = re.compile(r"\b(?:GRAND|OVERALL|ALL)\b.*\bTOTALS?\b|^\W*TOTALS?\W*$")


def read(text, currency, exponent):
    """``{name of CODES: [number or None, minor units]}``, or ``None``.

    Refunds are positive here; the total is negative where they are more than the rest.

    :param text: the receipt
    :param currency: its code, ``AUD``
    :param exponent: decimals of its minor unit
    """
    line_of = _pattern(currency, exponent)
    groups, group, heading = [], {}, ""
    for line in (text or "").upper().splitlines():
        if not line.strip():
            continue
        found = line_of.match(line)
        if not found:
            if _starts_with_code(line):
                return None
            heading = heading if group else line
            continue
        name = CODES[found["code"]]
        if name in group:
            return None
        group[name] = [_number(found["count"]), _minor(found)]
        if name == "total":
            groups.append((heading, group))
            group, heading = {}, ""
    if group or not groups or not all(_adds_up(group) for _, group in groups):
        return None
    return _over_all(groups)


def _pattern(currency, exponent):
    decimals = rf"\.\d{{{exponent}}}" if exponent else ""
    code = re.escape(currency.upper())
    return re.compile(
        rf"^\s*(?P<code>{'|'.join(CODES)})\b[ :.]*(?P<count>\d+(?=\s))?\s*"
        rf"(?P<minus>-)?\s*(?:{code}|\$)?\s*(?P<minus_after>-)?"
        rf"(?P<amount>(?:\d{{1,3}}(?:,\d{{3}})+|\d+){decimals})\s*$"
    )


def _starts_with_code(line):
    """Whether a line names a total that was not understood."""
    return re.match(rf"\s*(?:{'|'.join(CODES)})\b", line) is not None


def _number(text):
    return int(text) if text else None


def _minor(found):
    minor = int(re.sub(r"\D", "", found["amount"]))
    is_negative = found["minus"] or found["minus_after"]
    if CODES[found["code"]] == "refund":
        return minor
    return -minor if is_negative else minor


def _adds_up(group):
    """The total is what its parts sum up to: else a code means something else here."""
    parts = sum(
        -minor if name == "refund" else minor
        for name, (_, minor) in group.items()
        if name != "total"
    )
    return parts == group["total"][1]


def _over_all(groups):
    """The group over all the others."""
    if len(groups) == 1:
        return groups[0][1]
    *others, (heading, last) = groups
    names = {name for _, group in groups for name in group}
    sums = {name: sum(_amount(group, name) for _, group in others) for name in names}
    is_sum = all(_amount(last, name) == minor for name, minor in sums.items())
    return last if is_sum and _OVER_ALL.search(heading.strip()) else None


def _amount(group, name):
    return group.get(name, (None, 0))[1]

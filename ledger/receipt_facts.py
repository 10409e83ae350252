"""What a receipt's text says about the card, best effort: mx51 passes text only, and
every bank lays it out its own way (``docs/protocol.md`` 7).

Shown to people and searched by them; nothing is decided by it.
"""

import re

#: The first that a line names; several banks print "EFTPOS" on every receipt.
_BRANDS = (
    ("Mastercard", r"MASTER ?CARD"),
    ("Visa", r"VISA"),
    ("American Express", r"AMEX|AMERICAN EXPRESS"),
    ("UnionPay", r"UNION ?PAY|CUP"),
    ("JCB", r"JCB"),
    ("Diners Club", r"DINERS"),
    ("eftpos", r"EFTPOS (?:SAVINGS?|SAV|CHEQUE|CHQ)|SAVINGS|CHEQUE"),
)
#: Digits that are shown of a number that is hidden otherwise.
_LAST_FOUR = re.compile(r"(?:[.*xX#•][ -]?){2,}(\d{4})(?!\d)")
_AUTHORISATION = re.compile(
    r"\bAUTH(?:ORI[SZ]ATION)?\.?(?: ?(?:CODE|NO|NUMBER|ID))?\.?[ :#]*([A-Z0-9]{6})\b"
)


def facts(text):
    """``{field of pos.payment: value}`` of what can be read in a receipt.

    :param text: the customer's or the merchant's receipt
    """
    text = text or ""
    upper = text.upper()
    found = {
        "card_brand": _brand(upper),
        "card_no": _first(_LAST_FOUR, text),
        "payment_method_authcode": _first(_AUTHORISATION, upper),
    }
    return {name: value for name, value in found.items() if value}


def _brand(text):
    for name, pattern in _BRANDS:
        if re.search(rf"\b(?:{pattern})\b", text):
            return name
    return None


def _first(pattern, text):
    found = pattern.search(text)
    return found and found[1]

"""How the bank answers to a card."""

#: Response codes of the demonstration bank.
RESPONSES = {
    "000": "APPROVED",
    "008": "APPROVED WITH SIGNATURE",
    "005": "DECLINED - DO NOT HONOUR",
    "033": "DECLINED - EXPIRED CARD",
    "051": "DECLINED - INSUFFICIENT FUNDS",
    "055": "DECLINED - INCORRECT PIN",
    "061": "DECLINED - OVER CARD LIMIT",
    "091": "DECLINED - ISSUER NOT AVAILABLE",
}

#: Cards by outcome, with the response code unless another one is given.
CARDS = {
    "approve": "000",
    "decline": "051",
    "slow": "000",
    "signature": "008",
    # The terminal loses the answer; the bank has charged, or has not.
    "unknown_charged": "000",
    "unknown": "091",
}

APPROVED_CODES = ("000", "008")


def message(response_code):
    """The text of a bank answer as the POS gets it: ``(000) APPROVED``."""
    return f"({response_code}) {RESPONSES.get(response_code, 'DECLINED')}"


def approved_part(amounts, limit):
    """What the bank approves when it approves no more than ``limit`` cents.

    The purchase is reduced first, as with a card of limited balance.
    """
    parts, left = {}, limit
    for name, amount in amounts.items():
        parts[name] = min(amount, left)
        left -= parts[name]
    return parts

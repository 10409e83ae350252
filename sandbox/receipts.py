"""Receipts: plain text laid out for a thermal roll."""

import time

WIDTH = 32
LABELS = {
    "purchase_amount": "PURCHASE",
    "tip_amount": "TIP",
    "surcharge_amount": "SURCHARGE",
    "cashout_amount": "CASH OUT",
    "refund_amount": "REFUND",
    "moto_amount": "MAIL/PHONE ORDER",
}


def money(cents):
    return f"AUD {cents / 100:,.2f}"


def line(left, right=""):
    """One line with a left and a right part."""
    return f"{left}{right:>{max(1, WIDTH - len(left))}}".rstrip()


def transaction_receipt(transaction, terminal, copy, result, signature=False):
    """The merchant's or the customer's copy.

    :param copy: ``merchant`` or ``customer``
    :param result: the bank's answer, such as ``(000) APPROVED``
    :param signature: whether there has to be a line to sign on
    """
    amounts = transaction.result_amounts or transaction.amounts
    shown = {k: v for k, v in amounts.items() if v}
    lines = [
        "GECKO BANK".center(WIDTH).rstrip(),
        terminal.nickname.upper().center(WIDTH).rstrip(),
        "SANDBOX - NO REAL MONEY".center(WIDTH).rstrip(),
        "",
        line("TERMINAL ID", terminal.tid),
        line(time.strftime("%d/%m/%Y"), time.strftime("%H:%M")),
        line("DEBIT MASTERCARD", "(T) CR"),
        line("CARD", "............4242"),
        line("REFERENCE", transaction.id[:8].upper()),
        "",
        *(line(LABELS.get(k, k.upper()), money(v)) for k, v in shown.items()),
        line("", "-" * 14),
        line("TOTAL", money(sum(shown.values()))),
        "",
        *_wrapped(result),
        "",
    ]
    if signature:
        lines += ["", "SIGN:", "", "_" * WIDTH, ""]
    lines.append(f"*** {copy.upper()} COPY ***".center(WIDTH).rstrip())
    return "\n".join(lines) + "\n"


WORDS = {
    "PUR": "PURCHASES",
    "TIP": "TIPS",
    "SUR": "SURCHARGES",
    "REF": "REFUNDS",
    "CAS": "CASH OUT",
    "TOT": "NET",
}


def settlement_receipt(terminal, title, totals, layout):
    """The totals of a settlement or an enquiry.

    :param layout: ``codes`` of the protocol, the same for each card scheme and over all
        (``schemes``), or ``words``
    """
    lines = [
        "GECKO BANK".center(WIDTH).rstrip(),
        terminal.nickname.upper().center(WIDTH).rstrip(),
        title.center(WIDTH).rstrip(),
        "",
        line("TERMINAL ID", terminal.tid),
        line(time.strftime("%d/%m/%Y"), time.strftime("%H:%M")),
        "",
        *_total_lines(totals, layout),
        "",
    ]
    return "\n".join(lines) + "\n"


def _total_lines(totals, layout):
    if layout == "words":
        yield from (line(f"{WORDS[k]} ({n})", money(c)) for k, (n, c) in totals.items())
        return
    groups = {"": totals}
    if layout == "schemes":
        none = dict.fromkeys(totals, (0, 0))
        groups = {"DEBIT": totals, "CREDIT": none, "TOTALS": totals}
    for heading, group in groups.items():
        yield from filter(None, [heading])
        yield from (line(f"{k} {n:>4}", money(c)) for k, (n, c) in group.items())


def _wrapped(text):
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [part.center(WIDTH).rstrip() for part in lines]

"""A register's card payments in one line, for its card on the dashboard."""

from collections import Counter

from odoo.tools import format_datetime

from ..ledger import totals
from ..server.odoo_adapter import card_methods


def of_registers(registers):
    """``{register's id: summary}`` of those that take card payments.

    A summary has ``text`` (which terminal, and its state), ``level`` (``success``,
    ``warning`` or ``danger``), ``sandbox``, ``payments`` (of the open session, as text)
    and ``review``: how many items a manager has to look at.
    """
    registers = registers.sudo()
    cards = registers.filtered(card_methods)
    paid = totals.of_sessions(registers.env, cards.current_session_id.ids)
    reviews = _open_reviews(cards)
    return {
        register.id: {
            **_terminal(register),
            "payments": _payments(register, paid),
            "review": reviews[register.id],
        }
        for register in cards
    }


def _terminal(register):
    env, own = register.env, register.sci_terminal_id
    offered = own or register.payment_method_ids.sci_terminal_ids
    paired = offered.filtered(lambda terminal: terminal.state == "paired")
    level = "success" if paired else "danger"
    copied = offered.filtered("is_of_other_database")
    if not offered:
        text = env._("No EFTPOS terminal")
    elif copied:
        names = ", ".join(copied.mapped("name"))
        text, level = env._("%s: copy of the database", names), "danger"
    elif len(offered) > 1:
        text = env._(
            "%(paired)s of %(all)s terminals paired",
            paired=len(paired),
            all=len(offered),
        )
    elif offered.state == "confirming":
        text, level = env._("%s: pairing not finished", offered.name), "warning"
    elif paired.not_connected_since:
        since = paired.not_connected_since
        time = format_datetime(env, since, dt_format="short")
        text = env._(
            "%(terminal)s not connected since %(time)s",
            terminal=offered.name,
            time=time,
        )
        level = "danger"
    elif paired:
        text = env._("%s paired", offered.name)
    else:
        text = env._("%s not paired", offered.name)
    return {"text": text, "level": level, "sandbox": any(paired.mapped("sandbox"))}


def _payments(register, paid):
    total = paid.get(register.current_session_id.id)
    if not total:
        return ""
    amount = register.currency_id.format(total.amount)
    if total.count == 1:
        return register.env._("1 card payment %s", amount)
    return register.env._(
        "%(count)s card payments %(amount)s", count=total.count, amount=amount
    )


def _open_reviews(registers):
    found = registers.env["pos.sci.review"]._read_group(
        [("state", "=", "open"), ("transaction_id.config_id", "in", registers.ids)],
        ["transaction_id"],
        ["__count"],
    )
    counts = Counter()
    for row, count in found:
        counts[row.config_id.id] += count
    return counts

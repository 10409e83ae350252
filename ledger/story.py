"""A ledger row told to people: one sentence, and what happened when."""

from odoo.tools import format_datetime

from . import amounts, cancel
from .states import NOT_FINAL, PAID


def sentence(row):
    """``Purchase of AUD 12.50 at Front Bar: approved.``"""
    env = row.env
    label = dict(row._fields["result"]._description_selection(env))
    kind = dict(row._fields["kind"]._description_selection(env))[row.kind]
    minor = amounts.signed_total(row.amounts)
    amount = amounts.format_minor(abs(minor), row.currency_id, row.exponent)
    text = env._(
        "%(kind)s of %(amount)s at %(terminal)s: %(result)s.",
        kind=kind,
        amount=amount,
        terminal=row.terminal_id.name,
        result=label.get(row.result, "").lower(),
    )
    charged = amounts.charged(row)
    if PAID.holds(row) and charged != minor:
        charged_text = amounts.format_minor(abs(charged), row.currency_id, row.exponent)
        text += " " + env._("In all, %s was charged.", charged_text)
    return text


def timeline(row):
    """``[(moment as text, what happened)]`` in the order of time."""
    env = row.env
    by = row.override_employee or row.override_user_id.name
    stated = {
        "yes": env._("%s states that it was paid", by),
        "no": env._("%s states that it was not paid", by),
    }
    events = [
        (row.create_date, env._("Started by %s", row.cashier or row.create_uid.name)),
        (row.sent_at, env._("Sent to %s", row.terminal_id.name)),
        (row.cancel_requested_at, env._("Cancel was pressed")),
        (row.cancel_sent_at or row.cancel_requested_at, _cancelled(row)),
        (row.finalised_at, row.message or env._("Final answer")),
        (row.override_at, _with(stated.get(row.override_outcome), row.override_reason)),
    ]
    events += [
        (item.create_date, env._("To review: %s", item.text)) for item in row.review_ids
    ]
    events += [
        (item.reviewed_at, env._("Reviewed by %s", item.reviewed_by_id.name))
        for item in row.review_ids
    ]
    events += [(refund.sent_at, sentence(refund)) for refund in row.refund_ids]
    return [
        (format_datetime(env, moment, dt_format="medium"), what)
        for moment, what in sorted(
            (event for event in events if all(event)), key=lambda event: event[0]
        )
    ]


def _cancelled(row):
    """What became of the cancel request, as far as there is something to say."""
    env, became = row.env, cancel.state(row, row.env.cr.now())
    if became == "no_answer" and not row.cancel_result and not NOT_FINAL.holds(row):
        became = "sent"  # the payment ended before that was kept
    return {
        "sent": env._("The cancel request was sent"),
        "accepted": env._("The cancel request was accepted"),
        "refused": env._("The cancel request was refused or could not be sent"),
        "no_answer": env._("The cancel request got no answer"),
    }.get(became)


def _with(text, reason):
    return f"{text}: {reason}" if reason else text

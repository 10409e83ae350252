"""What the person at a kiosk may know of a payment: no form, no receipt, nothing of the
terminal, and of what went wrong one of a few sentences."""

from ..ledger import finishing, lines, rows
from ..ledger.states import FINAL_STATUSES, OCCUPYING_STATUSES, PAID, UNRESOLVED

#: Seconds of silence after which a customer is sent to the staff.
PATIENCE = 25
#: What is taken over of a row's public view.
_SHOWN = ("id", "version", "held", "wait", "cancel_state")

#: What each sentence of :func:`sentences` says about the payment.
STATES = {
    "follow": "waiting",
    "cancelling": "waiting",
    "not_cancelled": "waiting",
    "staff": "staff",
    "approved": "staff",
    "thanks": "paid",
    "thanks_card": "paid",
    "given_back": "closed",
    "order_cancelled": "closed",
    "declined": "not_paid",
    "cancelled": "not_paid",
    "busy": "not_paid",
    "no_card": "not_paid",
    "counter": "not_paid",
    "not_made": "not_paid",
}
#: The sentence of an outcome.
_OF_OUTCOME = {"DECLINED": "declined", "CANCELLED": "cancelled"}
#: The sentence of an error code; of any other one, no card is taken here now.
_OF_ERROR = {
    "cancelled": "cancelled",
    "terminal_busy": "busy",
    "interrupted": "not_made",
    "wrong_surcharge": "not_made",
    **dict.fromkeys(
        (
            *("order_missing", "order_finished", "order_unresolved", "nothing_due"),
            *("wrong_amount", "customer_required", "not_enough_points"),
        ),
        "counter",
    ),
}


def sentences(env):
    """All that a kiosk says, beside mx51's own text while the terminal is at work: by
    key of :data:`STATES`, in the language of ``env``."""
    return {
        "follow": env._("Follow the terminal."),
        "cancelling": env._("Your payment is being cancelled. One moment, please."),
        "not_cancelled": env._("This is not cancelled yet. Please press Cancel again."),
        "staff": env._("Please call our staff."),
        "approved": env._("Your card payment is approved. Please call our staff."),
        "thanks": env._("Thank you. Your order is paid."),
        "thanks_card": env._("Thank you. Your card payment is approved."),
        "given_back": env._("Your money was given back. This order is closed."),
        "order_cancelled": env._("This order was cancelled. Nothing is to be paid."),
        "declined": env._("Your card was declined. Please try again."),
        "cancelled": env._("The payment was cancelled."),
        "busy": env._("The terminal is in use. Please try again in a moment."),
        "no_card": env._("Cards cannot be taken here right now."),
        "counter": env._("Please pay at the counter."),
        "not_made": env._("The payment was not made."),
    }


def customer_view(env, view, texts, tracking_number):
    """What a kiosk shows of a public view.

    ``state`` is one of ``waiting``, ``staff``, ``paid`` (and the order is finished),
    ``not_paid`` and ``closed`` (there is nothing to pay any more); ``text`` says more,
    ``number`` is the order's once it is paid, ``may_cancel`` whether a press on Cancel
    would do anything, ``cancel_state`` what became of the last one.

    :param env: in the shop's language
    :param texts: :func:`sentences`, in the customer's
    """
    key = _key(env, view)
    live_text = key == "follow" and view["message"]
    return {
        **said(texts, key, tracking_number),
        **({"text": live_text} if live_text else {}),
        **{name: view.get(name, False) for name in _SHOWN},
        "may_cancel": _may_cancel(view),
    }


def said(texts, key, tracking_number=False):
    """The same without a row.

    :param texts: :func:`sentences`
    :param key: of :data:`STATES`
    """
    return {
        **dict.fromkeys(_SHOWN, False),
        "version": 0,
        "state": STATES[key],
        "text": texts[key],
        "number": STATES[key] == "paid" and tracking_number,
        "may_cancel": False,
    }


def _key(env, view):
    """:return: the sentence for a public view"""
    if not view["id"]:
        return _of_failure(view)
    if view["order_state"] in lines.FINISHED:
        return "thanks_card" if view["paid"] else "thanks"
    found = rows.of_orders(env, [view["order_uuid"]])
    if not found.filtered(UNRESOLVED.holds):
        if found.filtered(PAID.holds) and not lines.net(found):
            return "given_back"
        if view["order_state"] != "draft":
            return "order_cancelled"
        if not view["paid"] and finishing.is_paid_online(env, view["order_id"]):
            return "staff"  # a phone has paid, and the order could not be finished
    if view["paid"]:
        return "approved"  # of an order that could not be finished, the rest may be due
    if view["unresolved"]:
        return "staff" if _needs_staff(view) else _cancel_key(view) or "follow"
    if view["status"] not in FINAL_STATUSES and not view["overridden"]:
        return "staff"  # given up: nobody knows
    return _of_failure(view)


def _may_cancel(view):
    if view["cancel_requested"]:
        return view["unresolved"] and _cancel_key(view) == "not_cancelled"
    return view["unresolved"] and view["status"] in OCCUPYING_STATUSES


def _cancel_key(view):
    """:return: the sentence for what became of a press on Cancel, if there was one"""
    if not view["cancel_requested"]:
        return None
    return "not_cancelled" if view["cancel_state"] == "no_answer" else "cancelling"


def _of_failure(view):
    code = (view["error"] or {}).get("code")
    if view["status"] == "not_sent":
        return _OF_ERROR.get(code, "no_card")
    return _OF_OUTCOME.get(view["financial_status"], "not_made")


def _needs_staff(view):
    return (
        view["override_open"]
        or view["status"] in ("AWAITING_POS", "unknown", "FINALISED")
        or view["silent_for"] >= PATIENCE
    )

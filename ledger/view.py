"""A row of the ledger as the browser may see it: no URL, no secret.

The browser's type for it is ``static/src/app/follow/payment_view.js``;
``tests/test_view.py`` compares the two, key by key.
"""

import json

from ..sci.forms import without_urls
from ..server import waiting
from ..server.causes import text_of
from ..server.sentences import not_sent_hint
from . import cancel
from .states import PAID, UNRESOLVED
from .window import opens_at, silent_since

#: The public view, key by key. Amounts are integers in minor units, times seconds;
#: ``False`` where there is nothing to say.
KEYS = {
    "id": "of the row; False where there is none",
    "payment_uuid": "of the payment line",
    "attempt": "1 for the first, raised by Retry only",
    "order_uuid": "of the order",
    "kind": "purchase, refund, cashout, purchase_with_cashout or moto",
    "status": "of the row (docs/ledger.md 'States')",
    "financial_status": "the outcome, once the status is FINALISED",
    "version": "of mx51's transaction, 0 before the first",
    "message": "mx51's text for people",
    "amounts": "what was asked for, by name",
    "result_amounts": "what the bank charged, by name",
    "merchant_receipt": "text for a roll",
    "customer_receipt": "text for a roll",
    "pos_instructions": "mx51's form, with submit: true in place of URLs",
    "error": "{code, message, hint}",
    "terminal_id": "of pos.sci.terminal",
    "terminal_name": "what the shop calls the terminal",
    "config_id": "of the register",
    "cancel_requested": "whether somebody has asked to cancel",
    "overridden": "what a person has stated: yes or no",
    "paid": "whether the money counts",
    "unresolved": "whether the payment has to be followed",
    "override_open": "whether a person may state the outcome now",
    "override_in": "seconds until then, where that is in sight",
    "silent_for": "seconds without an answer from mx51",
    "elapsed": "seconds since the request left, until the end",
    "order_id": "of the order on the server",
    "order_state": "of that order: draft, paid, done or cancel",
    "posted": "whether the order has what was charged",
    "cancel_state": "of the cancel request: due, sent, accepted, refused (certainly "
    "not done, sent again by itself) or no_answer (may be sent again by a person)",
    "look_every": "seconds between two looks at the ledger while a poll is held",
}


def public_view(row, order, error=None):
    """What a browser may know of a row; see :data:`KEYS`.

    :param order: of the row, if it is on the server
    :param error: of this moment, shown instead of the stored one
    """
    now = row.env.cr.now()
    moment = opens_at(row, now)
    is_unresolved = UNRESOLVED.holds(row)
    is_paid = PAID.holds(row)
    return {
        "id": row.id,
        "payment_uuid": row.payment_uuid,
        "attempt": row.attempt,
        "order_uuid": row.order_uuid,
        "kind": row.kind,
        "status": row.status,
        "financial_status": row.financial_status,
        "version": row.version,
        "message": row.message or "",
        "amounts": row.amounts or {},
        "result_amounts": row.result_amounts or False,
        "merchant_receipt": row.merchant_receipt or False,
        "customer_receipt": row.customer_receipt or False,
        "pos_instructions": _instructions(row) or False,
        "error": error or _stored_error(row),
        "terminal_id": row.terminal_id.id,
        "terminal_name": row.terminal_id.name,
        "config_id": row.config_id.id,
        "cancel_requested": bool(row.cancel_requested_at),
        "overridden": row.override_outcome,
        "paid": is_paid,
        "unresolved": is_unresolved,
        "override_open": bool(moment and moment <= now),
        "override_in": max((moment - now).total_seconds(), 0) if moment else False,
        "silent_for": _seconds(is_unresolved and silent_since(row, now), now),
        "elapsed": _seconds(row.sent_at, row.finalised_at or now),
        "order_id": order.id,
        "order_state": order.state,
        "posted": is_paid and not row.posting_due,
        "cancel_state": cancel.state(row, now),
        "look_every": waiting.look_every(),
    }


def refusal_view(request, code, message):
    """The public view of a refusal that leaves no row.

    :param request: :class:`~.request.StartRequest`
    """
    return {
        **dict.fromkeys(KEYS, False),
        "payment_uuid": request.payment_uuid,
        "attempt": request.attempt,
        "order_uuid": request.order_uuid,
        "kind": request.kind,
        "status": "not_sent",
        "version": 0,
        "message": "",
        "amounts": request.amounts,
        "error": {"code": code, "message": message, "hint": ""},
        "config_id": request.config_id,
        "silent_for": 0,
        "elapsed": 0,
    }


def _stored_error(row):
    if not row.error_code:
        return False
    return {
        "code": row.error_code,
        "message": row.error_message or "",
        "hint": _hint(row),
    }


def _hint(row):
    """What the user may do: an administrator reads more of the cause than a cashier."""
    if row.status != "not_sent" or row.error_code == "cancelled":
        return ""
    return text_of(row.env, row.error_cause) or not_sent_hint(row.env, row.error_code)


def _instructions(row):
    return without_urls(json.loads(row.pos_instructions or "null"))


def _seconds(since, now):
    return int(max((now - since).total_seconds(), 0)) if since else 0

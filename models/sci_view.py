"""A row of the ledger as the browser may see it: no URL, no secret."""

import json

from ..sci.forms import without_urls
from .sci_texts import not_sent_hint


def public_view(row, error=None):
    """What a browser may know: no URL, no secret.

    :param error: of this moment, shown instead of the stored one
    """
    now = row.env.cr.now()
    opens_at = row._override_opens_at(now)
    stored = row.error_code and {
        "code": row.error_code,
        "message": row.error_message or "",
        "hint": row.status == "not_sent"
        and row.error_code != "cancelled"
        and not_sent_hint(row.env, row.error_code)
        or "",
    }
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
        "error": error or stored or False,
        "terminal_id": row.terminal_id.id,
        "terminal_name": row.terminal_id.name,
        "config_id": row.config_id.id,
        "cancel_requested": bool(row.cancel_requested_at),
        "overridden": row.override_outcome,
        "paid": row._paid,
        "unresolved": row._unresolved,
        "override_open": bool(opens_at and opens_at <= now),
        "override_in": max((opens_at - now).total_seconds(), 0) if opens_at else False,
        "silent_for": _seconds(row._unresolved and row._silent_since(now), now),
        "elapsed": _seconds(row.sent_at, row.finalised_at or now),
    }


def _instructions(row):
    return without_urls(json.loads(row.pos_instructions or "null"))


def _seconds(since, now):
    return int(max((now - since).total_seconds(), 0)) if since else 0

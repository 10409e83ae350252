"""Review items: raised once each, with an activity for those who look after EFTPOS."""

import logging

from psycopg2.errors import UniqueViolation

from odoo.tools import mute_logger

from ..server.short_transactions import CONFLICTS
from . import alerts, dues, lines

_logger = logging.getLogger(__name__)

#: Kinds that one payment may have for several reasons: each is said once, also after
#: the item was reviewed.
_HAS_REASONS = ("order_unfinished", "open_at_close")
#: Characters of such an item. A scheduled action that meets with another reason each
#: minute ends here.
_LONGEST = 2000


def raise_item(
    env, kind, text, *, row=None, order=None, payment_uuid=None, is_news=False
):
    """Raise a review item, unless it was raised before. Of :data:`_HAS_REASONS`, a new
    reason is added to the item, which is open again then.

    :param kind: see ``pos.sci.review``
    :param row: the ledger row it is about
    :param order: the order it is about; by default the row's
    :param payment_uuid: the payment line's uuid where there is no row
    :param is_news: whether a reason is told also while the item is open: other money or
        goods, of which nobody speaks a second time
    :return: the item; empty if another request has just raised it
    """
    # The context may come from a browser: no defaults, no muted activities.
    # pylint: disable=context-overridden
    Review = env["pos.sci.review"].sudo().with_context({"lang": env.lang})
    row = row or env["pos.sci.transaction"]
    order = order or row.sudo().pos_order_id
    payment_uuid = payment_uuid or row.payment_uuid
    if is_news:
        # Whoever raises it for this order at the same moment starts over.
        dues.serialise(env, order.uuid or row.order_uuid)
    known = Review.search(
        [
            ("kind", "=", kind),
            ("payment_uuid", "=", payment_uuid),
            ("transaction_id", "=", row.id),
        ]
    )
    if known:
        _add_reason(known, text, is_news)
        return known
    company = row.company_id or order.company_id
    values = {
        "kind": kind,
        "text": text,
        "transaction_id": row.id,
        "payment_uuid": payment_uuid,
        "pos_order_id": order.id,
        "company_id": company.id,
    }
    try:
        with mute_logger("odoo.sql_db"), env.cr.savepoint():
            item = Review.create(values)
    except UniqueViolation:
        return Review  # raised at the same moment; no order is refused because of it
    _tell(item, text)
    return item


def raise_changed(order):
    """A finished order with a card payment was changed. Raised again after each review:
    what was looked at then is not what the order says now."""
    env = order.env
    paid = lines.paid_rows(order)
    if not paid:
        return
    text = env._(
        "%s was changed after its card payment.", order.name or order.pos_reference
    )
    item = raise_item(env, "changed_after", text, row=paid[0], order=order)
    if item.state == "done":
        item.sudo().write({"state": "open"})
        _tell(item, text)


def _add_reason(item, text, is_news):
    is_said = f"\n{text}\n" in f"\n{item.text}\n"
    is_full = not is_news and len(item.text) > _LONGEST
    if item.kind not in _HAS_REASONS or is_said or is_full:
        return
    is_told = is_news or item.state == "done"
    item.write({"state": "open", "text": f"{item.text}\n{text}"})
    if is_told:
        _tell(item, text)


def _tell(item, text):
    """No answer of the bank is lost because somebody could not be told of it."""
    try:
        with item.env.cr.savepoint():
            alerts.assign(item, item.company_id, text)
    except CONFLICTS:
        raise
    except Exception:
        _logger.exception("Nobody could be told of review item %s", item.id)

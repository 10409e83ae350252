"""Posting: what the bank charged is written into the order, by the server and once
(``docs/ledger.md`` "Posting").
"""

import logging
import os
import traceback

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..server.odoo_adapter import is_card_method
from ..server.short_transactions import CONFLICTS
from . import amounts, dues, lines, pricing, rows
from .receipt_facts import facts
from .reviews import raise_item
from .states import PAID

_logger = logging.getLogger(__name__)

#: How long an answer waits for whoever writes to its order, such as a sync that prints
#: an invoice.
_WAIT = "2s"
#: What a terminal adds to a sale, and the product that stands for it.
ADDED = {
    "tip": "point_of_sale.product_product_tip",
    "surcharge": "pos_mx51_sci.product_surcharge",
}


def line_uuid(row, kind):
    """The uuid of what a row adds to its order, the same whoever adds it.

    :param kind: of :data:`ADDED`, or ``cashout`` for the cash that is handed out
    """
    return f"sci-{row.payment_uuid}-{row.id}-{kind}"


def hand_outs(order):
    """Payment lines of the cash that card payments of this order have handed out."""
    found = rows.of_orders(order.env, [order.uuid])
    uuids = {line_uuid(row, "cashout") for row in found}
    return order.payment_ids.filtered(
        lambda line: line.is_change and line.uuid in uuids
    )


def lock(env, order_uuid):
    """The order, for one that writes to it (:func:`~.dues.serialise`)."""
    env.flush_all()
    env.cr.execute("SELECT set_config('lock_timeout', %s, TRUE)", [_WAIT])
    order = dues.serialise(env, order_uuid)
    order.invalidate_recordset()
    return order.with_company(order.company_id)


# -- after an answer ---------------------------------------------------------------


def after_answer(env, row_id):
    """Post in the short transaction of the answer, which is committed whatever happens
    here.

    :return: the value of ``posting_due``
    """
    row = rows.row(env, row_id)
    is_paid = PAID.holds(row)
    if not is_paid and row.status != "FINALISED" and row.override_outcome != "no":
        return False
    try:
        with env.cr.savepoint():
            if is_paid:
                return not _post(row)
            _release(row)
    except CONFLICTS:
        _logger.info("The order of row %s is being written to", row_id)
    except Exception as exc:
        _report(env, row_id, exc)
    return is_paid


def post(env, row_id):
    """The same later, in a short transaction whose affair conflicts are.

    :return: whether nothing is left to post
    """
    try:
        with env.cr.savepoint():
            is_posted = _post(rows.row(env, row_id))
    except CONFLICTS:
        raise
    except Exception as exc:
        _report(env, row_id, exc)
        return False
    if is_posted:
        rows.change(env, row_id, SQL("posting_due"), posting_due=False)
    return is_posted


def _report(env, row_id, exc):
    row = rows.row(env, row_id)
    _logger.warning("Row %s could not be posted: %s", row_id, kind_of(exc))
    if PAID.holds(row):
        text = env._(
            "%(amount)s could not be written into the order: %(reason)s",
            amount=amounts.formatted(row),
            reason=first_line(exc),
        )
        raise_item(env, "order_unfinished", text, row=row)


def first_line(exc):
    """What an error says, short enough for the summary of an activity."""
    return (str(exc).strip() or type(exc).__name__).splitlines()[0][:200]


def kind_of(exc):
    """The same for the log: its text, which a review item has, may name a customer."""
    (raised,) = traceback.extract_tb(exc.__traceback__, limit=-1)
    place = f"{os.path.basename(raised.filename)}:{raised.lineno}"
    return f"{type(exc).__name__} in {raised.name} ({place})"


def _post(row):
    """:return: whether nothing is left to post"""
    order = lock(row.env, row.order_uuid)
    if not order or not order.session_id:
        return False  # on its way, or left for the next session
    if order.state == "draft" and not _is_outdone(row):
        post_into(order, row)
    return True  # what differs in a finished order, the comparison says


def _is_outdone(row):
    """Whether another attempt has paid this payment line: one of the two contradicts a
    person, and has a review item for it."""
    others = rows.binding(row.env, [row.payment_uuid]) - row
    return any(PAID.holds(other) and not other.posting_due for other in others)


def post_into(order, row):
    """Bring what ``row`` charged into ``order``, which is locked and a draft."""
    _post_payment(order, row)
    posted = [
        _post_line(order, row, kind, minor)
        for kind, minor in amounts.added(row).items()
        if not lines.added_by(order, row, kind)
    ]
    _post_hand_out(order, row)
    paid = order._compute_amount_paid()
    values = {"amount_paid": paid, "amount_return": -sum(_change(order))}
    if posted:
        values["amount_total"], values["amount_tax"] = pricing.totals(order)
        values.update(_tip(order))
    differs = order.currency_id.compare_amounts
    changed = {k: v for k, v in values.items() if differs(order[k], v)}
    if changed:  # else no device has to know
        order.write(changed)


def _post_payment(order, row):
    env = row.env
    line = env["pos.payment"].search([("uuid", "=", row.payment_uuid)])
    values = {"amount": amounts.money(row), "payment_status": "done"}
    values["transaction_id"] = row.sci_id
    values.update(facts(row.customer_receipt or row.merchant_receipt))
    if row.customer_receipt and row.customer_receipt not in (line.ticket or ""):
        values["ticket"] = (line.ticket or "") + row.customer_receipt
    if not line:
        env["pos.payment"]._sci_create(
            {
                "uuid": row.payment_uuid,
                "pos_order_id": order.id,
                "payment_method_id": row.payment_method_id.id,
                **values,
            }
        )
    elif line.pos_order_id != order:
        raise UserError(env._("The payment is in another order."))
    else:
        line._sci_write({k: v for k, v in values.items() if line[k] != v})


def _post_line(order, row, kind, minor):
    config = order.config_id
    product = config._sci_product(ADDED[kind])
    if kind == "tip":
        product = config.tip_product_id or product
    if not product:
        raise UserError(order.env._("There is no product for what the terminal added."))
    uuid = line_uuid(row, kind)
    # What a browser has brought under this name was its own idea.
    order.lines.filtered(lambda line: line.uuid == uuid).unlink()
    origin = {
        "uuid": uuid,
        "sci_transaction_id": row.id,
        "sci_line_kind": kind,
    }
    return pricing.add_line(order, product, amounts.in_currency_of(row, minor), origin)


def _post_hand_out(order, row):
    """Cash that was handed out leaves as change, and never pays for goods. Cash that
    nobody asked for was hardly handed out."""
    env, uuid = order.env, line_uuid(row, "cashout")
    charged, asked = amounts.charged_amounts(row), row.amounts or {}
    minor = min(charged.get("cashout_amount", 0), asked.get("cashout_amount", 0))
    if not minor or uuid in order.payment_ids.mapped("uuid"):
        return
    cash = order.session_id.payment_method_ids.filtered("is_cash_count")[:1]
    if not cash:
        raise UserError(env._("There is no cash method to hand out cash from."))
    env["pos.payment"]._sci_create(
        {
            "uuid": uuid,
            "name": env._("Cash-out"),
            "pos_order_id": order.id,
            "payment_method_id": cash.id,
            "amount": -amounts.in_currency_of(row, minor),
            "is_change": True,
        }
    )


def _change(order):
    return order.payment_ids.filtered("is_change").mapped("amount")


def _tip(order):
    tips = order.lines.filtered(
        lambda line: (
            line.sci_line_kind == "tip"
            or (line.product_id and line.product_id == order.config_id.tip_product_id)
        )
    )
    tip = sum(tips.mapped("price_subtotal_incl"))
    return {"is_tipped": bool(tips), "tip_amount": tip}


def _release(row):
    """The line of an attempt that was not paid may be paid again."""
    if rows.binding(row.env, [row.payment_uuid]):
        return
    line = row.env["pos.payment"].search([("uuid", "=", row.payment_uuid)])
    is_card = line and is_card_method(line.payment_method_id)
    is_draft = line.pos_order_id.state == "draft"
    if is_card and is_draft and line.payment_status != "retry":
        line._sci_write({"payment_status": "retry"})


# -- syncs of browsers -------------------------------------------------------------


def change_left(order, sent):
    """The change that a sync adds to its order. What card payments have handed out is
    posted already; a browser may or may not know.

    :param sent: the change as the browser sends it: negative, as it leaves
    """
    posted = sum(hand_outs(order).mapped("amount"))
    over = order._compute_amount_paid() - order.amount_total
    return min((sent, sent - posted), key=lambda change: abs(over + change))


def restore_total(order):
    """Take Odoo's cash rounding out of the total of an order that a terminal has added
    something to: that was charged to the cent."""
    if order.config_id.cash_rounding and any(order.lines.mapped("sci_line_kind")):
        order.amount_total = pricing.totals(order)[0]

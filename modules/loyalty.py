"""Coupons, gift cards and points of ``pos_loyalty``.

Only the browser that made an order knows what it issues and takes from which card. It
says so before a card is charged: so that what two registers take from one gift card is
seen before the amount leaves, and so that the order's coupons are issued whoever
finishes it. ``pos.order.sci_coupons`` keeps it: ``data`` as Odoo's
``confirm_coupon_programs`` takes it, ``content`` that it belongs to, and ``answer``
once they are issued.

From the moment a card payment starts until they are issued, what its order takes is
held: no other order gets it, whoever pays for that.
"""

import logging

from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

from ..ledger import dues, finishing, lines, posting, rows
from ..ledger.reviews import raise_item
from ..ledger.states import PAID, UNRESOLVED
from ..server.short_transactions import ShortTransactions
from ..server.wrapping import wrap

_logger = logging.getLogger(__name__)

#: Of ``pos_order``: what is kept, and has not been issued.
OPEN = "sci_coupons IS NOT NULL AND sci_coupons -> 'answer' IS NULL"
_UNISSUED = f"""
SELECT company_id, pos_order.id
  FROM pos_order
 WHERE {OPEN}
   AND state IN %s AND write_date < %s
   AND EXISTS (SELECT 1 FROM pos_sci_transaction entry
                WHERE entry.order_uuid = pos_order.uuid AND ({PAID.sql} OR %s))
"""
#: Orders that may take from one of some cards, as long as a card payment binds them, or
#: a phone has paid.
_TAKING = f"""
SELECT pos_order.id
  FROM pos_order
 WHERE {OPEN}
   AND state <> 'cancel' AND sci_coupons -> 'data' ?| %s
   AND EXISTS (SELECT 1 FROM pos_sci_transaction entry
                WHERE entry.order_uuid = pos_order.uuid
                  AND ({PAID.sql} OR {UNRESOLVED.sql} OR %s))
"""
#: Written, not only locked: whoever waited for it starts over and reads what was held
#: meanwhile.
_SERIALISE = "UPDATE loyalty_card SET write_date = write_date WHERE id IN %s"


def is_installed(env):
    return "loyalty.card" in env and hasattr(
        type(env["pos.order"]), "confirm_coupon_programs"
    )


def extend(env):
    wrap(env["pos.order"], "confirm_coupon_programs", _confirm)
    wrap(env["pos.order"], "validate_coupon_programs", _validate)


# -- before the charge -------------------------------------------------------------


def keep(order, data):
    """Keep what a draft issues and takes, unless a card has not as much.

    :param data: ``{card id, negative for a new one: values}`` of
        ``confirm_coupon_programs``
    :return: ``{successful, payload}`` of ``validate_coupon_programs``
    """
    _check(order.env, data)
    fine = {"successful": True, "payload": {}}
    if not is_installed(order.env):
        return fine
    # Against whoever finishes the order meanwhile.
    dues.serialise(order.env, order.uuid)
    order.invalidate_recordset()
    kept = order.sudo().sci_coupons or {}
    if order.state != "draft" or "answer" in kept:
        return fine
    if kept and order._sci_is_bound():
        # The rest is paid at another register, which knows no more than the lines.
        completed = _completed(data, kept, order)
        data = {str(card): values for card, values in completed.items()}
    answer = _ask(order, data)
    if answer["successful"]:
        kept = {"data": data, "content": _content(order)}
        _store(order, kept)
    return answer


def _store(order, kept):
    order.sudo()._sci_write({"sci_coupons": kept})
    return kept


def refusal_of(order):
    """Why a card may not be charged for ``order``, in the transaction that inserts the
    payment's row: two registers that start at the same time cannot both take the same
    points.

    :return: ``(code, sentence)``, or ``None``
    """
    if not is_installed(order.env):
        return None
    kept = order.sudo().sci_coupons or {}
    if "answer" in kept:
        return None  # issued already
    redeemed = _redeemed(order)
    is_known = kept and kept["content"] == _content(order)
    if redeemed and not (is_known and set(map(str, redeemed.ids)) <= set(kept["data"])):
        env = order.env
        text = env._("The order is not saved yet. Please save it and try again.")
        return "order_missing", text
    if not is_known:
        if kept and not order._sci_is_bound():
            _store(order, False)  # of goods that are not sold after all
        return None
    cards = tuple(int(card) for card, it in kept["data"].items() if it["points"] < 0)
    if cards:
        order.env.cr.execute(_SERIALISE, [cards], log_exceptions=False)
    answer = _ask(order, kept["data"])
    if answer["successful"]:
        return None
    return "not_enough_points", answer["payload"]["message"]


def _ask(order, data):
    """Odoo's ``validate_coupon_programs`` about ``data`` of ``order``."""
    changes = {
        int(card): values["points"] for card, values in data.items() if int(card) > 0
    }
    codes = [
        values["barcode"]
        for card, values in data.items()
        if int(card) < 0 and values.get("barcode") and not values.get("giftCardId")
    ]
    return order.validate_coupon_programs(changes, codes)


def _validate(original, orders, changes, codes):
    """What other orders than ``orders`` hold cannot be taken. Registers with this addon
    name the order that they ask for."""
    answer = original(orders, changes, codes)
    taken = {int(card): points for card, points in changes.items() if points < 0}
    if not answer["successful"] or not taken:
        return answer
    held = _held(orders, taken)
    cards = orders.env["loyalty.card"].sudo().browse(taken)
    left = {card: card.points + held.get(card.id, 0) for card in cards}
    for card in cards.filtered(lambda card: card.id in held):
        if float_compare(left[card], -taken[card.id], 2) < 0:
            message = orders.env._(
                "%(card)s is being used for another order; %(left)s is left on it. "
                "Take it off this order, or wait until that one is paid.",
                card=f"{card.program_id.name} {card.code}",
                left=card._format_points(max(left[card], 0)),
            )
            updated = {card.id: points for card, points in left.items()}
            payload = {"message": message, "updated_points": updated}
            return {"successful": False, "payload": payload}
    return answer


def _check(env, data):
    try:
        for card, values in data.items():
            int(card), int(values["program_id"])
            if type(values["points"]) not in (int, float):
                raise TypeError(values["points"])
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError) as exc:
        raise UserError(env._("These are no coupons.")) from exc


def _held(orders, cards):
    """``{card id: points, negative}`` that card payments hold of ``cards`` for other
    orders than ``orders``. Of goods that have changed since, what a line redeems."""
    orders.env["pos.order"].flush_model()
    has_online = lines.has_online(orders.env)
    orders.env.cr.execute(SQL(_TAKING, [str(card) for card in cards], has_online))
    taking = orders.sudo().browse(it for (it,) in orders.env.cr.fetchall()) - orders
    held = {}
    for order in taking:
        is_kept = order.sci_coupons["content"] == _content(order)
        redeemed = _redeemed(order).ids
        for card, values in order.sci_coupons["data"].items():
            if values["points"] < 0 and (is_kept or int(card) in redeemed):
                held[int(card)] = held.get(int(card), 0) + values["points"]
    return held


def _redeemed(order):
    """The cards that a line of ``order`` takes from."""
    return order.sudo().lines.filtered(lambda line: line.points_cost > 0).coupon_id


def _content(order):
    """The goods that coupons belong to, not what a terminal has added."""
    return {
        line.uuid: [line.product_id.id, line.qty, round(line.price_subtotal_incl, 6)]
        for line in order.lines
        if not line.sci_transaction_id
    }


# -- afterwards --------------------------------------------------------------------


def sweep(env, turn):
    """Issue what no register has issued, of orders that are finished.

    :param turn: :class:`~..ledger.sweep.Turn`
    """
    if not is_installed(env):
        return
    for short, order_id in turn.for_shops(ShortTransactions(env), _unissued):
        try:
            short.run(_issue, order_id)
        except Exception as exc:
            kind = posting.kind_of(exc)
            _logger.warning("Coupons of order %s: %s", order_id, kind)
            short.run(_report, order_id, posting.first_line(exc))


def _unissued(env):
    env.flush_all()
    left = rows.ago(finishing.LEFT_TO_REGISTER)
    env.cr.execute(SQL(_UNISSUED, lines.FINISHED, left, lines.has_online(env)))
    return env.cr.fetchall()


def _issue(env, order_id):
    order = env["pos.order"].browse(order_id)
    if order.sci_coupons["content"] != _content(order):
        _report(env, order_id, env._("its goods have changed."))
        return
    order.with_company(order.company_id).confirm_coupon_programs({})


def _report(env, order_id, reason):
    order = env["pos.order"].browse(order_id)
    text = env._(
        "Coupons, gift cards or points of %(order)s were not issued: %(reason)s",
        order=order.name,
        reason=reason,
    )
    row = (lines.paid_rows(order) or rows.of_orders(env, [order.uuid]))[:1]
    raise_item(env, "order_unfinished", text, row=row, order=order, is_news=True)
    _store(order, {**order.sci_coupons, "answer": {}})


def _confirm(original, order, data):
    """Once for each order; whoever asks again gets the same answer. What another
    browser than the one that made the order does not know of is added."""
    dues.serialise(order.env, order.uuid)
    kept = order.sudo().sci_coupons
    if kept and not (lines.paid_rows(order) or lines.online(order.payment_ids)):
        kept = _store(order, False)  # paid in another way after all
    if not kept:
        return original(order, data)
    if "answer" in kept:
        return kept["answer"]
    answer = original(order, _completed(data, kept, order))
    _store(order, {**kept, "answer": answer})
    return answer


def _completed(data, kept, order):
    """``data`` with what its browser does not know of: the codes of gift cards that are
    sold, which the one that has read them knows alone, and what ``kept`` says of
    programs that ``data`` does not mention, as long as all goods that it belongs to are
    still in ``order``."""
    result = {int(card): values for card, values in data.items()}
    known, codes = _programs(result), set(map(_code, result.values()))
    nameless = [card for card, it in result.items() if card < 0 and not _code(it)]
    stands = kept["content"].items() <= _content(order).items()
    for card, values in kept["data"].items():
        key, program = int(card), values["program_id"]
        if stands and (program, key < 0) not in known:
            if key < 0 and key in result:
                key = min(result) - 1  # each browser has ids of its own for new cards
            result[key] = {**values, "coupon_id": key}
        elif key < 0 and _code(values) and _code(values) not in codes:
            same = [it for it in nameless if result[it]["program_id"] == program]
            for it in same[:1]:
                nameless.remove(it)
                result[it] = {**values, "coupon_id": it}
    return result


def _programs(data):
    """Cards that exist and new ones apart."""
    return {(values["program_id"], card < 0) for card, values in data.items()}


def _code(values):
    return values.get("code") or values.get("barcode")

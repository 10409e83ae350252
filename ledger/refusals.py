"""Whether a payment may leave: the server decides, not the browser."""

from ..sci.currency import exponent_of
from ..sci.messages import create_request
from . import terminals
from .amounts import format_minor, in_minor_units, signed_total
from .refund import allowance
from .states import OCCUPYING, UNRESOLVED

#: Kinds that a register offers only when it is set up to; the setting's name.
OPTIONAL_KINDS = {
    "cashout": "sci_cashout",
    "purchase_with_cashout": "sci_cashout",
    "moto": "sci_moto",
}


def refusal_of(env, request, config, terminal, original, rivals):
    """Why this payment may not leave.

    :param request: :class:`~.request.StartRequest`
    :param original: the row that is refunded, if any
    :param rivals: rows of the terminal or of the order that were unresolved
    :return: ``(code, sentence)``, or ``None`` when it may leave
    """
    return (
        _of_request(env, request, config)
        or _of_order(env, request, config)
        or (request.kind == "refund" and _of_refund(env, request, config, original))
        or _of_terminal(env, request, config, terminal, rivals)
    )


def _of_request(env, request, config):
    setting = OPTIONAL_KINDS.get(request.kind)
    if setting and not config[setting]:
        return "wrong_kind", env._("This register is not set up for that.")
    try:
        create_request(request.kind, request.amounts)
    except ValueError:
        return "wrong_amount", env._("This amount cannot be sent to a terminal.")
    return None


def _of_order(env, request, config):
    order = env["pos.order"].search_fetch(
        [("uuid", "=", request.order_uuid)], ["uuid", "state"], limit=1
    )
    if order and order.state != "draft":
        return "order_finished", env._("This order is finished already.")
    if _differs_from_order(env, request, config):
        return "wrong_amount", env._("The amount differs from the one of the order.")
    return None


def _differs_from_order(env, request, config):
    """The order is on the server before its payment leaves; a browser that asks for
    another amount than it has synced is not believed. A tip that is asked for is part
    of the line; a surcharge comes on top."""
    payment = env["pos.payment"].search_fetch(
        [("uuid", "=", request.payment_uuid)], ["amount", "pos_order_id"], limit=1
    )
    if not payment:
        return False
    if payment.pos_order_id.uuid != request.order_uuid:
        return True
    asked = {k: v for k, v in request.amounts.items() if k != "surcharge_amount"}
    line = in_minor_units(payment.amount, exponent_of(config.currency_id.name))
    return line != signed_total(asked)


def _of_refund(env, request, config, original):
    wanted = request.amounts["refund_amount"]
    if not request.original_payment_uuid:
        is_manager = env.user.has_group("point_of_sale.group_pos_manager")
        if config.sci_free_refund and is_manager:
            return None
        return "refund_limit", env._("A refund needs the card payment it belongs to.")
    if not original:
        return "refund_limit", env._("The card payment to refund was not found.")
    if original.currency_id != config.currency_id:
        return "wrong_currency", env._(
            "The card payment to refund was taken in %s.", original.currency_id.name
        )
    left = allowance(original)
    if wanted > left:
        return "refund_limit", env._(
            "At most %(amount)s of this card payment can be refunded.",
            amount=format_minor(max(left, 0), original.currency_id, original.exponent),
        )
    return None


def _of_terminal(env, request, config, terminal, rivals):
    if terminal.currency_id != config.currency_id:
        return "wrong_currency", env._(
            "%(terminal)s takes %(theirs)s, this register sells in %(ours)s.",
            terminal=terminal.name,
            theirs=terminal.currency_id.name,
            ours=config.currency_id.name,
        )
    rivals = rivals.filtered(UNRESOLVED.holds)
    occupants = rivals.filtered(OCCUPYING.holds)
    if request.order_uuid in (rivals - occupants).mapped("order_uuid"):
        return "order_unresolved", env._(
            "Another card payment of this order has no result yet. Resolve it first."
        )
    if terminals.is_claimed(terminal):
        return "terminal_busy", being_paired(env, terminal)
    if terminal.state != "paired":
        return "not_paired", env._("No active pairings found")
    occupant = occupants.filtered(lambda row: row.terminal_id == terminal)[:1]
    if occupant:
        return "terminal_busy", taking_payment(env, terminal, occupant.config_id.name)
    return None


def being_paired(env, terminal):
    return env._(
        "%s is being paired or unpaired. Try again in a moment.", terminal.name
    )


def taking_payment(env, terminal, register_name):
    return env._(
        "%(terminal)s is taking a payment on register %(register)s.",
        terminal=terminal.name,
        register=register_name,
    )

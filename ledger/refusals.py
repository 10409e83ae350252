"""Whether a payment may leave: the server decides, not the browser
(``docs/ledger.md`` "Start")."""

import dataclasses

from ..sci.currency import exponent_of
from ..sci.messages import create_request
from . import customers, dues, refund, terminals
from .amounts import format_minor, in_minor_units, signed_total
from .states import OCCUPYING, UNDECIDED

#: Kinds that a register offers only when it is set up to; the setting's name.
OPTIONAL_KINDS = {
    "cashout": "sci_cashout",
    "purchase_with_cashout": "sci_cashout",
    "moto": "sci_moto",
}
#: Kinds that carry the shop's surcharge, and the amount that it is a part of.
SURCHARGED = {
    "purchase": "purchase_amount",
    "purchase_with_cashout": "purchase_amount",
    "moto": "moto_amount",
}


@dataclasses.dataclass(frozen=True)
class Case:
    """What a request is judged by, as of one snapshot.

    :param order: empty while it is not on the server
    :param known: the rows of the order, and what occupies the terminal
    :param refunded: of a refund, its :class:`~.refund.Sales` and the row of them that
        it goes back to
    """

    config: object
    terminal: object
    order: object
    known: object
    refunded: tuple | None

    @property
    def of_order(self):
        """All rows of the order."""
        return self.known.filtered(lambda row: row.order_uuid == self.order.uuid)


def refusal_of(env, request, case):
    """Why this payment may not leave.

    :param request: :class:`~.request.StartRequest`
    :return: ``(code, sentence)``, or ``None`` when it may leave
    """
    return (
        _of_request(env, request, case.config)
        or _of_line(env, request, case.config, case.order)
        or _of_customer(env, case.order)
        or _of_unresolved(env, case)
        or (case.refunded and refund.refusal_of(env, request, case))
        or _of_due(env, request, case)
        or case.order._sci_refusal()
        or _of_terminal(env, case)
        or _of_other_methods(env, request, case)
    )


def surcharge_of(amount, rate):
    """The shop's surcharge on ``amount``, in minor units, halves rounded up.

    :param rate: percents with two decimals
    """
    return (amount * round((rate or 0) * 100) + 5000) // 10000


def _of_request(env, request, config):
    setting = OPTIONAL_KINDS.get(request.kind)
    if setting and not config[setting]:
        return "wrong_kind", env._("This register is not set up for that.")
    try:
        create_request(request.kind, request.amounts)
    except ValueError:
        return "wrong_amount", env._("This amount cannot be sent to a terminal.")
    main = request.amounts.get(SURCHARGED.get(request.kind), 0)
    surcharge = request.amounts.get("surcharge_amount", 0)
    if surcharge != surcharge_of(main, config.sci_surcharge_rate):
        text = env._("The card surcharge has changed. Please press Retry.")
        return "wrong_surcharge", text
    return None


def _of_line(env, request, config, order):
    """The order and its payment line have to be on the server before money moves, and a
    browser that asks for another amount than it has saved is not believed. A tip that
    is asked for is part of the line; a surcharge comes on top."""
    missing = env._("The order is not saved yet. Please save it and try again.")
    if not _may_act_on(config, order):
        return "order_missing", missing
    if order.state != "draft":
        return "order_finished", env._("This order is finished already.")
    line = order.payment_ids.filtered(lambda line: line.uuid == request.payment_uuid)
    if line.payment_method_id.id != request.payment_method_id:
        return "order_missing", missing
    amount = in_minor_units(line.amount, exponent_of(config.currency_id.name))
    if amount is None:
        text = env._("The amount has more decimals than a card payment can have.")
        return "wrong_amount", text
    asked = {k: v for k, v in request.amounts.items() if k != "surcharge_amount"}
    if amount != signed_total(asked):
        return "wrong_amount", env._("The amount differs from the one of the order.")
    return None


def _may_act_on(config, order):
    """Whether a register may take payments for this order: its own, or one of a
    register that trusts it or that it trusts."""
    register = order.config_id
    return order.company_id == config.company_id and (
        register == config
        or register in config.trusted_config_ids
        or config in register.trusted_config_ids
    )


def _of_customer(env, order):
    """The register asks for one before it sends anything."""
    missing = customers.missing(order)
    if missing:
        text = env._("Select the customer first: %s", missing)
        return "customer_required", text
    return None


def _of_unresolved(env, case):
    if case.of_order.filtered(UNDECIDED.holds):
        return "order_unresolved", env._(
            "The result of another card payment of this order is not known. Touch it, "
            "and say whether it was successful."
        )
    return None


def _of_due(env, request, case):
    """A payment takes no more than is due, a refund gives back no more than is to be
    paid back; what a card has paid of this order can be given back at any time."""
    order, found = case.order, case.of_order
    amount = abs(dues.asked(request.amounts))
    if request.kind == "purchase" and dues.is_deposit(order):
        if not dues.is_paid_elsewhere(found, request.payment_uuid):
            return None
    if request.kind != "refund":
        if request.amounts.get("cashout_amount") and dues.of_order(order, found) < 0:
            text = env._("A refund and a cash-out cannot go together.")
            return "wrong_amount", text
        left = dues.left_to_charge(order, found, request.payment_uuid)
        nothing = env._("Nothing is due any more.")
    elif case.refunded[1].order_uuid == request.order_uuid:
        return None
    else:
        left = dues.left_to_refund(order, found, request.payment_uuid)
        nothing = env._("Nothing is to be paid back.")
    if amount <= left:
        return None
    if not left:
        return "nothing_due", nothing
    currency = order.currency_id
    text = format_minor(left, currency, exponent_of(currency.name))
    if request.kind == "refund":
        sentence = env._("Only %s is to be paid back. Change the amount.", text)
    else:
        sentence = env._("Only %s is due. Change the amount.", text)
    return "wrong_amount", sentence


def _of_terminal(env, case):
    config, terminal = case.config, case.terminal
    if terminal.currency_id != config.currency_id:
        return "wrong_currency", env._(
            "%(terminal)s takes %(theirs)s, this register sells in %(ours)s.",
            terminal=terminal.name,
            theirs=terminal.currency_id.name,
            ours=config.currency_id.name,
        )
    if terminals.is_claimed(terminal):
        return "terminal_busy", being_paired(env, terminal)
    if terminal.state != "paired":
        return "not_paired", env._("No active pairings found")
    on_terminal = case.known.filtered(lambda row: row.terminal_id == terminal)
    occupant = on_terminal.filtered(OCCUPYING.holds)[:1]
    if occupant:
        return "terminal_busy", taking_payment(env, terminal, occupant.config_id.name)
    return None


def _of_other_methods(env, request, case):
    """What a terminal takes is booked with the methods that use it. Money may go back
    to a card at any of them."""
    terminal = case.terminal
    if request.kind == "refund" or terminal == case.config.sci_terminal_id:
        return None
    methods = env["pos.payment.method"].search([("sci_terminal_ids", "=", terminal.id)])
    if not methods or request.payment_method_id in methods.ids:
        return None
    return "wrong_terminal", env._(
        "%(terminal)s takes payments of %(methods)s only. Choose another terminal.",
        terminal=terminal.name,
        methods=", ".join(methods.mapped("name")),
    )


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

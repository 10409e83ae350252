"""What a terminal is kept from asking the customer, or adding by itself.

A tip or surcharge that a request leaves out is the terminal's affair; one that is sent,
zero included, is not (``docs/protocol.md`` 6).
"""

from odoo.fields import Domain

from ..sci.messages import KINDS
from .states import PAID, UNRESOLVED


def without_prompts(env, request, config):
    """The amounts of a create request: what was asked for, and zero for what the
    terminal shall leave alone: tips where the register takes none or the order has one
    already, a surcharge where the register does not leave it to the terminal.

    :param request: :class:`~.request.StartRequest`
    :return: minor units by amount name
    """
    optional = KINDS[request.kind][2]
    zeros = {}
    if "tip_amount" in optional:
        if not _takes_tips(config) or _has_tip(env, request, config):
            zeros["tip_amount"] = 0
    if "surcharge_amount" in optional and not config.sci_terminal_surcharge:
        zeros["surcharge_amount"] = 0
    return {**zeros, **request.amounts}


def _takes_tips(config):
    return bool(config.iface_tipproduct and config.tip_product_id)


def _has_tip(env, request, config):
    """A tip that the cashier has put on the order, or that a card has paid or may be
    paying for it."""
    order = env["pos.order"].search([("uuid", "=", request.order_uuid)], limit=1)
    tips = order.lines.filtered(lambda line: line.product_id == config.tip_product_id)
    of_order = Domain("order_uuid", "=", request.order_uuid)
    rows = env["pos.sci.transaction"].search(
        of_order & (UNRESOLVED.domain | PAID.domain)
    )
    amounts = [row.result_amounts or row.amounts or {} for row in rows]
    return bool(tips) or any(given.get("tip_amount") for given in amounts)

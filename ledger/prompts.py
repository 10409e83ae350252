"""What a terminal is kept from asking the customer, or adding by itself.

A tip or surcharge that a request leaves out is the terminal's affair; one that is sent,
zero included, is not (``docs/protocol.md`` 6).
"""

from ..sci.messages import KINDS
from .states import binds


def without_prompts(request, case):
    """The amounts of a create request: what was asked for, and zero for what the
    terminal shall leave alone: tips where the register takes none or the order has one
    already, a surcharge where the register does not leave it to the terminal.

    :param request: :class:`~.request.StartRequest`
    :param case: :class:`~.refusals.Case`
    :return: minor units by amount name
    """
    optional, config = KINDS[request.kind][2], case.config
    zeros = {}
    if "tip_amount" in optional:
        if not _takes_tips(config) or _has_tip(case):
            zeros["tip_amount"] = 0
    if "surcharge_amount" in optional and not config.sci_terminal_surcharge:
        zeros["surcharge_amount"] = 0
    return {**zeros, **request.amounts}


def _takes_tips(config):
    return bool(config.iface_tipproduct and config.tip_product_id)


def _has_tip(case):
    """A tip that the cashier has put on the order, or that a card has paid or may be
    paying for it."""
    tip = case.config.tip_product_id
    tips = case.order.lines.filtered(lambda line: line.product_id == tip)
    rows = case.of_order.filtered(binds)
    amounts = [row.result_amounts or row.amounts or {} for row in rows]
    return bool(tips) or any(given.get("tip_amount") for given in amounts)

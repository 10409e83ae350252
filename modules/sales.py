"""Quotations of ``pos_sale``: what is not paid is not theirs.

That module writes a down payment into its quotation whenever the order is saved, and an
order with a card payment is saved before anybody has paid.
"""

from ..ledger import lines
from ..server.odoo_adapter import card_methods
from ..server.wrapping import wrap


def is_installed(env):
    return "sale_order_origin_id" in env["pos.order.line"]._fields


def extend(env):
    orders = env["sale.order"]
    name = "_create_down_payment_section_line_if_needed"
    add_section = getattr(type(orders), name)
    # Its place is just before the lines, if there are any.
    wrap(orders, name, lambda *_args: None)

    def add_lines(original, order, base_lines):
        paid = [line for line in base_lines if not _is_unpaid(line["record"])]
        if not paid:
            return order.order_line.browse()
        add_section(order)
        return original(order, paid)

    wrap(orders, "_create_down_payment_lines_from_base_lines", add_lines)


def _is_unpaid(record):
    """Whether ``record``, of which a down payment line is made, is of an order that a
    card has yet to pay. Online payments finish an order without saving it once more."""
    if record._name != "pos.order.line" or record.order_id.state != "draft":
        return False
    methods = record.order_id.config_id.payment_method_ids
    is_online = "is_online_payment" in methods._fields and any(
        methods.mapped("is_online_payment")
    )
    return bool(lines.card_lines(record.order_id.payment_ids)) and not is_online


def release(orders):
    """Quotations are as they were before these ``orders``, which are cancelled."""
    if not is_installed(orders.env):
        return
    orders = orders.filtered(_takes_cards)
    sold = orders.sudo().lines.filtered("sale_order_origin_id")
    unpaid = sold.sale_order_line_id.filtered(lambda line: _is_of(line, sold))
    sold.write({"sale_order_origin_id": False, "sale_order_line_id": False})
    quotations = unpaid.order_id
    unpaid.unlink()
    for quotation in quotations:
        down_payments = quotation.order_line.filtered("is_downpayment")
        if all(down_payments.mapped("display_type")):
            down_payments.unlink()


def _takes_cards(order):
    return bool(card_methods(order.config_id))


def _is_of(line, sold):
    """Whether ``line`` of a quotation is a down payment that was made of ``sold``; one
    that a settling takes off is older."""
    return (
        line.is_downpayment
        and not line.invoice_lines
        and line.pos_order_line_ids <= sold
        and line.create_date >= min(line.pos_order_line_ids.mapped("create_date"))
    )

"""Where Odoo's bookkeeping of an order does not expect what a terminal does."""


def rebalance(order, values_per_nature):
    """Odoo takes an order that is invoiced after its session out of the closing entry,
    and rounds its total for that once more. What a terminal added was charged to the
    cent, so the order was paid with another rounding difference.

    :param values_per_nature: lists of values of journal items, by nature; changed
    """
    cash_rounding = order.config_id.cash_rounding and order.config_id.rounding_method
    if not cash_rounding or not any(order.lines.mapped("sci_line_kind")):
        return
    items = [item for values in values_per_nature.values() for item in values]
    off = {
        name: sum(item[name] for item in items)
        for name in ("balance", "amount_currency")
    }
    if order.currency_id.is_zero(off["amount_currency"]):
        return
    of_rounding = values_per_nature["cash_rounding"]
    if not of_rounding:
        is_loss = off["balance"] < 0
        account = "loss_account_id" if is_loss else "profit_account_id"
        of_rounding.append(
            {
                "name": cash_rounding.name,
                "account_id": cash_rounding[account].id,
                "partner_id": order.partner_id.commercial_partner_id.id,
                "currency_id": order.currency_id.id,
                "balance": 0,
                "amount_currency": 0,
                "display_type": "rounding",
            }
        )
    for name, amount in off.items():
        of_rounding[0][name] -= amount

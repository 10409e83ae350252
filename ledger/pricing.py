"""Order lines whose total, taxes included, is what a terminal charged to the cent."""

from odoo.fields import Command

#: Types of taxes that are the same in each unit of measure.
_PLAIN = ("percent", "division", "fixed")


def totals(order):
    """``(total, tax)`` of all lines as the register shows them: before cash rounding,
    which Odoo's ``_compute_prices`` puts into the total."""
    Tax = order.env["account.tax"]
    # Odoo turns the quantities of an order with a negative total around.
    sign = -1 if order.amount_total < 0 else 1
    base_lines = [_base_line(line, sign) for line in order.lines]
    Tax._add_tax_details_in_base_lines(base_lines, order.company_id)
    Tax._round_base_lines_tax_details(base_lines, order.company_id)
    # As Odoo's ``_get_tax_totals_summary``, without its tax groups: they cost queries.
    found = [line["tax_details"] for line in base_lines]
    tax = sum(
        tax_data["tax_amount_currency"]
        for details in found
        for tax_data in details["taxes_data"]
    )
    untaxed = sum(
        details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        for details in found
    )
    return sign * (untaxed + tax), sign * tax


def _base_line(line, sign):
    """As the line's own method of this name in Odoo, without account, partner and
    description, and without the unit of measure unless a tax may use it: they change no
    amount, and to look them up takes most of the time."""
    order, taxes = line.order_id, line.tax_ids_after_fiscal_position
    is_plain = all(tax.amount_type in _PLAIN for tax in taxes)
    return line.env["account.tax"]._prepare_base_line_for_taxes_computation(
        line,
        currency_id=order.currency_id,
        rate=order.currency_rate,
        product_id=line.product_id,
        product_uom_id=None if is_plain else line.product_uom_id,
        tax_ids=taxes,
        price_unit=line.price_unit,
        quantity=line.qty * sign,
        discount=line.discount,
        is_refund=line.qty * line.price_unit < 0,
        sign=-sign,
    )


def add_line(order, product, amount, origin):
    """Add a line that makes the order dearer by ``amount``, taxes included.

    The price is rounded, and so is each tax: where no price leads to the amount, its
    split into price and taxes is fixed; an amount that no split leads to is left
    untaxed. The order has to balance to the cent.

    :param origin: further values of the line
    """
    before, _tax = totals(order)
    taxes = product.taxes_id.filtered_domain(
        order.env["account.tax"]._check_company_domain(order.company_id)
    )
    effective = order.fiscal_position_id.map_tax(taxes)
    details = effective._get_tax_details(
        amount,
        1.0,
        rounding_method="round_globally",
        product=product,
        special_mode="total_included",
    )
    line = order.env["pos.order.line"]._sci_create(
        {
            "order_id": order.id,
            "product_id": product.id,
            "full_product_name": product.display_name,
            "qty": 1,
            "price_unit": _price(details),
            "price_type": "manual",
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "tax_ids": [Command.set(taxes.ids)],
            **origin,
        }
    )
    for values in (
        line._compute_amount_line_all(),
        _fixed(line, details, amount),
        {
            "tax_ids": [Command.clear()],
            "extra_tax_data": False,
            "price_unit": amount,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
        },
    ):
        line._sci_write(values)
        after, _tax = totals(order)
        is_exact = order.currency_id.compare_amounts(after - before, amount) == 0
        if is_exact and not order.currency_id.compare_amounts(
            line.price_subtotal_incl, amount
        ):
            break
    return line


def _price(details):
    """The price of one, with the taxes that a price contains."""
    return details["total_excluded"] + sum(
        tax["tax_amount"] for tax in details["taxes_data"] if tax["price_include"]
    )


def _fixed(line, details, amount):
    """Values that fix the split of ``amount`` into price and taxes."""
    rounded = line.currency_id.round
    tax_amounts = {
        str(data["tax"].id): {
            "tax_amount_currency": rounded(data["tax_amount"]),
            "base_amount_currency": rounded(data["base_amount"]),
        }
        for data in details["taxes_data"]
    }
    taxes = sum(tax["tax_amount_currency"] for tax in tax_amounts.values())
    untaxed = rounded(amount - taxes)
    for tax in tax_amounts.values():
        if not line.currency_id.compare_amounts(tax["base_amount_currency"], untaxed):
            tax["base_amount_currency"] = untaxed
    return {
        "price_subtotal": untaxed,
        "price_subtotal_incl": amount,
        "extra_tax_data": {
            "manual_total_excluded_currency": untaxed,
            "manual_tax_amounts": tax_amounts,
            "currency_id": line.currency_id.id,
            "price_unit": line.price_unit,
            "discount": 0.0,
            "quantity": 1.0,
            "rate": line.order_id.currency_rate or 1.0,
        },
    }

"""Orders that cannot be finished without a customer: ``docs/ledger.md`` "Finishing"."""


def missing(order):
    """What Odoo would miss later, when it is too late to ask for it.

    :return: a sentence, or ``None``
    """
    env = order.env
    if order.partner_id:
        return None
    methods = order.payment_ids.payment_method_id
    if order.to_invoice and order.lines:
        return env._("the invoice needs a customer.")
    if order.shipping_date:
        return env._("shipping needs a customer.")
    if any(methods.mapped("split_transactions")):
        return env._("the payment method needs a customer.")
    return None

"""What changes in Odoo after 19.0, in one place (``docs/next-odoo.md``)."""

from odoo.orm.models import NO_ACCESS  # noqa: F401 (a field that nobody may read)

#: How Odoo 19 marks a payment method that uses a terminal: field and our value.
TERMINAL_FIELD = "use_payment_terminal"
MX51_SCI = "mx51_sci"
#: Payment methods that use an SCI terminal.
CARD_METHODS = [(TERMINAL_FIELD, "=", MX51_SCI)]
#: Payment lines of such methods.
CARD_PAYMENTS = [(f"payment_method_id.{TERMINAL_FIELD}", "=", MX51_SCI)]
#: What makes such a method a method without a terminal.
WITHOUT_TERMINAL = f"{TERMINAL_FIELD} = NULL, payment_method_type = 'none'"


def is_card_method(method):
    """Whether a payment method uses an SCI terminal."""
    return method[TERMINAL_FIELD] == MX51_SCI


def announce_paid(order):
    """Tell the kitchen about an order that the server has finished, and a kiosk of
    ``pos_self_order`` that waits for it."""
    if order.source == "kiosk":
        order._send_payment_result("Success")
    else:
        order._send_order()


def register_url(order):
    """Where a register shows this order: to be paid while it is a draft, else among
    the finished ones, where it can be refunded."""
    path = f"payment/{order.uuid}" if order.state == "draft" else "ticket"
    query = "" if order.state == "draft" else f"?sci_order={order.uuid}"
    return f"/pos/ui/{order.config_id.id}/{path}{query}"

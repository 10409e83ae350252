"""What changes in Odoo after 19.0, in one place (``docs/next-odoo.md``)."""

from odoo.exceptions import UserError
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


def card_methods(register):
    """A register's payment methods for terminals of SCI."""
    return register.payment_method_ids.filtered(is_card_method)


def fetch_children(record, name, field_names):
    """Read a one2many of one record, or none, with these fields of what it holds, by
    one query: Odoo's own access reads the ids first."""
    field = record._fields[name]
    Child = record.env[field.comodel_name].with_context(active_test=False)
    domain = [(field.inverse_name, "in", record.ids)]
    children = Child.search_fetch(domain, [field.inverse_name, *field_names])
    field._insert_cache(record, [children._ids] * len(record))


def fill_cache(record, field_names, values):
    """Let the ORM know a record's stored fields from a statement of our own.

    :param values: as PostgreSQL has returned them
    """
    for name, value in zip(field_names, values, strict=True):
        record._fields[name]._insert_cache(record, [value])


def announce_paid(order, registers):
    """Tell the kitchen about an order that the server has finished, and a kiosk of
    ``pos_self_order`` that waits for it.

    :param registers: where it was paid: a kiosk whose order a counter has taken over
        waits as well
    """
    if order.source != "kiosk":
        order._send_order()
        return
    order._send_payment_result("Success")
    for kiosk in registers - order.config_id:
        shown = {
            records._name: records.read(
                records._load_pos_self_data_fields(kiosk), load=False
            )
            for records in (order, order.lines)
        }
        news = {"payment_result": "Success", "data": shown}
        kiosk._notify("PAYMENT_STATUS", news)


def open_at_register(order):
    """An action that shows this order at its register: to be paid while it is a draft,
    else among the finished ones, where it can be refunded.

    :raises UserError: there is none
    """
    if not order:
        raise UserError(order.env._("The order is not on the server any more."))
    is_draft = order.state == "draft"
    path = f"payment/{order.uuid}" if is_draft else f"ticket?sci_order={order.uuid}"
    return {
        "type": "ir.actions.act_url",
        "url": f"/pos/ui/{order.config_id.id}/{path}",
        "target": "self",
    }

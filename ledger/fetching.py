"""What the start and the polls of a payment read: few queries, and only these fields,
since cashiers wait, many at the same time, and a register alone has a hundred. A field
that is missing here costs a further query, nothing else.
"""

from itertools import islice

from odoo.tools import SQL

from ..sci.messages import RECEIPT_FLAGS
from ..server.odoo_adapter import TERMINAL_FIELD, fetch_children, fill_cache

#: Of a register, also where its user's access is checked.
REGISTER = (
    *("company_id", "currency_id", "sci_cashout", "sci_moto", "sci_surcharge_rate"),
    *("sci_terminal_surcharge", "iface_tipproduct", "tip_product_id"),
    *("cash_rounding", "only_round_cash_method", "rounding_method"),
    "sci_terminal_id",
)
#: What a request to mx51 needs: the name is for the sentence where none can be made.
_PAIRING = (
    *("name", "pairing_id", "paired_database"),
    *("api_base_url", "key_id", "signing_secret_part_b"),
)
_TERMINAL = (
    *("company_id", "currency_id", "state", "claimed_at", *RECEIPT_FLAGS),
    *_PAIRING,
)
#: Of an order, also where it is serialised.
ORDER = (
    *("uuid", "state", "company_id", "config_id", "user_id", "partner_id"),
    *("to_invoice", "shipping_date", "amount_total", "currency_rate"),
    "fiscal_position_id",
)
_LINE = (
    *("product_id", "qty", "price_unit", "discount", "tax_ids", "extra_tax_data"),
    *("sci_transaction_id", "sci_line_kind", "refunded_orderline_id"),
)
_POLLED_ROW = (
    *("status", "version", "sci_id", "terminal_id", "pairing_id", "followed_at"),
    *("override_outcome", "cancel_requested_at", "cancel_sent_at"),
)
#: What a row's public view and its columns for people (``figures.py``) are made of.
SHOWN_ROW = (
    *("payment_uuid", "attempt", "order_uuid", "kind", "amounts", "result_amounts"),
    *("status", "financial_status", "version", "message", "pos_instructions"),
    *("merchant_receipt", "customer_receipt", "sent_at", "finalised_at"),
    *("error_code", "error_message", "error_cause", "exponent", "currency_id"),
    *("terminal_id", "config_id", "session_id", "sci_id", "pairing_id"),
    *("cancel_requested_at", "cancel_sent_at", "cancel_result", "given_up"),
    *("followed_at", "silent_since", "is_lost", "override_outcome"),
    *("posting_due", "review_due", "result", "response_code", "paid_amount"),
    *("tip_amount", "surcharge_amount", "cashout_amount"),
)
_SHOWN_TERMINAL = (
    *("name", "pairing_id", "override_after", "override_after_cancel"),
    "not_connected_since",
)
#: Of a payment method, also where its user's access is checked.
METHOD = (TERMINAL_FIELD, "split_transactions")
_CURRENCY = ("name", "rounding", "decimal_places")
_COMPANY = ("currency_id", "tax_calculation_rounding_method")
_PAYMENT = ("uuid", "amount", "payment_method_id", "payment_status", "is_change")


def columns(model, field_names):
    """Stored fields in a statement of our own, for ``fill_cache``."""
    return SQL(", ").join(SQL.identifier(model._table, name) for name in field_names)


def fetch_register(config, terminal):
    """The register, its currency and company, and the terminal that is to be used."""
    config.fetch(REGISTER)
    currency, company = config.currency_id, config.company_id
    (found,) = config.env.execute_query(
        SQL(
            "SELECT %s, %s, pos_sci_terminal.id, %s FROM res_currency"
            " CROSS JOIN res_company"
            " LEFT JOIN pos_sci_terminal ON pos_sci_terminal.id = %s"
            " WHERE res_currency.id = %s AND res_company.id = %s",
            columns(currency, _CURRENCY),
            columns(company, _COMPANY),
            columns(terminal, _TERMINAL),
            terminal.id or None,
            currency.id,
            company.id,
        )
    )
    values = iter(found)
    fill_cache(currency, _CURRENCY, islice(values, len(_CURRENCY)))
    fill_cache(company, _COMPANY, islice(values, len(_COMPANY)))
    if next(values):
        fill_cache(terminal, _TERMINAL, values)


def fetch_asked_for(row):
    """A row that somebody asks for: what access to it depends on, and most likely it
    is about to be polled."""
    row.fetch(("company_id", "config_id", *_POLLED_ROW))


def fetch_polled(row):
    """A row that is about to be polled, and how to ask about it."""
    row.fetch(_POLLED_ROW)
    row.terminal_id.fetch(_PAIRING)


def fetch_row(row):
    """A row for what follows from its change."""
    row.fetch(SHOWN_ROW)


def fetch_shown(row, is_asked=False):
    """A row and its terminal for the public view.

    :param is_asked: whether that also says why mx51 cannot be asked
    :return: the row's order, if it is on the server
    """
    fetch_row(row)
    terminal, order = row.terminal_id, row.env["pos.order"]
    names = tuple(dict.fromkeys((*_SHOWN_TERMINAL, *(_PAIRING if is_asked else ()))))
    found = row.env.execute_query(
        SQL(
            "SELECT pos_order.id, pos_order.state, %s FROM pos_sci_terminal"
            " LEFT JOIN pos_order ON pos_order.uuid = %s"
            " WHERE pos_sci_terminal.id = %s",
            columns(terminal, names),
            row.order_uuid,
            terminal.id,
        )
    )
    for order_id, state, *values in found:
        fill_cache(terminal, names, values)
        if order_id:
            order = order.browse(order_id)
            fill_cache(order, ("state",), (state,))
    return order


def fetch_order(order):
    """The order with its lines and payments."""
    order.fetch(ORDER)
    fetch_children(order, "lines", _LINE)
    fetch_children(order, "payment_ids", _PAYMENT)
    order.payment_ids.payment_method_id.fetch(METHOD)
    order.company_id.fetch(_COMPANY)

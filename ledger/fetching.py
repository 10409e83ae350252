"""What the start and the polls of a payment read: few queries, and only these fields,
since cashiers wait, many at the same time, and a register alone has a hundred. A field
that is missing here costs a further query, nothing else.
"""

from ..sci.messages import RECEIPT_FLAGS
from ..server.odoo_adapter import TERMINAL_FIELD

_REGISTER = (
    *("company_id", "currency_id", "sci_cashout", "sci_moto", "sci_surcharge_rate"),
    *("sci_terminal_surcharge", "iface_tipproduct", "tip_product_id"),
    *("cash_rounding", "only_round_cash_method", "rounding_method"),
    "sci_terminal_id",
)
_TERMINAL = (
    *("name", "company_id", "currency_id", "state", "claimed_at", *RECEIPT_FLAGS),
    *("pairing_id", "key_id", "api_base_url", "signing_secret_part_b"),
    *("paired_database", "override_after", "override_after_cancel"),
)
_ORDER = (
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
_PAYMENT = ("uuid", "amount", "payment_method_id", "payment_status", "is_change")


def fetch_register(config):
    """The register and its currency."""
    config.fetch(_REGISTER)
    config.currency_id.fetch(["name", "rounding", "decimal_places"])


def fetch_terminal(terminal):
    terminal.fetch(_TERMINAL)


def fetch_polled(row):
    """A row that is about to be polled."""
    row.fetch(_POLLED_ROW)
    fetch_terminal(row.terminal_id)


def fetch_order(order):
    """The order with its lines and payments."""
    order.fetch(_ORDER)
    order.lines.fetch(_LINE)
    order.payment_ids.fetch(_PAYMENT)
    order.payment_ids.payment_method_id.fetch([TERMINAL_FIELD, "split_transactions"])
    order.company_id.fetch(["currency_id", "tax_calculation_rounding_method"])

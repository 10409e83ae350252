import inspect

import odoo
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from ..ledger.lines import OF_LINE

ADDON = "odoo.addons.pos_mx51_sci."
#: Odoo's methods that we call although they are private, by model.
PRIVATE_METHODS = {
    "pos.config": ["_notify"],
    "pos.order": [
        "_compute_amount_paid",
        "_ensure_access_token",
        "_prepare_tax_base_line_values",
        "_send_order",
    ],
    "pos.order.line": [
        "_compute_amount_line_all",
        "_prepare_tax_base_line_values",
    ],
    "account.tax": [
        "_add_tax_details_in_base_lines",
        "_check_company_domain",
        "_get_tax_details",
        "_get_tax_totals_summary",
        "_round_base_lines_tax_details",
    ],
    "ir.model.data": ["_xmlid_to_res_id"],
    "res.lang": ["_get_code"],
    "pos.load.mixin": ["_load_pos_data_read"],
}
#: Odoo's fields that a rule about money reads or writes, by model.
FIELDS = {
    "pos.order": (
        "uuid state session_id payment_ids lines config_id company_id amount_total"
        " amount_tax amount_paid amount_return is_tipped tip_amount to_invoice"
        " shipping_date partner_id source fiscal_position_id currency_rate nb_print"
        " amount_difference pos_reference name currency_id"
    ),
    "pos.order.line": " ".join(
        (
            *OF_LINE,
            *("tax_ids_after_fiscal_position", "uuid", "price_type"),
            *("full_product_name", "extra_tax_data", "refund_orderline_ids"),
        )
    ),
    "pos.payment": (
        "uuid amount is_change pos_order_id payment_method_id session_id currency_id"
        " payment_status ticket account_move_id"
    ),
    "pos.payment.method": (
        "use_payment_terminal payment_method_type journal_id config_ids"
        " is_cash_count split_transactions type"
    ),
    "pos.session": "state rescue config_id order_ids move_id",
    "pos.config": (
        "company_id currency_id payment_method_ids current_session_id name"
        " tip_product_id cash_rounding only_round_cash_method rounding_method"
        " trusted_config_ids iface_tipproduct"
    ),
    "account.cash.rounding": "rounding rounding_method",
    "res.company": "parent_ids",
    "res.currency": "decimal_places rounding name",
}
#: Columns that SQL of ours names.
COLUMNS = {
    "pos_order": "id uuid state session_id company_id write_date date_order",
    "pos_session": "id config_id state rescue",
    "pos_payment_method": "use_payment_terminal payment_method_type",
}
#: What `static/src/backend/sci_provider_card.xml` extends and calls, by file.
PROVIDER_CARDS = {
    "pos_payment_provider_cards/pos_payment_provider_cards.xml": [
        't-name="point_of_sale.PosPaymentProviderCards"',
        't-ref="cards_container"',
    ],
    "pos_payment_provider_cards/pos_payment_provider_cards.js": [
        'this.action = useService("action")'
    ],
}
#: Other parts of Odoo that we use, as expressions.
PARTS = [
    "odoo.evented",
    "odoo.service.server.server",
    "odoo.service.server.PreforkServer",
    "odoo.sql_db.PoolError",
    "odoo.orm.models.NO_ACCESS",
    "odoo.fields.One2many._insert_cache",
    "odoo.sql_db.Cursor.commit",
    "odoo.http.request",
]


@tagged("post_install", "-at_install")
class TestOdooContract(TransactionCase):
    """Everything in Odoo that the addon relies on beyond its public API. Where one of
    these is gone, a rule of ours may have vanished without a word: see
    ``docs/next-odoo.md``."""

    def assert_nothing_missing(self, missing):
        found = sorted(missing)
        self.assertFalse(found, "gone from Odoo:\n" + "\n".join(found))

    def test_every_method_that_is_extended_is_there(self):
        missing = []
        for name, extended in self.extensions():
            bases = self.env.registry[name].__mro__
            theirs = [base for base in bases if not base.__module__.startswith(ADDON)]
            missing += [
                f"{name}.{method}"
                for method in extended
                if not any(method in vars(base) for base in theirs)
            ]
        self.assert_nothing_missing(missing)

    def extensions(self):
        """Our methods, by model of Odoo, that have no name of our own."""
        for name, model in self.env.registry.items():
            for base in model.__mro__:
                is_ours = base.__module__.startswith(ADDON)
                if is_ours and not name.startswith("pos.sci."):
                    yield (
                        name,
                        [
                            method
                            for method, value in vars(base).items()
                            if (
                                inspect.isfunction(value)
                                or isinstance(value, classmethod)
                            )
                            and "sci_" not in method
                            and method not in OWN
                        ],
                    )

    def test_extensions_are_found(self):
        """The test above must not pass because it looks at nothing."""
        found = {f"{name}.{m}" for name, methods in self.extensions() for m in methods}
        self.assertLessEqual(
            {
                "pos.order._process_order",
                "pos.session._validate_session",
                "pos.payment.method._get_payment_terminal_selection",
            },
            found,
        )

    def test_private_methods(self):
        self.assert_nothing_missing(
            f"{model}.{method}"
            for model, methods in PRIVATE_METHODS.items()
            for method in methods
            if not hasattr(self.env.registry[model], method)
        )

    def test_fields(self):
        self.assert_nothing_missing(
            f"{model}.{field}"
            for model, fields in FIELDS.items()
            for field in fields.split()
            if field not in self.env[model]._fields
        )

    def test_columns(self):
        for table, columns in COLUMNS.items():
            self.env.cr.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s",
                [table],
            )
            there = {name for (name,) in self.env.cr.fetchall()}
            self.assert_nothing_missing(set(columns.split()) - there)

    def test_the_provider_cards_of_a_payment_method(self):
        """A template that no unit test of the browser can see."""
        for file, parts in PROVIDER_CARDS.items():
            with file_open(f"point_of_sale/static/src/backend/{file}") as opened:
                text = opened.read()
            self.assert_nothing_missing(part for part in parts if part not in text)

    def test_where_a_kiosk_keeps_its_language(self):
        with file_open("pos_self_order/controllers/self_entry.py") as opened:
            self.assertIn("request.cookies.get('frontend_lang')", opened.read())

    def test_other_parts(self):
        missing = []
        for part in PARTS:
            found = odoo
            for name in part.split(".")[1:]:
                if not hasattr(found, name):
                    missing.append(part)
                    break
                found = getattr(found, name)
        self.assert_nothing_missing(missing)


#: Methods on models of Odoo that are ours without saying so in their names.
OWN = {
    "_check_no_card_payment",
    "_unlink_except_added_by_terminal",
    "_unlink_except_card_payment",
    "_unlink_except_card_in_use",
}

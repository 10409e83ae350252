import inspect
import re
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import TransactionCase, tagged

MODELS = (
    "pos.order",
    "pos.order.line",
    "pos.payment",
    "pos.session",
    "pos.make.payment",
)


@tagged("post_install", "-at_install")
class TestDoors(TransactionCase):
    """Every method that an RPC may call on an order, its lines, its payments and its
    session, for Odoo 19.0 with the modules of the Point of Sale.

    Doors change what an order contains, costs or has been paid; each is tried with an
    order whose card payment is in progress and with one whose payment was approved, in
    ``tests/test_doors_*.py``.

    any model, doors:
        copy create load name_create unlink web_override_translations web_resequence
        web_save web_save_multi write
    any model, reads only:
        check_access_rights check_access_rule check_field_access_rights copy_data
        default_get export_data fields_get formatted_read_group
        formatted_read_grouping_sets get_base_url get_empty_list_help get_external_id
        get_field_translations get_formview_action get_formview_id get_import_templates
        get_metadata get_property_definition get_view get_views has_access
        hierarchy_read is_transient mail_allowed_qweb_expressions
        mail_get_partner_fields name_search onchange read read_group read_progress_bar
        search search_count search_panel_select_multi_range search_panel_select_range
        search_read view_header_get web_name_search web_read web_read_group
        web_search_read
    any model, neither money nor state:
        action_archive action_unarchive copy_translations toggle_active
        update_field_translations

    pos.order, doors:
        action_pos_order_cancel action_pos_order_invoice action_pos_order_paid
        add_payment get_and_set_online_payments_data refund remove_from_ui sync_from_ui
    pos.order, reads only:
        action_create_invoices action_share action_stock_picking
        action_view_attendee_list action_view_invoice
        action_view_refund_orders action_view_refunded_order action_view_sale_order
        get_amount_unpaid get_order_to_print get_portal_url get_preparation_change
        get_reference_last_part print_event_badges print_event_tickets read_pos_data
        read_pos_data_uuid read_pos_orders search_paid_order_ids
        validate_coupon_programs
    pos.order, neither money nor state:
        action_send_mail action_send_receipt action_send_self_order_receipt
        action_sent_message_on_sms add_loyalty_history_lines confirm_coupon_programs
        sci_keep_coupons

    pos.order.line, reads only:
        get_existing_lots

    pos.session, doors:
        action_pos_session_close action_pos_session_closing_control
        action_pos_session_validate close_session_from_ui
        delete_opening_control_session post_closing_cash_details sci_close_anyway
        update_closing_control_state_session
    pos.session, reads only:
        action_show_payments_list action_stock_picking action_view_order
        filter_local_data find_product_by_barcode get_cash_in_out_list
        get_closing_control_data get_pos_ui_product_pricelist_item_by_product
        get_session_orders get_total_discount load_data load_data_params
        open_frontend_cb sci_day sci_day_rows sci_payments sci_settlement
        sci_unresolved show_cash_register show_journal_items
    pos.session, neither money nor state:
        action_pos_session_open delete_cash_in_out log_partner_message
        post_close_register_message sci_settle set_opening_control try_cash_in_out

    pos.make.payment, doors:
        check
    pos.make.payment, reads only:
        launch_payment

    mail, neither money nor state:
        action_reschedule_my_next_nextweek action_reschedule_my_next_today
        action_reschedule_my_next_tomorrow activity_feedback activity_reschedule
        activity_schedule activity_search activity_send_mail activity_unlink
        message_change_thread message_get_followers message_mail_with_source message_new
        message_notify message_parse message_post message_post_with_source
        message_process message_route message_subscribe message_unsubscribe
        message_update notify_cancel_by_type
    """

    HEADING = re.compile(r"([a-z .]+), ([a-z ]+):((?:\n {4,}[\w ]+)+)")

    def table(self):
        """``{(model or "any model" or "mail", column): methods}``"""
        text = inspect.cleandoc(TestDoors.__doc__)
        return {
            (owner, column): set(methods.split())
            for owner, column, methods in self.HEADING.findall(text)
        }

    def public_methods(self, name):
        model = self.env[name]
        for method in dir(type(model)):
            try:
                found = get_public_method(model, method)
            except (AccessError, AttributeError):
                continue
            if not inspect.isclass(found):
                yield method

    def test_every_method_is_in_the_table(self):
        table = self.table()
        for name in MODELS:
            known = set().union(
                *(
                    methods
                    for (owner, _column), methods in table.items()
                    if owner in (name, "any model", "mail")
                )
            )
            with self.subTest(model=name):
                self.assertFalse(set(self.public_methods(name)) - known)

    def test_every_door_is_tried(self):
        folder = Path(__file__).parent
        tests = "".join(path.read_text() for path in folder.glob("test_doors_*.py"))
        tried = set(re.findall(r'"(\w+)"', tests))
        doors = set().union(
            *(
                methods
                for (_owner, column), methods in self.table().items()
                if column == "doors"
            )
        )
        self.assertFalse(doors - tried)

    def test_the_table_is_read(self):
        """The tests above must not pass because they look at nothing."""
        table = self.table()
        self.assertIn("write", table["any model", "doors"])
        self.assertIn("sync_from_ui", table["pos.order", "doors"])
        self.assertIn("message_post", table["mail", "neither money nor state"])
        self.assertIn("sync_from_ui", self.public_methods("pos.order"))

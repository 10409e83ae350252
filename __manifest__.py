{
    "name": "EFTPOS via mx51 SCI",
    "summary": "Take card payments in Point of Sale with your bank's EFTPOS terminals, "
    "paired through mx51's Simple Cloud Integration",
    "version": "19.0.0.2.0",
    "development_status": "Beta",
    "category": "Sales/Point of Sale",
    "author": "pos_mx51_sci maintainers",
    "maintainers": ["pos_mx51_sci maintainers"],
    "website": "https://developer.mx51.io/docs/sci-overview",
    "license": "LGPL-3",
    "application": True,
    "depends": ["point_of_sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/pos_sci_security.xml",
        "data/ir_asset.xml",
        "data/ir_cron.xml",
        "data/mail_template.xml",
        "data/product_data.xml",
        "report/pos_sci_receipt_templates.xml",
        "views/pos_sci_support_views.xml",
        "data/ir_actions_todo.xml",
        "views/pos_sci_terminal_views.xml",
        "views/pos_sci_transaction_views.xml",
        "views/pos_sci_transaction_search_views.xml",
        "views/pos_sci_wizard_views.xml",
        "views/pos_sci_review_views.xml",
        "views/pos_sci_settlement_views.xml",
        "views/pos_sci_reconciliation_views.xml",
        "views/pos_sci_links.xml",
        "views/pos_payment_method_views.xml",
        "views/pos_config_views.xml",
        "views/pos_config_kanban_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "pos_mx51_sci/static/src/app/**/*",
        ],
        "point_of_sale.customer_display_assets": [
            "pos_mx51_sci/static/src/customer_display/**/*",
        ],
        "point_of_sale.customer_display_assets_test": [
            "pos_mx51_sci/static/tests/customer_display/**/*",
        ],
        "pos_mx51_sci.assets_dialogs": [
            "pos_mx51_sci/static/src/dialogs/**/*",
            "pos_mx51_sci/static/src/pairing/**/*",
        ],
        "web.assets_backend": [
            "pos_mx51_sci/static/src/pairing/**/*",
            "pos_mx51_sci/static/src/backend/**/*",
        ],
        # What a kiosk shares with the registers (data/ir_asset.xml)
        "pos_mx51_sci.assets_waking": [
            "pos_mx51_sci/static/src/app/follow/patience.js",
            "pos_mx51_sci/static/src/app/follow/pause.js",
            "pos_mx51_sci/static/src/app/follow/wake_up.js",
        ],
        "pos_self_order.assets_tests": [
            "pos_mx51_sci/static/tests/self_order/**/*",
        ],
        "web.assets_tests": ["pos_mx51_sci/static/tests/tours/**/*"],
        "web.assets_unit_tests_setup": [
            # Odoo leaves out there what it extends.
            ("remove", "pos_mx51_sci/static/src/backend/sci_provider_card.xml"),
            ("include", "pos_mx51_sci.assets_dialogs"),
            "pos_mx51_sci/static/src/self_order/kiosk_payment.js",
        ],
        "web.assets_unit_tests": ["pos_mx51_sci/static/tests/unit/**/*"],
    },
    "images": [
        "static/description/banner.png",
        "static/description/payment.png",
    ],
    "uninstall_hook": "uninstall_hook",
}

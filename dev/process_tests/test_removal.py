"""What an update keeps, and what goes when the addon is uninstalled.

Runs last: it uninstalls the addon from a database in which all other tests have taken
payments. What the tests guard:

========================================  =============================================
guard                                     test
========================================  =============================================
an update keeps columns and rows          ``test_an_update_keeps_unresolved_rows``
``ir.module.module.button_uninstall``     ``test_uninstalling_is_refused``
``uninstall._check_again``                ``test_a_payment_that_starts_meanwhile``
``uninstall_hook``: payment methods,      ``test_the_orders_stay``
product of the surcharge
========================================  =============================================
"""

import psycopg2
import pytest
from lib import databases, odoo, odoo_log, places
from testbed.rpc_client import Refused
from testbed.sandbox import CREATE

MODULE = "ir.module.module"
#: What follows the press on the button: the registry is loaded again.
REMOVE = f"""
env["{MODULE}"].search([("name", "=", "{places.ADDON}")]).state = "to remove"
env.cr.commit()
from odoo.modules.registry import Registry
Registry.new(env.cr.dbname, update_module=True)
"""
TABLES = ("pos_sci_transaction", "pos_sci_terminal", "pos_sci_review")


@pytest.fixture
def module(shop, database):
    """Finds the id of a module by its name."""

    def find(name):
        return database.query("SELECT id FROM ir_module_module WHERE name = %s", name)[
            0
        ]["id"]

    return find


def complaints(text):
    """Errors in a log; a refusal is a warning."""
    return [entry for entry in odoo_log.complaints(text) if " WARNING " not in entry]


def contents(database, tables=TABLES):
    return {
        table: database.query(f"SELECT * FROM {table} ORDER BY id") for table in tables
    }


def test_an_update_keeps_unresolved_rows(shop, servers, database, tmp_path):
    """In progress, unknown, paid: rows and trigger are as before, and another process
    goes on with the payments."""
    shop.sold("approve")
    shop.sandbox.fault("drop_before", CREATE)
    unknown = shop.start(shop.payment(register=shop.bistro))
    pending = shop.start(shop.payment())
    assert (unknown["status"], pending["status"]) == ("unknown", "PENDING")
    for server in servers:
        server.kill()
    before = contents(database)

    status, log = odoo.run_logged(
        ("-d", database.name, "-u", places.ADDON, "--stop-after-init", "--no-http"),
        tmp_path / "update.log",
    )

    assert (status, odoo_log.complaints(log)) == (0, [])
    assert contents(database) == before
    with pytest.raises(psycopg2.Error, match="never changes"):
        database.query(
            "UPDATE pos_sci_transaction SET kind = 'refund' WHERE id = %s",
            pending["id"],
        )
    server = servers[0].start()
    assert {pending["id"], unknown["id"]} <= {
        view["id"]
        for register in (shop.front_bar, shop.bistro)
        for view in shop.resume(register, at=server)
    }
    shop.sandbox.card("approve")
    assert shop.finish(pending, at=server)["paid"]


@pytest.mark.parametrize("name", [places.ADDON, "point_of_sale"])
def test_uninstalling_is_refused(shop, first, module, name):
    """While a payment has no result, with a sentence; as is that of Point of Sale."""
    view = shop.start(shop.payment())
    said = len(first.log())

    with pytest.raises(Refused, match="Card payments without a result: USD 12.50"):
        shop.admin.call(MODULE, "button_immediate_uninstall", [module(name)])

    assert complaints(first.log()[said:]) == []
    shop.sandbox.card("approve")
    assert shop.finish(view)["paid"]


def test_a_payment_that_starts_meanwhile(shop, database, tmp_path):
    """If it starts after the press on the button, everything stays."""
    values = shop.payment()
    view = shop.start(values)
    script = tmp_path / "remove.py"
    script.write_text(REMOVE)

    _status, log = odoo.run_logged(
        ("shell", "-d", database.name, "--no-http"),
        tmp_path / "remove.log",
        stdin=script,
    )

    assert "Card payments without a result" in log
    assert database.row(values["payment_uuid"])["status"] == "PENDING"
    shop.sandbox.card("approve")
    assert shop.finish(view)["paid"]


@pytest.fixture
def sold(shop, database):
    """An order that was paid by card, with the surcharge that the terminal added."""
    shop.admin.call(
        "pos.config", "write", [shop.front_bar], {"sci_terminal_surcharge": True}
    )
    shop.sandbox.touch("config", surcharge_rate=400)
    values = shop.payment(whole=True)
    view = shop.start(values)
    shop.sandbox.card("approve")
    assert shop.finish(view)["paid"]
    (order,) = database.query(
        "SELECT session_id, amount_total FROM pos_order WHERE uuid = %s",
        values["order_uuid"],
    )
    assert order["amount_total"] == 13
    shop.cashier.call(
        "pos.order",
        "sync_from_ui",
        [
            {
                "uuid": values["order_uuid"],
                "access_token": values["order_uuid"],
                "state": "paid",
                "session_id": order["session_id"],
                "amount_paid": 13,
                "amount_return": 0,
                "amount_tax": 0,
                "amount_total": 13,
                "lines": [],
                "payment_ids": [],
            }
        ],
    )
    return order["session_id"]


def test_the_orders_stay(shop, servers, first, database, module, sold):
    """The ledger goes; orders, lines and payments stay. The register can be closed, and
    the addon can be installed again."""
    orders = (
        "SELECT to_jsonb(o) - 'sci_coupons' AS kept, l.id AS line, l.product_id,"
        " l.price_unit, p.id AS payment,"
        " p.amount, p.uuid AS payment_uuid, p.payment_method_id FROM pos_order o"
        " JOIN pos_order_line l ON l.order_id = o.id"
        " JOIN pos_payment p ON p.pos_order_id = o.id ORDER BY line, payment"
    )
    servers[1].kill()
    before = database.query(orders)
    assert shop.method in {line["payment_method_id"] for line in before}
    said = len(first.log())

    shop.admin.call(MODULE, "button_immediate_uninstall", [module(places.ADDON)])

    assert complaints(first.log()[said:]) == []
    assert database.query(orders) == before
    assert _traces(database) == []
    (method,) = shop.admin.call(
        "pos.payment.method",
        "read",
        [shop.method],
        ["active", "use_payment_terminal", "payment_method_type"],
    )
    assert method == {
        "id": shop.method,
        "active": True,
        "use_payment_terminal": False,
        "payment_method_type": "none",
    }
    shop.cashier.call("pos.session", "load_data", [sold], [])
    shop.admin.call("pos.session", "action_pos_session_closing_control", [sold])
    (session,) = shop.admin.call("pos.session", "read", [sold], ["state"])
    assert session["state"] == "closed"

    shop.admin.call(MODULE, "button_immediate_install", [module(places.ADDON)])

    assert complaints(first.log()[said:]) == []
    databases.check_installed(database.name, first.log_file)
    shop.set_up()
    shop.new_terminal()
    _values, view = shop.sold()
    assert view["paid"]


def _traces(database):
    """What is left of the addon in the database."""
    return database.query(
        "SELECT relname AS name FROM pg_class WHERE relname ~ '(pos|_)_sci_'"
        " UNION SELECT column_name FROM information_schema.columns"
        "  WHERE column_name ~ '(^|_)sci_'"
        " UNION SELECT proname FROM pg_proc WHERE proname ~ '^pos_sci'"
        " UNION SELECT name FROM ir_model_data WHERE module = 'pos_mx51_sci'"
        " UNION SELECT res_model FROM mail_activity WHERE res_model ~ '^pos.sci'"
        " UNION SELECT model FROM mail_message WHERE model ~ '^pos.sci'"
    )

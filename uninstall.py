"""What goes with the addon, and what of it stays with the shop's orders."""

from .server.odoo_adapter import MX51_SCI, TERMINAL_FIELD, WITHOUT_TERMINAL


def uninstall_hook(env):
    _check_again(env)
    # Its trigger goes with the table.
    env.cr.execute("DROP FUNCTION IF EXISTS pos_sci_transaction_guard() CASCADE")
    # No register can send a card payment any more; the methods and what was paid with
    # them stay.
    env.cr.execute(
        f"UPDATE pos_payment_method SET {WITHOUT_TERMINAL} WHERE {TERMINAL_FIELD} = %s",
        [MX51_SCI],
    )
    payments = env.ref("point_of_sale.action_pos_payment_form", False)
    if payments:
        payments.domain = "[]"
    # Orders of the past name the product of the surcharge.
    env["pos.config"]._sci_surcharge_product().active = False
    products = ["product.product", "product.template"]
    env["ir.model.data"].search(
        [("module", "=", "pos_mx51_sci"), ("model", "in", products)]
    ).unlink()


def _check_again(env):
    """A payment may have begun since the button was pressed: none begins from here
    on, and those that did are seen by a transaction that is new."""
    env.cr.execute("LOCK TABLE pos_sci_transaction IN SHARE MODE")
    with env.registry.cursor() as cr:
        env(cr=cr)["ir.module.module"]._sci_check_all_resolved()

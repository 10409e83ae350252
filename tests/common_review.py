from unittest.mock import patch

from ..ledger import finishing
from ..ledger.flow import SciFlow
from .common import SciCommon


class ReviewCommon(SciCommon):
    """A shop whose orders are synced, and what may go wrong around them."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.register.open_ui()
        self.session = self.register.current_session_id
        self.session.set_opening_control(0, "")

    def leave_drafts(self):
        """Orders stay drafts although a card has paid them, as where somebody else
        writes to them."""
        kept = patch.object(finishing, "finish", lambda env, order_id: False)
        kept.start()
        self.addCleanup(kept.stop)

    def order(self, payment="payment-1", amount=12.5, state="paid", method=None):
        """Sync an order with one payment, by card unless ``method`` is another, as a
        register does."""
        product = self.env["product.product"].create(
            {"name": "Coffee", "list_price": amount, "taxes_id": False}
        )
        values = {
            "uuid": "order-of-" + payment,
            "state": state,
            "session_id": self.session.id,
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "access_token": "token-" + payment,
            "date_order": "2026-01-01 00:00:00",
            "fiscal_position_id": False,
            "lines": [
                (
                    0,
                    0,
                    {
                        "uuid": "line-of-" + payment,
                        "pack_lot_ids": [(0, 0, {"lot_name": "A lot"})],
                        "product_id": product.id,
                        "qty": 1,
                        "price_unit": amount,
                        "price_subtotal": amount,
                        "price_subtotal_incl": amount,
                        "tax_ids": [],
                    },
                )
            ],
            "payment_ids": [
                (
                    0,
                    0,
                    {
                        "uuid": payment,
                        "amount": amount,
                        "payment_method_id": (method or self.method).id,
                        "name": "2026-01-01 00:00:00",
                    },
                )
            ],
        }
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        self.env.invalidate_all()
        return self.env["pos.order"].search([("uuid", "=", "order-of-" + payment)])

    def items(self):
        return self.env["pos.sci.review"].search([("company_id", "=", self.company.id)])

    def lose(self, payment):
        """The payment's line and goods vanish from the server, by no door of Odoo; the
        order too, if nothing is left of it."""
        execute = self.env.cr.execute
        self.env.flush_all()
        execute("DELETE FROM pos_payment WHERE uuid = %s", [payment])
        execute("DELETE FROM pos_order_line WHERE uuid = %s", [f"line-of-{payment}"])
        execute(
            "DELETE FROM pos_order o WHERE NOT EXISTS"
            " (SELECT 1 FROM pos_order_line WHERE order_id = o.id) AND NOT EXISTS"
            " (SELECT 1 FROM pos_payment WHERE pos_order_id = o.id)"
        )
        self.env.invalidate_all()

    def approved(self, payment="payment-1", amount=1250, **card):
        view = self.start(payment, amount=amount)
        self.present(**card)
        return self.follow(view)

    def overridden(self, successful):
        """Somebody speaks for a terminal that is not connected."""
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.terminal("online", on=False)
        self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        self.age(view, "cancel_requested_at", 21)
        view = self.rpc(
            self.row(view), "sci_override", successful, "Looked", user=self.cashier
        )
        self.assertEqual(view["overridden"], "yes" if successful else "no")
        return view

    def approved_late(self):
        self.sandbox.terminal("card", outcome="approve")
        self.sandbox.get("wait", terminal="front-bar", screen="result")
        self.sandbox.terminal("online", on=True)

    def crashing_before_reviews(self):
        return patch.object(SciFlow, "_review")

    def sweep(self):
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()

    def a_day_passes(self, view):
        """Of what no code may ever change."""
        self.env.cr.execute(
            "ALTER TABLE pos_sci_transaction DISABLE TRIGGER pos_sci_transaction_guard"
        )
        self.age(view, "override_at", 24 * 3600)
        self.age(view, "followed_at", 24 * 3600)
        self.env.cr.execute(
            "ALTER TABLE pos_sci_transaction ENABLE TRIGGER pos_sci_transaction_guard"
        )

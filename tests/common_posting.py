import copy

from ..ledger.flow import SciFlow
from ..sci.messages import Transaction
from .common_review import ReviewCommon


class PostingCommon(ReviewCommon):
    """A shop that takes cash as well, and answers of the bank that nobody presented a
    card for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cls.company_data["default_journal_cash"].id}
        )
        cls.register.payment_method_ids |= cls.cash
        cls.tip = cls.env.ref("point_of_sale.product_product_tip")
        cls.surcharge = cls.env.ref("pos_mx51_sci.product_surcharge")

    def cart_payload(
        self, goods=(12.5,), payments=(), order="order-of-payment-1", **values
    ):
        """An order as a register syncs it.

        :param goods: prices
        :param payments: ``(uuid, amount, method)``
        """
        product = self.env["product.product"].create(
            {"name": "Coffee", "list_price": 1, "taxes_id": False}
        )
        lines = [
            {
                "uuid": f"{order}-line-{number}",
                "product_id": product.id,
                "qty": 1 if price > 0 else -1,
                "price_unit": abs(price),
                "price_subtotal": price,
                "price_subtotal_incl": price,
                "tax_ids": [],
            }
            for number, price in enumerate(goods)
        ]
        paid = [
            {"uuid": uuid, "amount": amount, "payment_method_id": method.id}
            for uuid, amount, method in payments
        ]
        return {
            "uuid": order,
            "access_token": "token-of-" + order,
            "state": "draft",
            "session_id": self.session.id,
            "amount_total": sum(goods),
            "amount_tax": 0,
            "amount_paid": 0,
            "amount_return": 0,
            "fiscal_position_id": False,
            "lines": [(0, 0, line) for line in lines],
            "payment_ids": [(0, 0, line) for line in paid],
            **values,
        }

    def sync(self, payload):
        """As the cashier's register."""
        uuid = payload["uuid"]
        Order = self.env["pos.order"]
        Order.with_user(self.cashier).sync_from_ui([copy.deepcopy(payload)])
        self.env.invalidate_all()
        return Order.search([("uuid", "=", uuid)])

    def cart(self, goods=(12.5,), card=None, **values):
        """A draft with one card payment of all of it."""
        card = sum(goods) if card is None else card
        payments = [("payment-1", card, self.method)]
        return self.sync(self.cart_payload(goods, payments, **values))

    def bank_says(self, view, outcome="APPROVED", **result):
        """A final answer, as a poll brings it."""
        row = self.row(view)
        answer = Transaction(
            id=row.sci_id,
            version=row.version + 1,
            status="FINALISED",
            financial_status=outcome,
            message="(000)",
            customer_receipt="CUSTOMER COPY",
            result_amounts=result or row.amounts,
        )
        self.env.flush_all()
        view = SciFlow(self.env(user=self.cashier))._apply(row.id, answer)
        self.env.invalidate_all()
        return view

    def sold(self, amounts=None, result=None, **values):
        """Start the payment of :meth:`cart`, and let the bank approve it."""
        amounts = amounts or {"purchase_amount": 1250}
        view = self.start(amounts=amounts, **values)
        self.assertEqual(view["status"], "PENDING", view)
        return self.bank_says(view, **(result or {}))

    def cashed_out(self, goods=(12.5,), cash=5000, **cart):
        """A card payment with cash-out is approved."""
        self.register.sci_cashout = True
        total = round(sum(goods) * 100)
        kind = "purchase_with_cashout" if goods else "cashout"
        amounts = {"purchase_amount": total} if goods else {}
        order = self.cart(goods, card=(total + cash) / 100, **cart)
        view = self.sold({**amounts, "cashout_amount": cash}, kind=kind)
        return order, view

from odoo.exceptions import UserError

from .common_doors import HARMLESS, REFUSED, REVIEWED, DoorsCommon


class TestDoorsOfOrders(DoorsCommon):
    """An order with a card payment is finished, dropped and moved in agreement with the
    ledger only; see ``TestDoors``."""

    PRICES = ("price_unit", "price_subtotal", "price_subtotal_incl")

    def setUp(self):
        super().setUp()
        self.other = self.another_order()
        self.elsewhere = self._register("Elsewhere")
        self.elsewhere.open_ui()
        self.customer = self.env["res.partner"].create({"name": "A customer"})
        self.stranger = self.env["res.company"].create({"name": "Another shop"})

    def writing(self, **vals):
        return lambda o, p: self.call(o, "write", vals)

    def common(self):
        """In draft, whatever the card payment has come to."""
        return {
            "write: cancel": (self.writing(state="cancel"), REFUSED),
            "web_save: cancel": (
                lambda o, p: self.call(o, "web_save", {"state": "cancel"}, {}),
                REFUSED,
            ),
            "write: uuid": (self.writing(uuid="another"), REFUSED),
            "write: company": (
                self.writing(company_id=self.stranger.id),
                REFUSED,
            ),
            "write: no session": (self.writing(session_id=False), HARMLESS),
            "write: partner": (self.writing(partner_id=self.customer.id), HARMLESS),
            "write: what it costs": (self.writing(amount_total=12.5), HARMLESS),
            "unlink": (lambda o, p: self.call(o, "unlink"), REFUSED),
            "action_pos_order_cancel": (
                lambda o, p: self.call(o, "action_pos_order_cancel"),
                REFUSED,
            ),
            "remove_from_ui": (
                lambda o, p: self.call("pos.order", "remove_from_ui", o.ids),
                REFUSED,
            ),
            "action_pos_order_invoice": (
                lambda o, p: self.invoice(o),
                REFUSED,
            ),
            "add_payment: by card": (
                lambda o, p: self.call(
                    o, "add_payment", self.money(o, payment_method_id=self.method.id)
                ),
                REFUSED,
            ),
            "add_payment: to another order": (
                lambda o, p: self.call(self.other, "add_payment", self.money(o)),
                REFUSED,
            ),
            "check: by card": (
                lambda o, p: self.wizard(o, payment_method_id=self.method.id, amount=5),
                REFUSED,
            ),
            "copy": (lambda o, p: self.call(o, "copy"), HARMLESS),
            "relations_uuid_mapping": (
                lambda o, p: self.sync(
                    o,
                    relations_uuid_mapping={
                        "pos.payment": {p.uuid: {"pos_order_id": self.other.uuid}}
                    },
                ),
                REFUSED,
            ),
            "relations_uuid_mapping of another order": (
                lambda o, p: self.sync(
                    self.other,
                    relations_uuid_mapping={
                        "pos.order": {self.other.uuid: {"payment_ids": [p.uuid]}}
                    },
                ),
                REFUSED,
            ),
            "sync_from_ui of another order": (
                lambda o, p: self.sync(
                    self.other, payment_ids=[(1, p.id, {"amount": 1})]
                ),
                REFUSED,
            ),
        }

    def money(self, order, **values):
        return {
            "pos_order_id": order.id,
            "amount": 12.5,
            "payment_method_id": self.cash.id,
            **values,
        }

    def invoice(self, order):
        self.call(order, "write", {"partner_id": self.customer.id})
        context = {"generate_pdf": False}
        return self.call(order, "action_pos_order_invoice", context=context)

    def wizard(self, order, **values):
        """*Payment* in the back office, where managers are."""
        context = {"active_id": order.id}
        Wizard = self.env["pos.make.payment"].with_user(self.manager)
        wizard = Wizard.with_context(**context).create(values)
        return self.call(wizard, "check", user=self.manager, context=context)

    def test_in_progress(self):
        doors = {
            **self.common(),
            "action_pos_order_paid": (
                lambda o, p: self.call(o, "action_pos_order_paid"),
                REFUSED,
            ),
            "write: paid": (self.writing(state="paid"), REFUSED),
            "write: done": (self.writing(state="done"), REFUSED),
            "sync_from_ui: paid": (lambda o, p: self.sync(o, "paid"), REFUSED),
            "sync_from_ui: paid in cash": (
                lambda o, p: self.sync(
                    o, "paid", payment_ids=[(2, p.id), (0, 0, self.cash_line())]
                ),
                REFUSED,
            ),
            "add_payment: in cash": (
                lambda o, p: self.call(o, "add_payment", self.money(o)),
                REFUSED,
            ),
            "check: in cash": (
                lambda o, p: self.wizard(
                    o, payment_method_id=self.cash.id, amount=12.5
                ),
                REFUSED,
            ),
            "write: another register": (
                self.writing(session_id=self.elsewhere.current_session_id.id),
                HARMLESS,
            ),
        }
        self.try_doors("open", doors)

    def cash_line(self, amount=12.5, uuid="in-cash"):
        return {
            "uuid": uuid,
            "amount": amount,
            "payment_method_id": self.cash.id,
            "name": "2026-01-01 00:00:00",
        }

    def test_approved(self):
        doors = {
            **self.common(),
            "action_pos_order_paid": (
                lambda o, p: self.call(o, "action_pos_order_paid"),
                HARMLESS,
            ),
            "write: paid": (self.writing(state="paid"), HARMLESS),
            "sync_from_ui: paid": (lambda o, p: self.sync(o, "paid"), HARMLESS),
            "sync_from_ui: paid, without the card payment": (
                lambda o, p: self.sync(o, "paid", payment_ids=[(2, p.id)]),
                HARMLESS,
            ),
            "sync_from_ui: paid in cash as well": (
                lambda o, p: self.sync(
                    o, "paid", payment_ids=[(0, 0, self.cash_line())]
                ),
                REFUSED,
            ),
            "sync_from_ui: card money leaves as cash": (
                lambda o, p: self.sync(
                    o,
                    "paid",
                    amount_return=-2.5,
                    amount_total=10,
                    lines=[(1, o.lines.id, dict.fromkeys(self.PRICES, 10))],
                ),
                REVIEWED,
            ),
            "write: less than was paid": (
                lambda o, p: (
                    self.call(o.lines, "write", {"price_subtotal_incl": 1}),
                    self.call(o, "write", {"amount_total": 12.5, "state": "paid"}),
                ),
                REVIEWED,
            ),
        }
        self.try_doors("approved", doors)

    def test_finished(self):
        doors = {
            "write: cancel": (self.writing(state="cancel"), REFUSED),
            "write: uuid": (self.writing(uuid="another"), REFUSED),
            "write: another session": (
                self.writing(session_id=self.elsewhere.current_session_id.id),
                REFUSED,
            ),
            "write: no session": (self.writing(session_id=False), REFUSED),
            "unlink": (lambda o, p: self.call(o, "unlink"), REFUSED),
            "remove_from_ui": (
                lambda o, p: self.call("pos.order", "remove_from_ui", o.ids),
                HARMLESS,
            ),
            "action_pos_order_cancel": (
                lambda o, p: self.call(o, "action_pos_order_cancel"),
                HARMLESS,
            ),
            "refund": (lambda o, p: self.call(o, "refund"), HARMLESS),
            "sync_from_ui": (
                lambda o, p: self.sync(o, payment_ids=[(2, p.id)]),
                HARMLESS,
            ),
            "check: by card": (
                lambda o, p: self.wizard(o, payment_method_id=self.method.id, amount=5),
                REFUSED,
            ),
            "check: in cash": (
                lambda o, p: self.wizard(o, payment_method_id=self.cash.id, amount=5),
                REVIEWED,
            ),
            "action_pos_order_invoice": (lambda o, p: self.invoice(o), HARMLESS),
        }
        self.try_doors("finished", doors)

    def test_an_order_is_no_card_sale_because_somebody_says_so(self):
        """``create`` and ``write`` take any state."""
        for method in (self.method, self.other_card):
            values = {
                **self.payload(self.other, "paid", uuid="new", access_token="new"),
                "payment_ids": [
                    (0, 0, {**self.cash_line(), "payment_method_id": method.id})
                ],
            }
            with self.subTest(method=method.name), self.undone():
                (order_id,) = self.call("pos.order", "create", [values])
                order = self.env["pos.order"].browse(order_id)
                self.assertEqual(order.state, "draft")
                self.assertFalse(order._compute_amount_paid())
                with self.assertRaises(UserError):
                    self.call(order, "write", {"state": "paid"})
                with self.assertRaises(UserError):
                    self.call(order, "action_pos_order_paid")

    def test_a_declined_card_line_pays_nothing(self):
        order = self.order(state="draft")
        self.view = self.approved(outcome="decline")
        self.call(order, "write", {"amount_paid": 12.5})
        with self.assertRaises(UserError):
            self.call(order, "action_pos_order_paid")
        with self.assertRaises(UserError):
            self.sync(order, "paid")
        self.wizard(order, payment_method_id=self.cash.id, amount=12.5)
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.payment_ids.payment_method_id, self.cash)
        self.assertEqual(order.payment_ids.amount, 12.5)
        self.assertFalse(self.items())

    def test_a_back_office_return_is_not_refunded_by_card(self):
        order = self.in_state("finished")
        self.call(order, "refund")
        refund = self.env["pos.order"].search([("is_refund", "=", True)], limit=1)
        with self.assertRaisesRegex(UserError, "at the register"):
            self.wizard(refund, payment_method_id=self.method.id)
        self.assertEqual(len(self.upstream()), 1)

    def test_a_draft_is_dropped_once_all_card_money_has_gone_back(self):
        order = self.in_state("approved")
        self.sync(order, payment_ids=[(0, 0, self.back(order))])
        with self.assertRaises(UserError):
            self.call(order, "action_pos_order_cancel")
        view = self.start(
            "back",
            order_uuid=order.uuid,
            kind="refund",
            amounts={"refund_amount": 1250},
            original_payment_uuid="payment-1",
        )
        with self.assertRaises(UserError):
            self.call(order, "action_pos_order_cancel")
        self.present()
        self.follow(view)
        with self.assertRaises(UserError):
            self.call(order.payment_ids[0], "unlink")
        self.call(order, "action_pos_order_cancel")
        self.assertEqual(order.state, "cancel")
        self.other.action_pos_order_cancel()
        with self.undone():
            self.call(order, "unlink")
            self.assertTrue(self.session.close_session_from_ui()["successful"])
            self.assertFalse(self.items())
        self.assertTrue(self.session.close_session_from_ui()["successful"])
        self.assertFalse(self.items())

    def back(self, order):
        return {
            "uuid": "back",
            "amount": -12.5,
            "payment_method_id": self.method.id,
            "payment_status": "pending",
            "name": "2026-01-01 00:00:00",
        }

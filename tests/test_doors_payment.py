from psycopg2.errors import NotNullViolation

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common_doors import HARMLESS, REFUSED, REVIEWED, DoorsCommon


class TestDoorsOfPayments(DoorsCommon):
    """A card line is worth what its row says, whoever writes it; see ``TestDoors``."""

    def writes(self, **outcomes):
        """``{field: (value, outcome)}`` tried through each way of writing a payment."""
        for name, (value, expected) in outcomes.items():
            vals = {name: value}
            yield (
                f"write {vals}",
                (lambda o, p, v=vals: self.call(p, "write", v), expected),
            )
            yield (
                f"web_save {vals}",
                (lambda o, p, v=vals: self.call(p, "web_save", v, {}), expected),
            )
            yield (
                f"web_save_multi {vals}",
                (
                    lambda o, p, v=vals: self.call(p, "web_save_multi", [v], {}),
                    expected,
                ),
            )
            yield (
                f"payment_ids of its order {vals}",
                (
                    lambda o, p, v=vals: self.call(
                        o, "write", {"payment_ids": [(1, p.id, v)]}
                    ),
                    expected,
                ),
            )
            yield (
                f"payment_ids of another order {vals}",
                (
                    lambda o, p, v=vals: self.call(
                        self.other, "write", {"payment_ids": [(1, p.id, v)]}
                    ),
                    REFUSED,
                ),
            )

    def common(self, finished=False):
        """What no order lets anybody do with its card payment."""
        refused_or_reviewed = REVIEWED if finished else HARMLESS
        return {
            **dict(
                self.writes(
                    amount=(1, REFUSED),
                    is_change=(True, REFUSED),
                    payment_method_id=(self.cash.id, REFUSED),
                    pos_order_id=(self.other.id, REFUSED),
                    uuid=("another", REFUSED),
                    payment_status=("reversed", REFUSED),
                    ticket=("A text", HARMLESS),
                )
            ),
            "another card method": (
                lambda o, p: self.call(
                    p, "write", {"payment_method_id": self.other_card.id}
                ),
                REFUSED,
            ),
            "everything as it is": (
                lambda o, p: self.call(
                    p,
                    "write",
                    {
                        "amount": p.amount,
                        "payment_method_id": p.payment_method_id.id,
                        "pos_order_id": o.id,
                        "payment_status": p.payment_status,
                    },
                ),
                HARMLESS,
            ),
            "taken by another order": (
                lambda o, p: self.call(
                    self.other, "write", {"payment_ids": [(4, p.id)]}
                ),
                REFUSED,
            ),
            "set to none": (
                lambda o, p: self.call(o, "write", {"payment_ids": [(6, 0, [])]}),
                REFUSED,
            ),
            "clear": (
                lambda o, p: self.call(o, "write", {"payment_ids": [(5,)]}),
                REFUSED,
            ),
            "delete command": (
                lambda o, p: self.call(o, "web_save", {"payment_ids": [(2, p.id)]}, {}),
                REFUSED,
            ),
            "unlink": (lambda o, p: self.call(p, "unlink"), REFUSED),
            "copy": (lambda o, p: self.call(p, "copy"), REFUSED),
            "web_resequence": (
                lambda o, p: self.call(p, "web_resequence", {}, "amount"),
                REFUSED,
            ),
            "web_override_translations": (
                lambda o, p: self.call(p, "web_override_translations", {"amount": "1"}),
                HARMLESS,
            ),
            "load": (
                lambda o, p: self.call(
                    "pos.payment", "load", [".id", "amount"], [[str(p.id), "1"]]
                ),
                HARMLESS,
            ),
            "a cash payment becomes a card payment": (
                lambda o, p: self.call(
                    self.other.payment_ids,
                    "write",
                    {"payment_method_id": self.method.id},
                ),
                REFUSED,
            ),
            "a cash payment moves here": (
                lambda o, p: self.call(
                    self.other.payment_ids, "write", {"pos_order_id": o.id}
                ),
                REFUSED,
            ),
            "card change": (
                lambda o, p: self.call(
                    "pos.payment", "create", self.card(o, change=True)
                ),
                REFUSED,
            ),
            "create in cash": (
                lambda o, p: self.call(
                    "pos.payment",
                    "create",
                    {
                        "pos_order_id": o.id,
                        "amount": 1,
                        "payment_method_id": self.cash.id,
                    },
                ),
                refused_or_reviewed,
            ),
        }

    def card(self, order, change=False, **values):
        return {
            "pos_order_id": order.id,
            "amount": 12.5,
            "payment_method_id": self.method.id,
            "is_change": change,
            **values,
        }

    def setUp(self):
        super().setUp()
        self.other = self.another_order()

    def test_in_progress(self):
        doors = {
            **self.common(),
            "it is on its way": (
                lambda o, p: self.call(p, "write", {"payment_status": "waitingCard"}),
                HARMLESS,
            ),
            "it is done": (
                lambda o, p: self.call(p, "write", {"payment_status": "done"}),
                REFUSED,
            ),
        }
        self.try_doors("open", doors)

    def test_approved(self):
        doors = {
            **self.common(),
            "it is not done": (
                lambda o, p: self.call(p, "write", {"payment_status": "retry"}),
                REFUSED,
            ),
        }
        self.try_doors("approved", doors)

    def test_finished(self):
        doors = {
            **self.common(finished=True),
            "another card payment": (
                lambda o, p: self.call("pos.payment", "create", self.card(o)),
                REFUSED,
            ),
            "another card payment by command": (
                lambda o, p: self.call(
                    o, "write", {"payment_ids": [(0, 0, self.card(o))]}
                ),
                REFUSED,
            ),
        }
        self.try_doors("finished", doors)

    def test_a_new_card_line_waits_whatever_it_claims(self):
        for status in (False, "done", "force_done"):
            with self.subTest(status=status), self.undone():
                values = self.card(self.other, payment_status=status)
                self.call("pos.payment", "create", values)
                line = self.other.payment_ids.filtered(
                    lambda payment: payment.payment_method_id == self.method
                )
                self.assertEqual(line.payment_status, "pending")
                self.assertEqual(self.other._compute_amount_paid(), 12.5)

    def test_a_payment_of_a_row_is_a_card_payment_of_its_order(self):
        """A line that somebody has deleted in the database comes back as it was."""
        order = self.in_state("approved")
        values = self.card(order, uuid=order.payment_ids.uuid, amount=1)
        self.env.cr.execute(
            "DELETE FROM pos_payment WHERE pos_order_id = %s", [order.id]
        )
        self.env.invalidate_all()
        for changes in (
            {"pos_order_id": self.other.id},
            {"payment_method_id": self.cash.id},
        ):
            attempt = {**values, **changes}
            with self.subTest(changes=changes), self.undone():
                with self.assertRaisesRegex(UserError, "can't be changed"):
                    self.call("pos.payment", "create", attempt)
        self.call("pos.payment", "create", values)
        self.assertEqual(order.payment_ids.amount, 12.5)
        self.assertEqual(order.payment_ids.payment_status, "done")

    def test_name_create(self):
        """Odoo's shortest way to a record has no order to put a payment into, nor a
        method, which ``pos_online_payment`` looks at first."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.call("pos.payment", "name_create", "A payment")
        except (NotNullViolation, KeyError):
            return
        self.fail("there is a payment of no order")

    def test_cash_that_leaves_a_finished_order(self):
        """Odoo refuses only what leaves an order unpaid, and only at some doors."""
        order = self.in_state("approved")
        given = {"payment_method_id": self.cash.id, "uuid": "given", "amount": 5}
        change = {**given, "uuid": "change", "amount": -5, "is_change": True}
        commands = [(0, 0, given), (0, 0, change)]
        self.call(order, "write", {"payment_ids": commands})
        self.sync(order, "paid")
        given, change = order.payment_ids.filtered(
            lambda payment: payment.payment_method_id == self.cash
        )
        self.assertFalse(self.items())
        for payment in (given, change):
            for attempt in (
                lambda p=payment: self.call(p, "unlink"),
                lambda p=payment: self.call(
                    order, "web_save", {"payment_ids": [(2, p.id)]}, {}
                ),
            ):
                self.assertIn(self.outcome(order, attempt), (REFUSED, REVIEWED))
        self.call(change, "unlink")
        self.assertEqual(self.items().mapped("kind"), ["changed_after"])

    def test_the_cash_of_a_cash_out_stays(self):
        order = self.handed_out()
        cash = order.payment_ids.filtered("is_change")
        for vals in (
            {"amount": -1},
            {"is_change": False},
            {"payment_method_id": self.method.id},
            {"pos_order_id": self.other.id},
        ):
            with self.subTest(**vals):
                attempt = lambda v=vals: self.call(cash, "write", v)  # noqa: E731
                self.assertEqual(self.outcome(order, attempt), REFUSED)
        for attempt in (
            lambda: self.call(cash, "unlink"),
            lambda: self.call(order, "write", {"payment_ids": [(2, cash.id)]}),
        ):
            self.assertEqual(self.outcome(order, attempt), REFUSED)
        self.call(cash, "write", {"amount": -50, "name": "Cash-out"})
        if order.state == "draft":
            self.sync(order, "paid")
        self.assertEqual(order.state, "paid")
        self.assertFalse(self.items())

    def handed_out(self):
        """12.50 of goods and 50.00 in cash, by card."""
        self.register.sci_cashout = True
        order = self.order(state="draft")
        self.call(order.payment_ids, "write", {"amount": 62.5})
        amounts = {"purchase_amount": 1250, "cashout_amount": 5000}
        view = self.start(kind="purchase_with_cashout", amounts=amounts)
        self.present()
        self.view = self.follow(view)
        return order

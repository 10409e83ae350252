import json
from contextlib import contextmanager, suppress

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from ..ledger import lines, rows
from ..ledger.amounts import money
from .common_review import ReviewCommon

#: Outcomes of a door: the server refuses; nothing about money changes; it changes, and
#: a manager is asked to look at once.
REFUSED, HARMLESS, REVIEWED = "refused", "harmless", "reviewed"


class _Undo(Exception):
    pass


class DoorsCommon(ReviewCommon):
    """An order of 12.50 with a card payment, and somebody who uses Odoo's doors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.env["pos.payment.method"].create(
            {
                "name": "Cash",
                "journal_id": cls.company_data["default_journal_cash"].id,
                "is_cash_count": True,
            }
        )
        cls.register.payment_method_ids |= cls.cash
        cls.other_card = cls.method.copy({"name": "Other card"})
        cls.register.payment_method_ids |= cls.other_card

    def setUp(self):
        super().setUp()
        self.leave_drafts()

    # -- orders ----------------------------------------------------------------------

    def in_state(self, state):
        """An order whose card payment is ``open`` or ``approved``, or that was finished
        with it."""
        order = self.order(state="draft")
        if state == "open":
            self.view = self.start()
            return order
        self.view = self.approved()
        if state == "finished":
            self.sync(order, "paid")
        return order

    def payload(self, order, state="draft", **changes):
        """What a register sends of an order that the server has."""
        return {
            "uuid": order.uuid,
            "access_token": order.access_token,
            "session_id": self.session.id,
            "state": state,
            "amount_return": 0,
            "amount_total": order.amount_total,
            "amount_tax": 0,
            "amount_paid": 0,
            "lines": [],
            "payment_ids": [],
            **changes,
        }

    def sync(self, order, state="draft", **changes):
        return self.call(
            "pos.order", "sync_from_ui", [self.payload(order, state, **changes)]
        )

    def another_order(self, name="another"):
        """A draft without any payment."""
        return self.order(name, state="draft", method=self.cash)

    def line_values(self, price=5, **changes):
        product = self.env["product.product"].create(
            {"name": "Cake", "list_price": price, "taxes_id": False}
        )
        return {
            "product_id": product.id,
            "qty": 1,
            "price_unit": price,
            "price_subtotal": price,
            "price_subtotal_incl": price,
            "tax_ids": [(6, 0, [])],
            **changes,
        }

    def tipped(self):
        """The draft's card payment is approved with a tip of 1.00."""
        order = self.order(state="draft")
        self.let_terminal_ask(tip_prompt=True)
        self.view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.present()
        self.view = self.follow(self.view)
        return order

    def tip_values(self, view, kind="tip"):
        return self.line_values(
            1,
            uuid=f"sci-{view['payment_uuid']}-{view['id']}-{kind}",
            sci_transaction_id=view["id"],
            sci_line_kind=kind,
        )

    # -- doors -----------------------------------------------------------------------

    def call(self, target, method, *args, user=None, context=None, **kwargs):
        """As a browser calls: a model's name, or records, by RPC."""
        self.env.flush_all()
        self.env.invalidate_all()
        if isinstance(target, str):
            records, arguments = self.env[target], list(args)
        else:
            records, arguments = self.env[target._name], [target.ids, *args]
        records = records.with_user(user or self.cashier)
        kwargs["context"] = context or {}
        # Over the wire there are no tuples, and nobody shares lists with the caller.
        result = call_kw(records, method, json.loads(json.dumps(arguments)), kwargs)
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    @contextmanager
    def undone(self):
        """What is done here has not happened afterwards."""
        try:
            with suppress(_Undo), self.env.cr.savepoint():
                yield
                self.env.flush_all()
                raise _Undo
        finally:
            self.env.invalidate_all()

    def outcome(self, order, attempt):
        """Try a door, look at what it has led to, and undo it."""
        before = self.items()
        # A refusal in Odoo's import or in a batch is an answer, not an error.
        result = []
        with self.undone():
            try:
                with self.env.cr.savepoint():
                    attempt()
                    self.env.flush_all()
            except (UserError, AccessError):
                result.append(REFUSED)
            self.env.invalidate_all()
            reviewed = self.items() - before
            if not reviewed:
                self.assert_sound(order)
            result.append(REVIEWED if reviewed else HARMLESS)
        return result[0]

    def assert_sound(self, order):
        """Order and ledger say the same about every card payment (invariant 16)."""
        self.assertTrue(order.exists())
        found = rows.of_orders(self.env, [order.uuid])
        bound = lines.binding_rows(self.env["pos.payment"].search([]))
        for row in found.filtered(lambda row: row.payment_uuid in bound):
            line = row.pos_payment_id
            self.assertEqual(line.pos_order_id, order)
            self.assertEqual(line.payment_method_id, row.payment_method_id)
            self.assertFalse(line.is_change)
            self.assertEqual(line.amount, money(row))
        unresolved = lines.unresolved_rows(order)
        self.assertTrue(found and self.view["payment_uuid"] in bound)
        self.assertIn(
            order.state, ["draft"] if unresolved else ["draft", "paid", "done"]
        )

    def try_doors(self, state, doors):
        """Every door in this state of the order leads to what the table says.

        :param doors: ``{name: (attempt, outcome)}``
        """
        order = self.in_state(state)
        line = order.payment_ids
        for name, (attempt, expected) in doors.items():
            with self.subTest(state=state, door=name):
                found = self.outcome(order, lambda a=attempt: a(order, line))
                self.assertEqual(found, expected)

"""What other people do to an order through Odoo's other doors (``tests/test_doors.py``
has the table): in the back office, at the table, on a device with an old picture."""

import random
import uuid

#: Doors of ``pos_restaurant``.
OF_TABLES = ("change_table", "sit_down")
#: Doors of managers alone.
OF_MANAGERS = ("give_back", "pay_in_back_office")
#: All of them: methods of :class:`Colleague`.
DOORS = (
    *("add_cash", "call_off", "change_amount", "change_method", "delete_line"),
    *("delete_payment", "discount", "give_back", "invoice", "mark_paid", "merge"),
    *("mind_customer", "move_by_relation", "move_payment", "old_picture"),
    *("pay_in_back_office", "print_early", "reprice", "reprice_added", "split", "tip"),
    *OF_TABLES,
)


class NothingToDo(Exception):
    """The order does not have what this door is about."""


class Colleague:
    """Somebody with a browser of their own.

    :param sale: what it is about: has ``config`` (the register's id), ``payment_uuid``
        and ``order``, an order as a device has it (``chaos_tests/orders.py``)
    :param shop: has the ids ``method``, ``product``, ``tip``, ``customer``, ``tables``
        and ``cash`` (by register)
    :param call: as :meth:`.rpc_client.RpcClient.call`
    """

    def __init__(self, sale, shop, call):
        self.sale, self.shop, self._call = sale, shop, call

    def use(self, door, dice):
        """:raises NothingToDo, Refused: see there"""
        getattr(self, door)(random.Random(dice))

    # -- payments ----------------------------------------------------------------------

    def change_amount(self, dice):
        payment = self._payment()
        amount = payment["amount"] + dice.choice((-1, -0.01, 1))
        self._edit_payment(payment, dice, {"amount": amount})

    def change_method(self, dice):
        self._edit_payment(self._payment(), dice, {"payment_method_id": self._cash})

    def delete_payment(self, dice):
        of_order = ["pos_order_id.uuid", "=", self.sale.order.uuid]
        domain = [of_order, ["pos_order_id.state", "!=", "draft"]]
        found = self._search("pos.payment", domain, ["amount"])
        payment = dice.choice(found) if found else self._payment()
        if dice.random() < 0.5:
            self._call("pos.payment", "unlink", [payment["id"]])
        else:
            self._save_form(payment_ids=[[2, payment["id"]]])

    def move_payment(self, dice):
        order_id, _uuid = self._another_order()
        self._edit_payment(self._payment(), dice, {"pos_order_id": order_id})

    def move_by_relation(self, dice):
        _id, other = self._another_order()
        moved = {self.sale.payment_uuid: {"pos_order_id": other}}
        self._sync(relations_uuid_mapping={"pos.payment": moved})

    def add_cash(self, dice):
        order = self._order()
        cash = {
            "pos_order_id": order["id"],
            "amount": dice.choice((5, order["amount_total"])),
            "payment_method_id": self._cash,
        }
        self._call("pos.order", "add_payment", [order["id"]], cash)

    def pay_in_back_office(self, dice):
        """The button *Payment*."""
        self._pay(self._order(), dice.choice((self._cash, self.shop.method)))

    def give_back(self, dice):
        """The button *Return*, then *Payment*."""
        order = self._order()
        action = self._call("pos.order", "refund", [order["id"]])
        refund = {"id": action["res_id"], "amount_total": -order["amount_total"]}
        self._pay(refund, dice.choice((self._cash, self.shop.method)))

    # -- the order ---------------------------------------------------------------------

    def mark_paid(self, dice):
        self._call("pos.order", "action_pos_order_paid", [self._order()["id"]])

    def call_off(self, dice):
        ways = ("action_pos_order_cancel", "remove_from_ui", "unlink")
        self._call("pos.order", dice.choice(ways), [self._order()["id"]])

    def print_early(self, dice):
        self._call("pos.order", "write", [self._order()["id"]], {"nb_print": 1})

    def mind_customer(self, dice):
        invoice = dice.random() < 0.5
        values = {"partner_id": self.shop.customer, "to_invoice": invoice}
        self._call("pos.order", "write", [self._order()["id"]], values)

    def invoice(self, dice):
        order = self._order()["id"]
        values = {"partner_id": self.shop.customer}
        self._call("pos.order", "write", [order], values)
        # There is no program here that could print it.
        context = {"generate_pdf": False}
        self._call("pos.order", "action_pos_order_invoice", [order], context=context)

    def old_picture(self, dice):
        """A device saves what it knew before there was a payment."""
        picture = self.sale.order.picture()
        picture.state = dice.choice(("draft", "draft", "paid"))
        self._call("pos.order", "sync_from_ui", [picture.serialized()])

    # -- its lines ---------------------------------------------------------------------

    def discount(self, dice):
        """``pos_discount`` on the order, or a discount of the line."""
        order = self._order()
        off = -round(order["amount_total"] / 10, 2)
        if dice.random() < 0.5:
            commands = [[0, 0, self._line(off)]]
        else:
            price = round(order["amount_total"] + off, 2)
            values = {"discount": 10, **_subtotals(price)}
            commands = [[1, self._line_id(order), values]]
        self._sync(lines=commands, amount_total=order["amount_total"] + off)

    def reprice(self, dice):
        values = {"price_unit": 1, **_subtotals(1)}
        self._call("pos.order.line", "write", [self._line_id(self._order())], values)

    def reprice_added(self, dice):
        """A long press on what the terminal has added."""
        lines = self._search(
            "pos.order.line",
            [
                ["order_id.uuid", "=", self.sale.order.uuid],
                ["sci_transaction_id", "!=", False],
            ],
            ["id"],
        )
        line = self._one(lines)["id"]
        if dice.random() < 0.5:
            self._call("pos.order.line", "write", [line], {"price_unit": 0})
        else:
            self._sync(lines=[[2, line]])

    def delete_line(self, dice):
        line = self._line_id(self._order())
        if dice.random() < 0.5:
            self._call("pos.order.line", "unlink", [line])
        else:
            self._sync(lines=[[2, line]], amount_total=0)

    def tip(self, dice):
        order = self._order()
        line = {**self._line(1), "product_id": self.shop.tip}
        self._sync(lines=[[0, 0, line]], amount_total=order["amount_total"] + 1)

    # -- tables ------------------------------------------------------------------------

    def change_table(self, dice):
        table = dice.choice(self.shop.tables)
        if dice.random() < 0.5:
            self._call("pos.order", "write", [self._order()["id"]], {"table_id": table})
        else:
            self._sync(table_id=table)

    def sit_down(self, dice):
        """Others sit down at the table that the order is moved to."""
        table = dice.choice(self.shop.tables)
        self._call("pos.order", "write", [self._order()["id"]], {"table_id": table})
        self._another_order(table_id=table)

    def merge(self, dice):
        """With another table's order, which stays."""
        order = self._order()
        other, _uuid = self._another_order()
        self._call("pos.order.line", "write", order["lines"], {"order_id": other})
        self._call("pos.order", "remove_from_ui", [order["id"]])

    def split(self, dice):
        """Its line is paid by somebody else."""
        order = self._order()
        line = self._line_id(order)
        self._another_order(price=order["amount_total"])
        self._sync(lines=[[2, line]], amount_total=0)

    # -- helpers -----------------------------------------------------------------------

    @property
    def _cash(self):
        return self.shop.cash[self.sale.config]

    def _search(self, model, domain, fields):
        return self._call(model, "search_read", domain, fields)

    def _one(self, found):
        if not found:
            raise NothingToDo
        return found[0]

    def _order(self):
        fields = ["lines", "amount_total", "access_token"]
        domain = [["uuid", "=", self.sale.order.uuid]]
        return self._one(self._search("pos.order", domain, fields))

    def _payment(self):
        domain = [["uuid", "=", self.sale.payment_uuid]]
        return self._one(self._search("pos.payment", domain, ["amount"]))

    def _line_id(self, order):
        if not order["lines"]:
            raise NothingToDo
        return order["lines"][0]

    def _edit_payment(self, payment, dice, values):
        """*Edit Payment* is a form of the order; an RPC may name the payment."""
        if dice.random() < 0.5:
            self._save_form(payment_ids=[[1, payment["id"], values]])
        else:
            self._call("pos.payment", "write", [payment["id"]], values)

    def _save_form(self, **values):
        self._call("pos.order", "web_save", [self._order()["id"]], values, {})

    def _pay(self, order, method):
        context = {"active_id": order["id"], "active_ids": [order["id"]]}
        wizard = {
            "amount": order["amount_total"],
            "payment_method_id": method,
            "config_id": self.sale.config,
        }
        model = "pos.make.payment"
        (number,) = self._call(model, "create", [wizard], context=context)
        self._call(model, "check", [number], context=context)

    def _sync(self, **changes):
        """A device saves the order as it is now, with these changes."""
        order = self._order()
        payload = {
            "uuid": self.sale.order.uuid,
            "access_token": order["access_token"],
            "session_id": self.sale.order.session,
            "state": "draft",
            "amount_paid": 0,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": order["amount_total"],
            "lines": [],
            "payment_ids": [],
            **changes,
        }
        self._call("pos.order", "sync_from_ui", [payload])

    def _another_order(self, price=5, **values):
        """A draft that costs this; answer its id and uuid."""
        other = str(uuid.uuid4())
        payload = {
            "uuid": other,
            "access_token": other,
            "session_id": self.sale.order.session,
            "state": "draft",
            "amount_paid": 0,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": price,
            "fiscal_position_id": False,
            "lines": [[0, 0, self._line(price)]],
            "payment_ids": [],
            **values,
        }
        answer = self._call("pos.order", "sync_from_ui", [payload])
        return answer["pos.order"][-1]["id"], other

    def _line(self, price):
        return {
            "uuid": str(uuid.uuid4()),
            "product_id": self.shop.product,
            "qty": 1,
            "price_unit": price,
            "tax_ids": [],
            **_subtotals(price),
        }


def _subtotals(price):
    return {"price_subtotal": price, "price_subtotal_incl": price}

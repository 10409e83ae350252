"""Invariant 16 (``docs/ledger.md``) under any sequence of card payments and of Odoo's
other doors to their orders: ``tests/test_doors.py`` has the table of doors, and
``testbed/doors.py`` what people do with them."""

import copy
import json
import types
from collections import defaultdict
from unittest.mock import patch

import psycopg2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import paid, unresolved
from service import Says, Service
from testbed import doors
from testbed.rpc_client import Refused
from world import World

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from odoo.addons.pos_mx51_sci.ledger import finishing
from odoo.addons.pos_mx51_sci.ledger.flow import SciFlow
from odoo.addons.pos_mx51_sci.sci import client

CENTS, CASHOUT = 1250, 2000
FINISHED = ("paid", "done", "invoiced")
ADDED = {"tip_amount": "tip", "surcharge_amount": "surcharge"}
DOORS = [door for door in doors.DOORS if door not in doors.OF_TABLES]

which = st.integers(0, 2)
endings = st.builds(
    Says,
    st.just("FINALISED"),
    st.sampled_from(["APPROVED"] * 4 + ["DECLINED", "UNKNOWN"]),
    added=st.sampled_from([{}, {}, {"surcharge_amount": 19}, {"tip_amount": 100}]),
    share=st.sampled_from([1, 1, 1, 1, 0.5, 1.1]),
)
answers = st.just(Says("PENDING")) | endings
use_door = st.tuples(
    st.just("use_door"), which, st.sampled_from(DOORS), st.integers(0, 40)
)
#: What happens: (method of :class:`Orders`, its arguments)
STEPS = st.one_of(
    *[use_door] * 6,
    st.tuples(st.just("start"), which, st.sampled_from([1, 1, 2]), answers),
    st.tuples(st.just("end"), which, endings),
    st.tuples(st.just("override"), which, st.booleans()),
    st.tuples(st.just("sweep")),
    st.tuples(
        st.just("validate"),
        which,
        st.sampled_from([0, 0, -CASHOUT, -100]),
        st.sampled_from([0, 0, CENTS, -CENTS, -100]),
    ),
)


class Picture:
    """An order as a device that knows nothing of its payments has it."""

    def __init__(self, uuid, session, values):
        self.uuid, self.session, self.state = uuid, session, "draft"
        self._values = values

    def picture(self):
        return Picture(self.uuid, self.session, self._values)

    def serialized(self):
        return copy.deepcopy({**self._values, "state": self.state})


class Orders:
    """A sale with a cash-out, and one with two card payments."""

    def __init__(self, world):
        self.world = world
        self.service = Service(world.database)
        self.transport = patch.object(client, "exchange", self.service.exchange)
        self.transport.start()
        self.terminals = world.new_terminals()
        self.register = world.registers[0]
        new = world.new_order
        #: [(order, payment, kind, amounts)]
        self.payments = []
        both = CENTS + CASHOUT
        for kind, order, *payments in (
            ("purchase_with_cashout", *new(self.register, both, cashout=CASHOUT)),
            ("purchase", *new(self.register, CENTS, CENTS)),
        ):
            for payment in payments:
                amounts = {"purchase_amount": CENTS}
                if kind != "purchase":
                    amounts["cashout_amount"] = CASHOUT
                self.payments.append((order, payment, kind, amounts))
        self.pictures = {it[0]: self._picture(it[0]) for it in self.payments}

    def _picture(self, order):
        (found,) = self.world.database.query(
            "SELECT o.session_id, o.amount_total, l.uuid, l.product_id"
            " FROM pos_order o JOIN pos_order_line l ON l.order_id = o.id"
            " WHERE o.uuid = %s",
            order,
        )
        total = float(found["amount_total"])
        line = {
            "uuid": found["uuid"],
            "product_id": found["product_id"],
            "qty": 1,
            "price_unit": total,
            "price_subtotal": total,
            "price_subtotal_incl": total,
            "tax_ids": [],
        }
        values = {
            "uuid": order,
            "access_token": order,
            "session_id": found["session_id"],
            "amount_total": total,
            "amount_tax": 0,
            "amount_paid": 0,
            "amount_return": 0,
            "fiscal_position_id": False,
            "lines": [[0, 0, line]],
            "payment_ids": [],
        }
        return Picture(order, found["session_id"], values)

    # -- what happens ------------------------------------------------------------------

    def start(self, which, attempt, ending):
        order, payment, kind, amounts = self.payments[which]
        values = {
            "payment_uuid": payment,
            "attempt": attempt,
            "order_uuid": order,
            "config_id": self.register,
            "payment_method_id": self.world.method,
            "terminal_id": self.terminals[which % 2],
            "kind": kind,
            "amounts": amounts,
        }
        self.service.answers = {"info": None, "create": ending, "get": ending}
        try:
            with self.world.environment() as env:
                flow, request = env["pos.sci.transaction"]._start_flow(values)
            flow.start(request)
        except UserError:
            pass  # an attempt that was never made

    def end(self, which, ending):
        """The bank answers."""
        rows = [row for row in self._rows() if row["status"] == "PENDING"]
        if rows:
            row = rows[which % len(rows)]
            self.service.answers = {"get": ending}
            self._flow().poll(row["id"], row["version"], False)

    def override(self, which, successful):
        rows = [row for row in self._rows() if row["financial_status"] == "UNKNOWN"]
        if rows:
            row = rows[which % len(rows)]
            self._flow().override(row["id"], successful, "seen")

    def sweep(self):
        """No register has followed these payments for a while."""
        for row in self._rows():
            self.world.age(row["id"], 25, "followed_at")
        with self.world.environment() as env:
            orders = finishing.unfinished(env)
            env.cr.commit()
        for _company_id, order_id in orders:
            with self.world.environment() as env:
                finishing.finish(env(su=True), order_id)

    def use_door(self, which, door, dice):
        order, payment, _kind, _amounts = self.payments[which]
        about = types.SimpleNamespace(
            config=self.register, payment_uuid=payment, order=self.pictures[order]
        )
        try:
            doors.Colleague(about, self.world, self._call).use(door, dice)
        except (Refused, doors.NothingToDo):
            pass

    def validate(self, which, change, cash):
        """A device validates, with the lines that it knows; perhaps with cash that is
        given or taken."""
        order, payment, _kind, amounts = self.payments[which]
        line = {
            "uuid": payment,
            "amount": sum(amounts.values()) / 100,
            "payment_method_id": self.world.method,
            "payment_status": "done",
            "name": "2026-01-01 00:00:00",
        }
        picture = self.pictures[order].serialized()
        picture.update(
            state="paid", payment_ids=[[0, 0, line]], amount_return=change / 100
        )
        if cash:
            method = self.world.cash[self.register]
            of_cash = {"amount": cash / 100, "payment_method_id": method}
            picture["payment_ids"].append([0, 0, of_cash])
        try:
            self._call("pos.order", "sync_from_ui", [picture])
        except Refused:
            pass

    def _call(self, model, method, *args, **kwargs):
        """As an RPC: a request of its own, from JSON."""
        arguments = json.loads(json.dumps(args))
        try:
            with self.world.environment() as env:
                return call_kw(env[model], method, arguments, kwargs)
        except (UserError, AccessError, psycopg2.IntegrityError) as error:
            raise Refused({"data": {"message": str(error)}}) from None

    # -- what must hold ----------------------------------------------------------------

    def check(self):
        query = self.world.database.query
        uuids = list({it[0] for it in self.payments})
        rows = self._rows()
        orders = {
            it["uuid"]: it
            for it in query("SELECT * FROM pos_order WHERE uuid = ANY(%s)", uuids)
        }
        names = [it[1] for it in self.payments]
        payments = query(
            "SELECT p.*, m.use_payment_terminal = 'mx51_sci' AS is_card,"
            " o.uuid AS order_uuid, o.state FROM pos_payment p"
            " JOIN pos_payment_method m ON m.id = p.payment_method_id"
            " JOIN pos_order o ON o.id = p.pos_order_id"
            " WHERE o.uuid = ANY(%s) OR p.uuid = ANY(%s)",
            *(uuids, names),
        )
        self._check(rows, orders, payments)

    def _check(self, rows, orders, payments):
        seen = self._seen("transaction_id")
        by_uuid = {it["uuid"]: it for it in payments}
        of_order = defaultdict(list)
        for row in rows:
            of_order[row["order_uuid"]].append(row)
            if unresolved(row):
                assert orders[row["order_uuid"]]["state"] == "draft"
            if not paid(row) or row["id"] in seen or row["posting_due"]:
                continue
            self._stands(row, by_uuid.get(row["payment_uuid"]))
        for line in payments:
            if line["state"] in FINISHED and line["is_card"] and not line["is_change"]:
                row = [r for r in rows if r["payment_uuid"] == line["uuid"]]
                assert any(map(paid, row)) or line["uuid"] in self._seen("payment_uuid")
        for uuid, order in orders.items():
            known = [row for row in of_order[uuid] if paid(row)]
            is_seen = order["id"] in self._seen("pos_order_id") or any(
                row["id"] in seen or row["posting_due"] for row in known
            )
            if known and order["state"] in FINISHED and not is_seen:
                self._adds_up(order, known, payments)

    def _stands(self, row, line):
        """A paid row stands in its order, as it was charged."""
        charged = _charged(row)
        assert line, "the card line is gone"
        assert line["order_uuid"] == row["order_uuid"]
        assert line["payment_method_id"] == row["payment_method_id"]
        assert line["state"] != "cancel" and not line["is_change"]
        assert round(line["amount"] * 100) == sum(charged.values())
        added = self.world.database.query(
            "SELECT sci_line_kind, price_subtotal_incl FROM pos_order_line"
            " WHERE sci_transaction_id = %s",
            row["id"],
        )
        assert {
            it["sci_line_kind"]: _cents(it["price_subtotal_incl"]) for it in added
        } == {ADDED[name]: cents for name, cents in charged.items() if name in ADDED}

    def _adds_up(self, order, rows, payments):
        """The lines of a finished order were paid, and only cash became change."""
        (found,) = self.world.database.query(
            "SELECT sum(price_subtotal_incl) AS cost FROM pos_order_line"
            " WHERE order_id = %s",
            order["id"],
        )
        lines = [it for it in payments if it["pos_order_id"] == order["id"]]
        assert (
            abs(sum(_cents(it["amount"]) for it in lines) - _cents(found["cost"])) <= 1
        )
        handed_out = sum(_charged(row).get("cashout_amount", 0) for row in rows)
        cash = sum(_cents(it["amount"]) for it in lines if not it["is_card"])
        assert cash >= -handed_out

    def _seen(self, column):
        """What review items are about."""
        items = self.world.database.query(f"SELECT {column} FROM pos_sci_review")
        return {item[column] for item in items}

    def close(self):
        self.transport.stop()

    # -- helpers -----------------------------------------------------------------------

    def _flow(self):
        with self.world.environment() as env:
            return SciFlow(env)

    def _rows(self):
        return self.world.database.query(
            "SELECT * FROM pos_sci_transaction WHERE terminal_id = ANY(%s) ORDER BY id",
            self.terminals,
        )


def _charged(row):
    approved = row["financial_status"] == "APPROVED"
    return (approved and row["result_amounts"]) or row["amounts"]


def _cents(amount):
    return round(float(amount or 0) * 100)


@pytest.fixture(scope="module")
def world(registry):
    made = World(registry)
    with made.environment() as env:
        made.customer = env["res.partner"].create({"name": "Customer"}).id
        made.tip = made.product = env.ref("point_of_sale.product_product_tip").id
    return made


def test_any_doors_keep_the_orders_right(world, monkeypatch):
    monkeypatch.setenv("MX51_SCI_SIGNING_SECRET_PART_A", "part-a")

    @settings(max_examples=25)
    @given(which, answers, st.lists(STEPS, min_size=3, max_size=10))
    def any_doors(first, answer, steps):
        orders = Orders(world)
        try:
            for name, *args in [("start", first, 1, answer), *steps]:
                getattr(orders, name)(*args)
                orders.check()
        finally:
            orders.close()

    any_doors()

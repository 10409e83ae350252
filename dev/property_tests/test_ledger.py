"""The invariants of ``docs/ledger.md``, under any sequence of requests, answers and
silence, with PostgreSQL and the functions that the register's requests call.

By the invariants' numbers, what holds each and what would show if it did not:

==  =================================================  ============================
no  guard (``ledger/``)                                here
==  =================================================  ============================
1   ``transitions.mark_sending``, ``claim_submit``,    ``_posts_once``
    ``cancel.claim``
2   ``guard``, every transition's condition            ``_goes_on``
3   ``transitions.answered``, ``guard``                ``_goes_on``
4   ``transitions.answered``, ``guard``                ``_goes_on``
5   ``_one_occupant_per_terminal``                     ``_one_of_each``
6   ``_one_paid_per_payment``, ``start.begin``         ``_one_of_each``
7   ``steps.without_version``, ``SciFlow._send``       ``_was_said``
8   ``view.public_view``; the line itself in the       ``_seen``
    browser, in the Hoot tests of payments
9   ``guard``                                          ``_goes_on``
10  ``SciFlow.override``, ``transitions.override``,    ``_override_is_right``
    ``transitions.state_against``, ``guard``
11  ``guard``                                          ``invariants``
12  ``start.begin``                                    ``start``
13  the commits between steps, ``transitions.expire``  ``Killed``, ``teardown``
14  ``ShortTransactions``                              ``Service.exchange``
15  ``pos_payment``, ``pos_order``; in the browser:    ``remove``
    the Hoot tests of guards
16  ``lines``, ``sync``; ``pos_order``,                ``remove``; ``test_doors.py``;
    ``pos_order_line``, ``pos_payment``                the doors in ``tests/``
==  =================================================  ============================

The limit of refunds (``refund.allowance``) is held by ``_refunds_are_covered``.
"""

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from invariants import Invariants
from rows import paid, unresolved
from service import ANSWERS, CALLS, Killed, Says, Service
from world import World

from odoo.exceptions import UserError

from odoo.addons.pos_mx51_sci.ledger.flow import SciFlow
from odoo.addons.pos_mx51_sci.sci import client

CENTS = 1250
anyone = st.integers(0, 9)


class Ledger(Invariants, RuleBasedStateMachine):
    """Three sales and two refunds of the first one, at two registers."""

    world = None

    def __init__(self):
        super().__init__()
        world = self.world
        self.service = Service(world.database)
        self.transport = patch.object(client, "exchange", self.service.exchange)
        self.transport.start()
        self.terminals = world.new_terminals()
        bar, bistro = world.registers
        self.sales = [
            (register, *world.new_order(register, CENTS))
            for register in (bar, bar, bistro)
        ]
        back = self.sales[0][1]
        self.refunds = [
            (bar, *world.new_order(bar, -cents, takes_back=back))
            for cents in (CENTS, 700)
        ]
        self.rows = {}
        self.presses = Counter()

    # -- what happens ------------------------------------------------------------------

    @initialize(outcome=st.sampled_from([None, "APPROVED", "CANCELLED"]))
    def sell(self, outcome):
        """The first sale has begun, or is over."""
        status = "FINALISED" if outcome else "PENDING"
        answers = {"info": None, "create": Says(status, outcome)}
        self._do(answers, lambda: self._begin(self._values(0)))

    @rule(
        number=st.sampled_from([0, 0, 1, 1, 2, 3, 4]),
        attempt=st.sampled_from([1, 1, 1, 2, 2, 3]),
        cents=st.sampled_from([CENTS, CENTS, CENTS, 700]),
        terminal=st.sampled_from([None, None, 0, 1]),
        answers=ANSWERS,
        meanwhile=st.sampled_from([None, None, None, "again", "cancel", "expire"]),
    )
    def start(self, number, attempt, cents, terminal, answers, meanwhile):
        values = self._values(number, attempt, cents, terminal)
        payment = values["payment_uuid"]
        last = max(self._attempts(payment), default=0)
        others = {
            "again": lambda: self._begin(values),
            "cancel": self._cancel_newest,
            "expire": self._expire,
        }
        calls = len(self.service.calls)
        try:
            view = self._do(answers, lambda: self._begin(values), others.get(meanwhile))
        except UserError:
            assert attempt > last + 1
            return
        if attempt <= last:
            assert len(self.service.calls) == calls, "an old attempt was sent"
        if view and view["id"] and attempt > last + 1:
            assert view["attempt"] <= last

    def _values(self, number, attempt=1, cents=CENTS, terminal=None):
        register, order, payment = [*self.sales, *self.refunds][number]
        kind = "refund" if number > 2 else "purchase"
        return {
            "payment_uuid": payment,
            "attempt": attempt,
            "order_uuid": order,
            "config_id": register,
            "payment_method_id": self.world.method,
            "terminal_id": False if terminal is None else self.terminals[terminal],
            "kind": kind,
            "amounts": {f"{kind}_amount": cents},
            "original_payment_uuid": kind == "refund" and self.sales[0][2],
        }

    def _begin(self, values):
        with self.world.environment() as env:
            flow, request = env["pos.sci.transaction"]._start_flow(values)
        return flow.start(request)

    def _cancel_newest(self):
        row_id = max(self._read(), default=None)
        return row_id and self._cancel(row_id)

    def _cancel(self, row_id):
        self.presses[row_id] += 1
        return self._flow().cancel(row_id)

    def _expire(self):
        """Another process comes across a request that it takes for interrupted."""
        for row in self._read().values():
            if row["status"] in ("draft", "sending"):
                self.world.age(row["id"], 31)
        self._resume()

    def _resume(self):
        for register in self.world.registers:
            with self.world.environment() as env:
                env["pos.sci.transaction"].sci_resume(register)

    @precondition(lambda self: self.rows)
    @rule(
        which=anyone,
        older=st.sampled_from([0, 0, 1, -1]),
        hold=st.booleans(),
        answers=ANSWERS,
    )
    def poll(self, which, older, hold, answers):
        row = self._row(which)
        version = row["version"] - older
        self._do(answers, lambda: self._flow().poll(row["id"], version, hold))

    @precondition(lambda self: self.rows)
    @rule(which=anyone, answers=ANSWERS)
    def cancel(self, which, answers):
        row_id = self._row(which)["id"]
        self._do(answers, lambda: self._cancel(row_id))

    @precondition(lambda self: self.rows)
    @rule(
        which=anyone,
        older=st.sampled_from([0, 0, 0, 1]),
        button=st.sampled_from(["ok", "ok", "other"]),
        answers=ANSWERS,
    )
    def submit(self, which, older, button, answers):
        row = self._row(which)
        version = row["version"] - older
        calls = len(self.service.calls)
        press = lambda: self._flow().submit(row["id"], version, button, {})  # noqa: E731
        self._do(answers, press)
        if older or button != "ok":
            assert len(self.service.calls) == calls, "another form was submitted"

    @precondition(lambda self: self.rows)
    @rule(
        which=anyone,
        waited=st.sampled_from([0, 21, 65]),
        followed=st.booleans(),
        successful=st.booleans(),
        answers=ANSWERS,
    )
    def override(self, which, waited, followed, successful, answers):
        row_id = self._row(which)["id"]
        # Silence counts only while somebody asks.
        self.world.age(row_id, waited, *(("silent_since",) if followed else ()))
        self.rows = self._read()
        say = lambda: self._flow().override(row_id, successful, "seen")  # noqa: E731
        self._do(answers, say)

    @precondition(lambda self: self.rows)
    @rule(which=anyone, successful=st.sampled_from([True, True, True, False]))
    def state_against(self, which, successful):
        """A manager has a receipt that says approved."""
        row_id = self._row(which)["id"]
        state = self._flow().state_against
        self._do({}, lambda: state(row_id, successful, "receipt"))

    @rule(answers=ANSWERS)
    def sweep(self, answers):
        def run():
            self._flow().sweep()

        self._do(answers, run)

    @rule()
    def resume(self):
        self._resume()

    @rule(seconds=st.sampled_from([5, 16, 31, 65, 65, 160, 90000]))
    def time_passes(self, seconds):
        for row_id in self.rows:
            self.world.age(row_id, seconds)
        self.rows = self._read()

    @rule(number=st.integers(0, 1), again=st.booleans())
    def pair(self, number, again):
        self.world.database.query(
            "UPDATE pos_sci_terminal SET state = 'paired', last_error_code = NULL,"
            " pairing_id = CASE WHEN %s THEN pairing_id || '+' ELSE pairing_id END"
            " WHERE id = %s",
            again,
            self.terminals[number],
        )

    @rule(number=st.integers(0, 2))
    def remove(self, number):
        """A payment in progress or paid stays, and its order with it."""
        _register, order_uuid, payment_uuid = self.sales[number]
        kept = [row for row in self.rows.values() if unresolved(row) or paid(row)]
        kept_payment = payment_uuid in {row["payment_uuid"] for row in kept}
        kept_order = order_uuid in {row["order_uuid"] for row in kept}
        for model, uuid, action, refused in (
            ("pos.payment", payment_uuid, lambda found: found.unlink(), kept_payment),
            ("pos.order", order_uuid, lambda found: found.unlink(), kept_order),
            (
                "pos.order",
                order_uuid,
                lambda found: found.write({"state": "cancel"}),
                kept_order,
            ),
        ):
            with self.world.environment() as env:
                found = env[model].search([("uuid", "=", uuid)])
                try:
                    action(found)
                    env.flush_all()
                    assert not refused, f"{model} was removed"
                except UserError:
                    assert refused, f"{model} could not be removed"
                env.cr.rollback()

    def teardown(self):
        """Whatever has happened, everybody can go on: nothing is stuck."""
        try:
            self._end_all()
        finally:
            self.transport.stop()

    def _end_all(self):
        unanswered = dict.fromkeys(CALLS, Says("FINALISED", "CANCELLED"))
        for row_id in self._read():
            self.world.age(row_id, 3600)
            flow = self._flow()
            view = self._do(unanswered, lambda i=row_id, f=flow: f.poll(i, 2**31))
            if view["unresolved"]:
                view = self._do(
                    unanswered, lambda i=row_id, f=flow: f.override(i, False, "end")
                )
            assert not view["unresolved"], "a row is stuck"

    # -- helpers -----------------------------------------------------------------------

    def _do(self, answers, call, meanwhile=None):
        self.service.answers, self.service.meanwhile = answers, meanwhile
        try:
            view = call()
        except Killed:
            return None
        finally:
            self.service.meanwhile = None
        self._seen(view)
        return view

    def _seen(self, view):
        """What a browser is told agrees with the row."""
        if view and view["id"]:
            row = self._read()[view["id"]]
            assert view["paid"] == paid(row)
            assert view["unresolved"] == unresolved(row)
            assert view["amounts"] == row["amounts"]
            assert "https://" not in str(view)

    def _flow(self):
        with self.world.environment() as env:
            return SciFlow(env)

    def _row(self, which):
        return list(self.rows.values())[which % len(self.rows)]

    def _attempts(self, payment):
        rows = self.rows.values()
        return [row["attempt"] for row in rows if row["payment_uuid"] == payment]

    def _read(self):
        rows = self.world.database.query(
            "SELECT * FROM pos_sci_transaction WHERE terminal_id = ANY(%s) ORDER BY id",
            self.terminals,
        )
        return {row["id"]: row for row in rows}

    def _reviews(self, row):
        items = self.world.database.query(
            "SELECT kind FROM pos_sci_review WHERE transaction_id = %s", row["id"]
        )
        return [item["kind"] for item in items]

    def _pairing_id(self, row):
        (terminal,) = self.world.database.query(
            "SELECT pairing_id FROM pos_sci_terminal WHERE id = %s", row["terminal_id"]
        )
        return terminal["pairing_id"]


@pytest.fixture(scope="module")
def world(registry):
    return World(registry)


def test_any_sequence_keeps_the_invariants(world, monkeypatch):
    monkeypatch.setenv("MX51_SCI_SIGNING_SECRET_PART_A", "part-a")
    monkeypatch.setattr(Ledger, "world", world)
    budget = settings(max_examples=25, stateful_step_count=25)
    run_state_machine_as_test(Ledger, settings=budget)

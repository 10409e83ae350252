from odoo.exceptions import UserError
from odoo.service.model import call_kw

from ..ledger.reviews import raise_item
from .common import SciCommon

#: What no register and no form sends.
JUNK = (
    None,
    True,
    0,
    -1,
    1.5,
    10**9,
    2**31,
    2**63,
    2**200,
    "",
    "x",
    "1",
    "\x00",
    "\ud800",
    [],
    [1, "x"],
    [None],
    {},
    {"id": 1},
)


class TestArguments(SciCommon):
    """Whatever a remote call carries, the answer is a sentence or a view, never a
    traceback."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.register.open_ui()
        self.view = self.start()
        self.age(self.view, "silent_since", 61)
        session = self.register.current_session_id
        row, terminal = self.row(self.view), self.terminal
        item = raise_item(self.env, "other_amount", "x", row=row)
        reading, changing = [], []
        for calls, record, method, *args in (
            (reading, row, "sci_poll", 0),
            (reading, row, "sci_submit", 1, "a_button", {"name": "text"}),
            (reading, row, "action_resolve"),
            (reading, terminal, "pairing_view"),
            (reading, terminal, "check_pairing"),
            (reading, terminal, "action_pair", "123456", "Front Bar"),
            (reading, terminal, "action_test"),
            (reading, terminal, "action_cancel_pairing"),
            (reading, terminal, "action_forget"),
            (reading, session, "sci_unresolved"),
            (reading, session, "sci_day"),
            (reading, session, "sci_payments"),
            (reading, session, "sci_day_rows", terminal.id, "session", "total"),
            (reading, session, "sci_settlement", 1),
            (changing, session, "sci_settle", terminal.id, "enquiry", False, 1, "1"),
            (reading, self.env["pos.sci.settlement"], "action_check"),
            (reading, terminal, "action_settlement_enquiry"),
            (changing, row, "sci_cancel"),
            (changing, row, "sci_override", True, "a reason", 1, "1234"),
            (changing, terminal, "action_unpair"),
            (changing, terminal, "action_settle"),
            (reading, item, "action_open_order"),
            (changing, item, "action_fine"),
            (changing, item, "action_done"),
            (changing, session, "sci_close_anyway", [self.view["id"]], [], 1, "1234"),
            (changing, self.register, "sci_permit_refund", "order-1", 500, 1, "1234"),
            (changing, self.register, "sci_use_terminal", terminal.id, 1, "1234"),
            (
                changing,
                self.register,
                "sci_pairing",
                terminal.id,
                "action_test",
                1,
                "1",
            ),
            (reading, session.order_ids[:1], "sci_keep_coupons", {}),
        ):
            calls.append((record, method, args))
        self.calls, self.all_calls = reading, reading + changing

    def call(self, model, method, *args):
        """As the web client's requests come in; an error of the kind that people
        are shown is as good as an answer."""
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                call_kw(model.browse().with_user(self.manager), method, args, {})
        except UserError as error:
            self.assertTrue(error.args[0])

    def test_ids(self):
        for record, method, args in self.all_calls:
            for junk in (j for j in JUNK if j not in (True, 1.5)):
                with self.subTest(method=method, ids=junk):
                    self.call(record, method, junk, *args)

    def test_arguments(self):
        for record, method, args in self.all_calls:
            for place in range(len(args)):
                for junk in JUNK:
                    changed = [*args[:place], junk, *args[place + 1 :]]
                    with self.subTest(method=method, arguments=changed):
                        self.call(record, method, record.ids, *changed)

    def test_models(self):
        transactions, terminals = self.env["pos.sci.transaction"], self.terminal
        for junk in JUNK:
            with self.subTest(junk=junk):
                self.call(transactions, "sci_resume", junk)
                self.call(transactions, "sci_start", junk)
                self.call(terminals, "pos_terminals", junk)

    def test_what_a_payment_is_started_with(self):
        transactions = self.env["pos.sci.transaction"]
        for number, junk in enumerate(JUNK):
            whole = self.values(f"payment-{number}")
            for key in (*whole, "original_payment_uuid"):
                with self.subTest(key=key, junk=junk):
                    self.call(transactions, "sci_start", {**whole, key: junk})
            amounts = {"purchase_amount": 1, "surcharge_amount": junk}
            self.call(transactions, "sci_start", {**whole, "amounts": amounts})
            self.call(transactions, "sci_start", {**whole, "amounts": {1: 1, "x": 1}})

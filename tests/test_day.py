from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common_day import DayCommon


class TestDay(DayCommon):
    """The end of the day: what the ledger counts, beside what the bank says."""

    def entry(self, user=None):
        (entry,) = self.rpc(self.session, "sci_day", user=user or self.cashier)
        return entry

    def ask(self, kind="enquiry", date=False, user=None):
        session, user = self.session, user or self.manager
        number = self.rpc(
            session, "sci_settle", self.terminal.id, kind, date, user=user
        )
        self.rpc(session, "sci_settlement", number, user=user)
        return self.env["pos.sci.settlement"].browse(number)

    def rows_behind(self, scope, name):
        args = (self.terminal.id, scope, name)
        return self.rpc(self.session, "sci_day_rows", *args, user=self.cashier)

    def sell_all_kinds(self):
        """A sale with a tip and a surcharge, its refund in part, cash-outs and a
        telephone order: the bank's total is 12.50 + 1 + 0.27 + 20 + 30 - 5."""
        self.register.write({"sci_cashout": True, "sci_moto": True})
        self.tipped_and_surcharged()
        for payment, kind, amounts in (
            ("refund", "refund", {"refund_amount": 500}),
            ("cash", "cashout", {"cashout_amount": 2000}),
            ("phone", "moto", {"moto_amount": 3000}),
        ):
            original = "payment-1" if kind == "refund" else None
            view = self.start(
                payment, kind=kind, amounts=amounts, original_payment_uuid=original
            )
            self.sandbox.get("wait", terminal="front-bar", accepts_card=True)
            self.sandbox.terminal("card", outcome="approve")
            self.follow(view)

    def declined(self, payment="declined"):
        view = self.start(payment)
        self.present("decline")
        return self.follow(view)

    def test_each_kind_is_counted_and_the_bank_agrees(self):
        self.sell_all_kinds()
        self.declined()
        entry = self.entry()
        self.assertEqual(
            entry["session"],
            {
                "purchase": [1, 1250],
                "moto": [1, 3000],
                "refund": [1, 500],
                "cashout": [1, 2000],
                "tip": [1, 100],
                "surcharge": [1, 27],
                "total": [4, 5877],
            },
        )
        self.assertEqual(entry["expected"], entry["session"])
        self.assertFalse(entry["bank"])
        settlement = self.ask()
        self.assertEqual(settlement.session_id, self.session)
        # The bank counts orders by mail or phone among its purchases.
        self.assertEqual(settlement.totals["purchase"], [2, 4250])
        self.assertEqual(settlement.total, 58.77)
        entry = self.entry()
        self.assertTrue(entry["is_compared"])
        self.assertEqual((entry["difference"], entry["later"]), (0, 0))

    def test_each_number_leads_to_its_payments(self):
        self.sell_all_kinds()
        self.declined()
        for name, kinds in {
            "purchase": ["Purchase"],
            "moto": ["Mail or telephone order"],
            "refund": ["Refund"],
            "cashout": ["Cash-out"],
            "tip": ["Purchase"],
            "total": ["Purchase", "Refund", "Cash-out", "Mail or telephone order"],
            "unresolved": [],
        }.items():
            for scope in ("session", "expected"):
                with self.subTest(name=name, scope=scope):
                    found = self.rows_behind(scope, name)
                    self.assertCountEqual([row["kind"] for row in found], kinds)
        (refund,) = self.rows_behind("session", "refund")
        self.assertEqual((refund["amount"], refund["result"]), (-500, "Approved"))
        self.assertFalse(
            self.rpc(self.session, "sci_day_rows", 10**9, "session", "total")
        )

    def test_the_session_s_payments_as_a_register_lists_them(self):
        by_hand = self.unknown_but_charged()
        self.rpc(self.row(by_hand), "sci_override", True, "Receipt", user=self.cashier)
        self.declined()
        self.rpc(self.terminal, "action_unpair")
        self.start("payment-9", amount=300)
        found = self.rpc(self.session, "sci_payments", user=self.cashier)
        self.assertEqual(
            [(row["result"], row["outcome"], row["amount"]) for row in found],
            [
                ("Not sent", "not_sent", 300),
                ("Declined", "declined", 1250),
                ("Paid (by hand)", "by_hand", 1250),
            ],
        )
        self.assertEqual({row["terminal"] for row in found}, {"Front Bar"})
        self.assertEqual(found[0]["order_uuid"], "order-of-payment-9")

    def test_a_settlement_ends_the_day_of_the_bank(self):
        first = self.approved()
        settlement = self.ask("settlement")
        self.assertEqual(settlement.transaction_ids, self.row(first))
        self.approved("payment-2", amount=700)
        entry = self.entry()
        self.assertEqual(entry["session"]["total"], [2, 1950])
        self.assertEqual(entry["expected"]["total"], [1, 1250])
        self.assertEqual((entry["difference"], entry["later"]), (0, 1))
        self.assertTrue(entry["settled_at"])
        self.ask()
        entry = self.entry()
        self.assertEqual(entry["expected"]["total"], [1, 700])
        self.assertEqual((entry["difference"], entry["later"]), (0, 0))
        self.assertEqual(entry["since"], entry["settled_at"])
        self.assertFalse(self.ask("settlement").transaction_ids & self.row(first))

    def test_payments_of_other_registers_are_part_of_the_day(self):
        self.approved()
        other = self._register("Bistro")
        self.approved_at(other)
        self.ask()
        entry = self.entry()
        self.assertEqual(entry["session"]["total"], [1, 1250])
        self.assertEqual(entry["expected"]["total"], [2, 1950])
        self.assertEqual(entry["difference"], 0)

    def approved_at(self, register):
        view = self.start("there", amount=700, config_id=register.id)
        self.present()
        return self.follow(view)

    def test_what_the_bank_has_and_the_ledger_not_is_a_difference(self):
        self.ask("settlement")
        view = self.unknown_but_charged()
        self.ask()
        entry = self.entry()
        self.assertEqual((entry["difference"], entry["unresolved"]), (1250, 1))
        self.assertEqual(len(self.rows_behind("session", "unresolved")), 1)
        self.rpc(self.row(view), "sci_override", True, "Receipt", user=self.cashier)
        self.assertEqual(self.entry()["difference"], 0)

    def test_a_receipt_that_cannot_be_read_is_shown_only(self):
        self.sandbox.control("settings", settlement_receipt="words")
        self.approved()
        settlement = self.ask()
        self.assertIn("PURCHASES (1)", settlement.receipt)
        self.assertFalse(settlement.is_read)
        entry = self.entry()
        self.assertFalse(entry["is_compared"])
        self.assertFalse(entry["bank"]["totals"])
        self.assertEqual(entry["bank"]["receipt"], settlement.receipt)

    def test_a_receipt_by_card_schemes(self):
        self.sandbox.control("settings", settlement_receipt="schemes")
        self.approved()
        self.assertEqual(self.ask().totals["total"], [1, 1250])

    def test_an_earlier_day(self):
        self.approved()
        yesterday = fields.Date.today() - timedelta(days=1)
        settlement = self.ask(date=str(yesterday), user=self.cashier)
        self.assertEqual(settlement.enquiry_date, yesterday)
        self.assertEqual(settlement.totals["total"], [0, 0])
        asked = self.sandbox.requests_to("/v1/settlements")[-1]["request_body"]
        self.assertEqual(
            asked["enquiry_date"],
            {
                "year": yesterday.year,
                "month": yesterday.month,
                "day": yesterday.day,
            },
        )
        self.assertFalse(self.entry()["bank"], "not about the current day")
        for date in ("2999-01-01", "never", 7):
            with self.assertRaises(UserError):
                self.ask(date=date)
        with self.assertRaises(UserError):
            self.ask("settlement", date=str(yesterday))

    def test_what_is_refused_is_said_beside_the_last_answer(self):
        self.approved()
        settlement = self.ask("settlement")
        self.sandbox.terminal("power", on=False)
        for kind in ("enquiry", "settlement"):
            refused = self.ask(kind)
            self.assertEqual(refused.status, "not_sent")
            entry = self.entry()
            self.assertEqual(entry["bank"]["id"], settlement.id)
            self.assertEqual((entry["is_compared"], entry["difference"]), (True, 0))
            self.assertEqual(entry["tried"]["id"], refused.id)
            self.assertIn("not connected", entry["tried"]["message"])
        self.sandbox.terminal("power", on=True)
        enquiry = self.ask()
        entry = self.entry()
        self.assertEqual((entry["bank"]["id"], entry["tried"]), (enquiry.id, False))

    def test_what_is_refused_first_is_said_alone(self):
        self.sandbox.terminal("power", on=False)
        refused = self.ask()
        entry = self.entry()
        self.assertEqual((entry["bank"], entry["is_compared"]), (False, False))
        self.assertEqual(entry["tried"]["id"], refused.id)

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.ask("settlement", user=self.cashier)
        self.assertFalse(self.sandbox.requests_to("/v1/settlements"))
        self.assertEqual(self.ask(user=self.cashier).kind, "enquiry")
        group = "point_of_sale.group_pos_manager"
        other = self.env["res.company"].create({"name": "Another shop"})
        stranger = self._user("stranger", group, other)
        for method, args in {
            "sci_day": (),
            "sci_payments": (),
            "sci_day_rows": (self.terminal.id, "session", "total"),
            "sci_settle": (self.terminal.id, "settlement"),
            "sci_settlement": (1,),
        }.items():
            with self.subTest(method=method), self.assertRaises(AccessError):
                self.rpc(self.session, method, *args, user=stranger)
        theirs = self.env["pos.sci.terminal"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            self.rpc(self.session, "sci_settle", theirs.id, "enquiry")
        with self.assertRaises(UserError):
            self.rpc(self.session, "sci_settle", self.terminal.id, "other")

    def test_unresolved_payments_say_since_when(self):
        view = self.start()
        (listed,) = self.rpc(self.session, "sci_unresolved", user=self.cashier)
        self.assertEqual(
            listed["since"], fields.Datetime.to_string(self.row(view).sent_at)
        )

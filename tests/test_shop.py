"""A shop from its set-up to the end of its day."""

from odoo.exceptions import UserError

from .common_shop import ShopCommon


class TestShop(ShopCommon):
    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.installed()

    def test_each_company_sets_up_its_own(self):
        for view, shown in (
            (self.bar_view, {"terminals": ["Bar"], "registers": ["Bar", "Bistro"]}),
            (self.bakery_view, {"terminals": ["Bakery"], "registers": ["Bakery"]}),
        ):
            for key, names in shown.items():
                self.assertCountEqual([it["name"] for it in view[key]], names)
        self.assertEqual(self.terminal.config_ids, self.bar | self.bistro)
        self.assertEqual(self.oven.config_ids, self.bakery)
        self.assertEqual(self.bakery_method.company_id, self.bakery_company)
        self.assertEqual(self.method.company_id, self.company)

    # -- a day ---------------------------------------------------------------------

    def test_a_day_from_the_first_sale_to_the_books(self):
        lost, bread = self.sell_all_day(), self.sell_bread()
        self.assertEqual(bread["financial_status"], "APPROVED")
        bar, bistro = self.sessions[self.bar], self.sessions[self.bistro]
        self.assertEqual(self.entry(bistro)["unresolved"], 1)
        self.check_numbers()
        self.assertFalse(bistro.close_session_from_ui()["successful"])
        self.rpc(self.row(lost), "sci_override", True, "Receipt", user=self.cashier)
        counted = self.entry(bar)["session"]
        # 12.50, a tip of 1.00 and 2 % of both, and 9.40 on the second card
        self.assertEqual(counted["purchase"], [2, 2190])
        self.assertEqual((counted["tip"], counted["surcharge"]), ([1, 100], [1, 27]))
        self.assertEqual(counted["total"], [5, 2190 + 127 - 500 + 2000 + 3000])
        self.ask(bar, "enquiry")
        self.check_numbers()
        self.sell("late", amount=100)
        self.assertEqual(self.entry(bar)["later"], 1)
        self.check_numbers()
        settlement = self.ask(bar, "settlement")
        self.check_numbers()
        self.assertEqual(len(settlement.transaction_ids.filtered("paid_amount")), 8)
        for session in (bar, bistro):
            entry = self.entry(session)
            self.assertEqual((entry["difference"], entry["unresolved"]), (0, 0))
            self.close(session)
        self.check_back_office(settlement)

    def check_numbers(self):
        """Each number of the closing popups leads to the payments that make it up, and
        to nothing of the other company."""
        bakery = self.env["pos.sci.transaction"].search(
            [("company_id", "=", self.bakery_company.id)]
        )
        for session in self.sessions.values():
            entry = self.entry(session)
            for scope in ("session", "expected"):
                for name, (number, minor) in entry[scope].items():
                    rows = self.behind(session, scope, name)
                    with self.subTest(session=session.name, scope=scope, name=name):
                        self.assertEqual(len(rows), number)
                        sign = -1 if name == "refund" else 1
                        self.assertEqual(
                            sum(row["amount"] for row in rows), sign * minor
                        )
                        self.assertFalse({row["id"] for row in rows} & set(bakery.ids))
            for name in ("unresolved", "later"):
                self.assertEqual(
                    len(self.behind(session, "session", name)), entry[name]
                )

    def check_back_office(self, settlement):
        """The numbers of the day's line and of the dashboard, likewise."""
        Line = self.env["pos.sci.reconciliation"].with_user(self.manager)
        line = Line.search([])
        self.assertEqual(line.settlement_id, settlement)
        self.assertEqual((line.state, line.difference), ("agrees", 0))
        rows = self.env["pos.sci.transaction"].with_user(self.manager)
        found = rows.search(line.action_transactions()["domain"])
        paid = found.filtered("paid_amount")
        self.assertEqual(len(paid), line.number)
        self.assertAlmostEqual(sum(paid.mapped("paid_amount")), line.expected)
        taken = self.terminal.with_user(self.manager)
        self.assertAlmostEqual(taken.today_amount, line.expected)
        self.assertEqual(taken.today_count, line.number)

    # -- two companies -------------------------------------------------------------

    def test_what_one_company_sees_is_its_own(self):
        view = self.start()
        for user in (self.bakery_cashier, self.owner):
            shown = self.rpc(self.oven, "pos_terminals", self.bakery.id, user=user)
            self.assertEqual([it["id"] for it in shown["terminals"]], self.oven.ids)
        session = self.bakery_session
        for user in (self.baker, self.owner):
            (entry,) = self.rpc(session, "sci_day", user=user)
            self.assertEqual(entry["terminal_id"], self.oven.id)
            args = (self.terminal.id, "session", "unresolved")
            self.assertFalse(self.rpc(session, "sci_day_rows", *args, user=user))
            self.assertFalse(self.rpc(session, "sci_payments", user=user))
        for model in (
            "pos.sci.terminal",
            "pos.sci.transaction",
            "pos.sci.settlement",
            "pos.sci.review",
            "pos.sci.reconciliation",
        ):
            found = self.env[model].with_user(self.baker).search([])
            self.assertLessEqual(found.company_id, self.bakery_company, model)
        Transaction = self.env["pos.sci.transaction"]
        resumed = self.rpc(
            Transaction, "sci_resume", self.bakery.id, user=self.bakery_cashier
        )
        self.assertFalse(resumed)
        self.assertEqual(self.poll(view)["status"], "PENDING")

    def test_no_door_leads_to_the_other_company_s_terminal(self):
        view = self.start()
        session, row = self.sessions[self.bar], self.row(view)
        settlements = self.env["pos.sci.settlement"]
        screen = self.env["pos.sci.set.up"]
        Transaction = self.env["pos.sci.transaction"]
        before = len(self.sandbox.get("exchanges"))
        theirs = (
            (self.terminal, "pairing_view"),
            (self.terminal, "check_pairing"),
            (self.terminal, "action_test"),
            (self.terminal, "action_pair", "123456"),
            (self.terminal, "action_cancel_pairing"),
            (self.terminal, "action_unpair"),
            (self.terminal, "action_forget"),
            (self.terminal, "action_settle"),
            (self.terminal, "action_settlement_enquiry"),
            (self.terminal, "action_take_over"),
            (self.terminal, "pos_terminals", self.bar.id),
            (self.terminal, "write", {"name": "Mine"}),
            (screen, "name_terminal", "Mine", self.terminal.id),
            (screen, "paired", self.terminal.id),
            (screen, "tick", self.terminal.id, self.bar.id, False),
            (session, "sci_day"),
            (session, "sci_payments"),
            (session, "sci_unresolved"),
            (session, "sci_settle", self.terminal.id, "settlement"),
            (session, "sci_close_anyway", [row.id]),
            (self.bar, "sci_use_terminal", self.terminal.id),
            (self.bar, "sci_pairing", self.terminal.id, "pairing_view"),
            (row, "sci_poll", 0),
            (row, "sci_cancel"),
            (row, "sci_override", True, "Mine"),
            (row, "read", ["amounts"]),
            (Transaction, "sci_resume", self.bar.id),
            (Transaction, "sci_start", self.values("theirs")),
        )
        for record, method, *args in theirs:
            with self.subTest(method=method), self.assertRaises(UserError):
                self.rpc(record, method, *args, user=self.baker)
        crossed_terminal = self.bread("crossed", terminal_id=self.terminal.id)
        crossed_method = self.bread("crossed", payment_method_id=self.method.id)
        crossed = (
            (screen, "tick", self.terminal.id, self.bakery.id, True),
            (self.bakery_session, "sci_settle", self.terminal.id, "settlement"),
            (self.bakery, "sci_use_terminal", self.terminal.id),
            (self.bakery, "sci_pairing", self.terminal.id, "pairing_view"),
            (self.bakery, "write", {"sci_terminal_id": self.terminal.id}),
            (self.bakery_method, "write", {"sci_terminal_ids": self.terminal.ids}),
            (self.oven, "write", {"payment_method_ids": self.method.ids}),
            (Transaction, "sci_start", crossed_terminal),
            (Transaction, "sci_start", crossed_method),
        )
        for user in (self.baker, self.owner):
            for record, method, *args in crossed:
                with (
                    self.subTest(user=user.name, method=method, args=args),
                    self.assertRaises(UserError),
                ):
                    self.rpc(record, method, *args, user=user)
        self.assertEqual(len(self.sandbox.get("exchanges")), before)
        self.assertFalse(settlements.search([]))
        said = self.rpc(self.oven.browse(), "action_test_all", user=self.baker)
        self.assertEqual(said["params"]["message"], "Active: Bakery.")

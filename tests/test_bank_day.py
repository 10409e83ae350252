from ..ledger import day, terminals
from .common_day import DayCommon


class TestBankDay(DayCommon):
    """When the bank's day of a terminal began, and what is said where nobody knows:
    the same at every register, in the terminal's form and in the reconciliation."""

    def setUp(self):
        super().setUp()
        self.bistro = self.open_session(self._register("Bistro"))

    def hours_later(self, hours):
        """All that Odoo knows of is that much older; the bank's own clock stands."""
        self.env.flush_all()
        for table, columns in {
            "pos_session": ("start_at", "stop_at"),
            "pos_sci_transaction": ("sent_at", "create_date"),
            "pos_sci_settlement": ("sent_at", "finalised_at", "day_begins_at"),
        }.items():
            moved = (f"{it} = {it} - make_interval(hours => {hours})" for it in columns)
            self.env.cr.execute(f"UPDATE {table} SET {', '.join(moved)}")
        self.env.invalidate_all()

    def opened(self, session):
        """It opens only now."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_session SET start_at = clock_timestamp() AT TIME ZONE 'UTC'"
            " WHERE id = %s",
            [session.id],
        )
        self.env.invalidate_all()

    def closed(self, session):
        """Without the books, which are of no concern here."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_session SET state = 'closed',"
            " stop_at = clock_timestamp() AT TIME ZONE 'UTC' WHERE id = %s",
            [session.id],
        )
        self.env.invalidate_all()

    def sell(self, session, payment, amount):
        view = self.start(payment, amount=amount, config_id=session.config_id.id)
        self.present()
        self.follow(view)
        row = self.row(view)
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET session_id = %s WHERE id = %s",
            [session.id, row.id],
        )
        self.env.invalidate_all()
        return row

    def bar_then_bistro(self):
        """The bar sells from the morning, the bistro on the same terminal since
        noon."""
        rows = self.sell(self.session, "morning", 10000)
        self.hours_later(4)
        self.opened(self.bistro)
        return rows | self.sell(self.bistro, "noon", 5000)

    def lunch_then_dinner(self):
        """Two sessions, the first of which is closed when the second opens."""
        self.sell(self.session, "lunch", 10000)
        self.closed(self.session)
        self.hours_later(4)
        self.opened(self.bistro)
        self.sell(self.bistro, "dinner", 5000)

    def ask(self, session, kind="enquiry"):
        number = self.rpc(session, "sci_settle", self.terminal.id, kind)
        return self.env["pos.sci.settlement"].browse(number)

    def bank_begins_a_day(self):
        """By itself, at a moment that nobody tells Odoo."""
        answer = terminals.api_of(self.terminal).create_settlement("settlement")
        self.sandbox.get("wait", transaction=answer.id, status="FINALISED")

    def entry(self, session):
        (entry,) = self.rpc(session, "sci_day", user=self.cashier)
        return entry

    def said(self, session):
        """What the closing popup says of the bank's last answer."""
        entry = self.entry(session)
        if entry["is_unsure"]:
            self.assertIs(entry["difference"], False, "it states none")
            return "unsure"
        return ("agrees", "differs")[bool(entry["difference"])]

    def lines(self):
        self.env.flush_all()
        self.env.invalidate_all()
        Line = self.env["pos.sci.reconciliation"].with_user(self.manager)
        return Line.search([("company_id", "=", self.company.id)])

    def check(self, state, expected, *sessions):
        """Popups and reconciliation say the same about the same payments.

        :param expected: minor units
        """
        for session in sessions:
            self.assertEqual(self.said(session), state, session.config_id.name)
            total = self.entry(session)["expected"]["total"][1]
            self.assertEqual(total, expected, session.config_id.name)
        line = max(self.lines(), key=lambda it: it.answer_id.id or 0)
        self.assertEqual(line.state, state)
        self.assertAlmostEqual(line.expected, expected / 100)
        found = self.env["pos.sci.transaction"].search(line._rows_domain())
        self.assertAlmostEqual(sum(found.mapped("paid_amount")), expected / 100)

    # -- nobody settles from here --------------------------------------------------

    def test_each_register_of_a_terminal_has_the_same_day(self):
        self.bar_then_bistro()
        for session in (self.bistro, self.session):
            entry = self.entry(session)
            self.assertEqual(entry["expected"]["total"], [2, 15000])
            self.assertEqual(entry["since"], str(self.session.start_at)[:19])
        for asking in (self.bistro, self.session):
            self.ask(asking)
            self.check("agrees", 15000, self.bistro, self.session)
        self.settle("action_settlement_enquiry")
        self.check("agrees", 15000, self.bistro, self.session)

    def test_a_settlement_closes_the_day_of_all_registers(self):
        rows = self.bar_then_bistro()
        settlement = self.ask(self.bistro, "settlement")
        self.assertEqual(settlement.transaction_ids, rows)
        self.check("agrees", 15000, self.bistro, self.session)
        self.assertEqual(len(self.lines()), 1)

    def test_a_settlement_from_the_terminal_s_form(self):
        rows = self.bar_then_bistro()
        self.assertEqual(self.settle().transaction_ids, rows)
        self.check("agrees", 15000, self.bistro, self.session)

    def test_where_nobody_settles_the_bank_s_total_tells_the_session(self):
        self.lunch_then_dinner()
        self.assertEqual(self.entry(self.bistro)["expected"]["total"], [1, 5000])
        self.ask(self.bistro)
        self.check("agrees", 15000, self.bistro)
        self.assertEqual(
            self.entry(self.bistro)["since"], str(self.session.start_at)[:19]
        )
        self.hours_later(1)
        self.settle("action_settlement_enquiry")
        self.check("agrees", 15000, self.bistro)

    def test_the_bank_began_its_day_between_two_sessions(self):
        self.sell(self.session, "lunch", 10000)
        self.closed(self.session)
        self.bank_begins_a_day()
        self.hours_later(4)
        self.opened(self.bistro)
        self.sell(self.bistro, "dinner", 5000)
        self.ask(self.bistro)
        self.check("agrees", 5000, self.bistro)

    def test_the_bank_began_its_day_at_any_time(self):
        self.sell(self.session, "before", 10000)
        self.bank_begins_a_day()
        self.sell(self.session, "after", 5000)
        self.ask(self.session)
        self.check("unsure", 15000, self.session, self.bistro)
        self.company.sci_day_mail = True
        self.hours_later(24)
        differing = self.env["pos.sci.reconciliation"]._differing(
            self.company, self.manager
        )
        self.assertFalse(differing, "nothing is certain to differ")
        self.ask(self.session, "settlement")
        line = self.lines().filtered("settlement_id")
        self.assertEqual((line.state, line.bank_total), ("unsure", 50))

    def test_without_any_session_it_is_a_day(self):
        row = self.sell(self.session, "lunch", 10000)
        self.env.cr.execute("UPDATE pos_sci_transaction SET session_id = NULL")
        self.hours_later(23)
        begun = day.beginning(self.terminal)
        self.assertEqual(day.between(self.terminal, begun.at), row)
        self.hours_later(2)
        begun = day.beginning(self.terminal)
        self.assertFalse(day.between(self.terminal, begun.at))

    # -- a settlement began it -----------------------------------------------------

    def test_a_settlement_long_ago_begins_the_day_of_what_came_since(self):
        self.sell(self.session, "old", 10000)
        settlement = self.settle()
        self.hours_later(24 * 20)
        self.sell(self.session, "new", 5000)
        begun = day.beginning(self.terminal)
        self.assertEqual(begun, (settlement.sent_at, True))
        self.ask(self.session)
        self.assertEqual(self.said(self.session), "agrees")
        self.assertEqual(self.entry(self.session)["expected"]["total"], [1, 5000])
        self.assertTrue(self.entry(self.session)["is_since_settled"])

    def test_payments_of_days_ago_make_it_doubtful(self):
        settlement = self.settle()
        self.sell(self.session, "new", 5000)
        for hours, begins in {35: True, 2: False}.items():
            self.hours_later(hours)
            begun = day.beginning(self.terminal)
            self.assertEqual(begun, (settlement.sent_at, begins))
        self.hours_later(48)
        begun = day.beginning(self.terminal)
        self.assertFalse(begun.is_known)
        self.assertGreater(begun.at, settlement.sent_at)

    def test_a_settlement_without_an_answer_may_have_begun_it(self):
        self.settle()
        self.sell(self.session, "before", 10000)
        lost = self.settle()
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET settlement_id = NULL;"
            "UPDATE pos_sci_settlement SET status = 'unknown',"
            " financial_status = NULL WHERE id = %s",
            [lost.id],
        )
        self.env.invalidate_all()
        self.assertFalse(day.beginning(self.terminal).is_known)
        self.sell(self.session, "after", 5000)
        self.ask(self.session)
        self.check("agrees", 5000, self.session)
        begun = self.ask(self.session).day_begins_at
        self.assertEqual(begun, lost.sent_at)

    def test_what_differs_since_a_settlement_differs_everywhere(self):
        self.settle()
        self.hours_later(2)
        self.sell(self.session, "sold", 10000)
        self.bank_begins_a_day()
        self.ask(self.session)
        self.assertEqual(self.entry(self.session)["difference"], -10000)
        lines = self.lines().filtered("asked_id")
        self.assertEqual((lines.state, lines.difference), ("differs", -100))
        self.hours_later(24)
        differing = self.env["pos.sci.reconciliation"]._differing(
            self.company, self.manager
        )
        self.assertEqual(differing, lines)

    def test_a_day_that_was_asked_about_by_name_proves_no_difference(self):
        self.settle()
        self.sell(self.session, "sold", 10000)
        self.hours_later(24)
        line = self.lines().filtered(lambda it: not it.settlement_id)
        self.rpc(line, "action_ask")
        line = self.lines().filtered(lambda it: not it.settlement_id)
        self.assertEqual((line.state, line.bank_total), ("unsure", 0))
        self.assertEqual(line.bank_day, line.day)
        self.assertEqual(line.answer_id.enquiry_date, line.day)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..ledger import alerts
from .common_day import DayCommon


class TestReconciliation(DayCommon):
    """Ledger and bank by terminal and day."""

    def lines(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Line = self.env["pos.sci.reconciliation"].with_user(user or self.manager)
        return Line.search([("company_id", "=", self.company.id)])

    def test_a_day_that_nobody_has_asked_the_bank_about(self):
        self.approved()
        self.approved("payment-2", amount=700)
        line = self.lines()
        self.assertEqual(line.state, "not_asked")
        self.assertEqual((line.number, line.purchases, line.expected), (2, 19.5, 19.5))
        self.assertEqual(line.day, fields.Date.context_today(line))
        self.assertFalse(line.bank_day)
        action = line.action_transactions()
        found = self.env["pos.sci.transaction"].search(action["domain"])
        self.assertEqual(len(found), 2)

    def test_an_enquiry_and_a_settlement(self):
        self.approved()
        self.settle("action_settlement_enquiry")
        self.assertEqual(
            (self.lines().state, self.lines().bank_total), ("agrees", 12.5)
        )
        self.approved("payment-2", amount=700)
        self.assertEqual(
            [(line.state, line.expected) for line in self.lines().sorted("expected")],
            [("not_asked", 7), ("agrees", 12.5)],
            "it knew of one payment only",
        )
        settlement = self.settle()
        line = self.lines()
        self.assertEqual((line.state, line.bank_total), ("agrees", 19.5))
        self.assertEqual(line.settlement_id, settlement)
        self.assertEqual(line.bank_day, fields.Date.context_today(line))
        found = self.env["pos.sci.transaction"].search(line._rows_domain())
        self.assertEqual(found, settlement.transaction_ids)
        self.approved("payment-3")
        self.assertEqual(self.lines().mapped("state"), ["not_asked", "agrees"])

    def test_the_bank_is_asked_about_a_day_that_is_over(self):
        self.approved()
        self.rpc(self.lines(), "action_ask")
        self.assertEqual(self.lines().state, "agrees")
        self.a_day_later()
        line = self.lines()
        self.rpc(line, "action_ask")
        asked = self.sandbox.requests_to("/v1/settlements")[-1]["request_body"]
        self.assertEqual(asked["enquiry_date"]["day"], line.day.day)
        line = self.lines()
        self.assertEqual((line.state, line.bank_day), ("unsure", line.day))

    def test_what_the_ledger_does_not_know(self):
        self.settle()
        self.unknown_but_charged()
        self.settle()
        line = self.lines()[0]
        self.assertEqual((line.state, line.difference), ("differs", 12.5))
        self.assertEqual(line.unresolved, 1)

    def test_a_settlement_without_payments(self):
        self.settle()
        line = self.lines()
        self.assertEqual((line.state, line.number, line.bank_total), ("agrees", 0, 0))

    def test_a_receipt_that_cannot_be_read(self):
        self.sandbox.control("settings", settlement_receipt="words")
        self.approved()
        self.settle()
        line = self.lines()
        self.assertEqual(line.state, "unreadable")
        self.assertFalse(line.difference)
        self.assertIn("PURCHASES", line.receipt)

    def test_the_line_of_the_bank_statement(self):
        self.approved()
        self.settle()
        self.assertIn("12.50", self.lines().statement)
        self.assertIn("No line", self.lines().statement)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.method.journal_id.id,
                "date": fields.Date.today() + timedelta(days=1),
                "payment_ref": "EFTPOS CREDIT",
                "amount": 12.5,
            }
        )
        self.assertNotIn("EFTPOS CREDIT", self.lines().statement)
        self.manager.group_ids += self.env.ref("account.group_account_readonly")
        self.assertIn("EFTPOS CREDIT", self.lines().statement)

    def test_each_line_of_a_statement_is_named_once(self):
        today = fields.Date.today()
        for number in (1, 2):
            self.approved(f"payment-{number}")
            self.settle()
            self.a_day_later()
        first, second = self.lines().sorted("bank_day")
        self.assertLess(first.bank_day, second.bank_day)

        def credited(date, reference):
            self.env["account.bank.statement.line"].create(
                {
                    "journal_id": self.method.journal_id.id,
                    "date": date,
                    "payment_ref": reference,
                    "amount": 12.5,
                }
            )

        self.manager.group_ids += self.env.ref("account.group_account_readonly")
        credited(today, "FIRST")
        for shown in (first | second, second | first, second, first):
            self.env.invalidate_all()
            said = {line: line.statement for line in shown}
            if first in said:
                self.assertIn("FIRST", said[first])
            if second in said:
                self.assertIn("No line", said[second])
        credited(today + timedelta(days=1), "SECOND")
        self.env.invalidate_all()
        self.assertIn("FIRST", first.statement)
        self.assertIn("SECOND", second.statement)

    def test_managers_of_the_company_only(self):
        self.approved()
        with self.assertRaises(AccessError):
            self.lines(self.cashier)
        other = self.env["res.company"].create({"name": "Another shop"})
        group = "point_of_sale.group_pos_manager"
        self.assertFalse(self.lines(self._user("stranger", group, other)))

    # -- the mail ------------------------------------------------------------------

    def mails(self):
        known = self.env["mail.mail"].search([])
        self.env["pos.sci.reconciliation"]._cron_mail()
        return self.env["mail.mail"].search([]) - known

    def a_day_later(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_session SET start_at = start_at - interval '1 day';"
            "UPDATE pos_sci_settlement SET finalised_at = finalised_at"
            " - interval '1 day', sent_at = sent_at - interval '1 day'"
        )
        self.env.invalidate_all()

    def test_a_mail_each_morning_where_something_differs(self):
        alerts.keepers(self.company).email = "manager@shop.example"
        self.settle()
        view = self.unknown_but_charged()
        self.settle()
        self.a_day_later()
        self.assertFalse(self.mails(), "off by default")
        self.company.sci_day_mail = True
        mail = self.mails()
        self.assertIn("manager@shop.example", mail.email_to)
        self.assertIn("Front Bar", mail.body_html)
        self.assertIn("12.50", mail.body_html)
        self.rpc(self.row(view), "sci_override", True, "Receipt", user=self.cashier)
        self.assertFalse(self.mails(), "nothing differs any more")

    def test_each_reads_the_mail_in_their_own_language(self):
        keepers = self.manager | self.cashier
        for user in keepers:
            user.email = f"{user.login}@shop.example"
        self.let_speak(self.manager, "fr_FR")
        self.company.write({"sci_keeper_ids": keepers.ids, "sci_day_mail": True})
        template = self.env.ref("pos_mx51_sci.mail_template_day")
        template.with_context(lang="fr_FR").subject = "En français"
        self.settle()
        self.unknown_but_charged()
        self.settle()
        self.a_day_later()
        subjects = {mail.email_to: mail.subject for mail in self.mails()}
        french = subjects.pop(self.manager.email_formatted)
        self.assertEqual(french, "En français")
        (english,) = subjects.values()
        self.assertIn("something differs", english)

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..ledger import alerts, reconciliation
from ..server.arguments import single

ACCOUNTANTS = "account.group_account_readonly,account.group_account_basic"
#: Days within which a bank credits what a terminal has settled.
CREDITED_WITHIN = timedelta(days=5)
#: Days before, among which a line of a statement may belong to an older day.
MATCHED_FROM = timedelta(days=30)
#: States in which the bank's total is read.
READ = ("agrees", "differs", "unsure")


class PosSciReconciliation(models.Model):
    """A terminal's day: counted from the ledger, beside the bank's total
    (``ledger/reconciliation.py``). Days are those of the user's time zone."""

    _name = "pos.sci.reconciliation"
    _description = "EFTPOS reconciliation"
    _auto = False
    _order = "day desc, terminal_id, id desc"
    _rec_name = "terminal_id"

    day = fields.Date("Day of the session", readonly=True)
    bank_day = fields.Date("Day of the bank", readonly=True)
    open_day = fields.Date(readonly=True)
    terminal_id = fields.Many2one("pos.sci.terminal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    settlement_id = fields.Many2one("pos.sci.settlement", readonly=True)
    asked_id = fields.Many2one(
        "pos.sci.settlement",
        readonly=True,
        help="The last enquiry about these payments, which no settlement has closed.",
    )
    answer_id = fields.Many2one(
        "pos.sci.settlement",
        "Settlement or enquiry",
        readonly=True,
        help="Where the bank's total is from.",
    )
    receipt = fields.Text(related="answer_id.receipt")
    number = fields.Integer("Payments", readonly=True)
    purchases = fields.Monetary(readonly=True)
    moto = fields.Monetary("Mail or phone orders", readonly=True)
    refunds = fields.Monetary(readonly=True)
    cashout = fields.Monetary("Cash-out", readonly=True)
    tips = fields.Monetary(readonly=True)
    surcharge = fields.Monetary(readonly=True)
    expected = fields.Monetary(
        readonly=True, help="What cards have paid, counted from the ledger."
    )
    bank_total = fields.Monetary(
        "Bank", readonly=True, help="Empty where its receipt cannot be read."
    )
    difference = fields.Monetary(readonly=True)
    unresolved = fields.Integer("Without a result", readonly=True)
    state = fields.Selection(
        [
            ("agrees", "Agrees"),
            ("differs", "Differs"),
            ("unsure", "Bank's day not known"),
            ("unreadable", "Compare the receipt"),
            ("not_asked", "Bank not asked"),
        ],
        readonly=True,
    )
    statement = fields.Char(
        "Bank statement",
        compute="_compute_statement",
        compute_sudo=True,
        help="The line of the bank's statement with this total.",
    )

    @property
    def _table_query(self):
        reconciliation.flush(self.env)
        return reconciliation.query(self.env.tz.zone)

    @api.depends("bank_total", "expected", "bank_day")
    def _compute_statement(self):
        found = self._statement_lines()
        for line in self:
            amount = line.currency_id.format(line._credited())
            if credit := found.get(line.id):
                # The reference is the accountants'.
                reference = self.env.user.has_groups(ACCOUNTANTS) and credit.payment_ref
                said = [format_date(self.env, credit.date), reference, amount]
                line.statement = " · ".join(filter(None, said))
            else:
                line.statement = self.env._("No line of %s yet", amount)

    def _credited(self):
        return self.bank_total if self.state in READ else self.expected

    def _statement_lines(self):
        """Each line of a statement belongs to one day: the oldest that it fits goes
        first, among all the days whose money goes to the same journals.

        :return: ``{id: the first line of the journals of its methods with its amount}``
        """
        journals = self.terminal_id.payment_method_ids.journal_id
        days = [line._first_credit() for line in self]
        if not journals or not days:
            return {}
        first, last = min(days) - MATCHED_FROM, max(days)
        terminals = self.env["pos.sci.terminal"].with_context(active_test=False)
        sharing = terminals.search(
            [("payment_method_ids.journal_id", "in", journals.ids)]
        )
        of_journals = Domain("terminal_id", "in", sharing.ids)
        near = Domain("day", ">=", first) & Domain("day", "<=", last)
        lines = self.search(of_journals & near) | self
        on_statement = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "in", sharing.payment_method_ids.journal_id.ids),
                ("date", ">=", first),
                ("date", "<=", last + CREDITED_WITHIN),
                ("amount", "in", [line._credited() for line in lines]),
            ],
            order="date, id",
        )
        found = {}
        for line in lines.sorted(lambda it: (it._first_credit(), it.id)):
            if credit := on_statement.filtered(line._fits)[:1]:
                found[line.id] = credit
                on_statement -= credit
        return found

    def _first_credit(self):
        """The first day on which the bank may credit this."""
        return self.bank_day or self.day

    def _fits(self, credit):
        """Whether a line of a statement may be this one's money."""
        amount, first = self._credited(), self._first_credit()
        return (
            credit.journal_id in self.terminal_id.payment_method_ids.journal_id
            and first <= credit.date <= first + CREDITED_WITHIN
            and not self.currency_id.is_zero(amount)
            and self.currency_id.compare_amounts(credit.amount, amount) == 0
        )

    def action_transactions(self):
        """The payments of this line."""
        single(self).check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_mx51_sci.action_pos_sci_transaction"
        )
        return {**action, "domain": list(self._rows_domain()), "context": {}}

    def action_ask(self):
        """Ask the bank for the totals of this day, which no settlement has closed."""
        single(self).check_access("read")
        is_over = self.open_day < fields.Date.context_today(self)
        asked = self.open_day if is_over else None
        self.env["pos.sci.settlement"]._start(self.terminal_id, "enquiry", asked)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _rows_domain(self):
        if self.settlement_id:
            return Domain("settlement_id", "=", self.settlement_id.id)
        return Domain("id", "in", reconciliation.row_ids(self.env, self))

    # -- the mail of the morning -----------------------------------------------------

    @api.model
    def _cron_mail(self):
        """Tell who looks after EFTPOS of yesterday, where something differs."""
        template = self.env.ref("pos_mx51_sci.mail_template_day")
        for company in self.env["res.company"].search([("sci_day_mail", "=", True)]):
            for user in alerts.keepers(company):
                if user.email and self._differing(company, user):
                    template.with_context(sci_reader_id=user.id).send_mail(
                        company.id, email_values={"email_to": user.email_formatted}
                    )

    @api.model
    def _differing(self, company, user):
        """Yesterday's lines that a person has to look at, in this person's days."""
        zoned = self.with_context(tz=user.tz or "UTC").with_company(company)
        yesterday = fields.Date.context_today(zoned) - timedelta(days=1)
        return zoned.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("day", "=", yesterday),
                ("bank_day", "=", yesterday),
                "|",
                ("state", "=", "differs"),
                ("unresolved", ">", 0),
            ]
        )

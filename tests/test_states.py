from itertools import product

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..ledger import states

STATUSES = (
    *("draft", "sending", "PENDING", "AWAITING_POS"),
    *("FINALISED", "unknown", "not_sent"),
)
OUTCOMES = (None, "APPROVED", "DECLINED", "CANCELLED", "UNKNOWN")
#: Every combination of what the states look at, also those that no row has.
COMBINATIONS = [
    {
        "status": status,
        "financial_status": outcome,
        "override_outcome": override,
        "given_up": given_up,
    }
    for status, outcome, override, given_up in product(
        STATUSES, OUTCOMES, (None, "yes", "no"), (None, False, True)
    )
]


@tagged("post_install", "-at_install")
class TestStates(TransactionCase):
    """A state says the same in each of its three languages."""

    def by_sql(self, state, values):
        columns = SQL(", ").join(
            SQL("%s AS %s", self.typed(name, value), SQL.identifier(name))
            for name, value in values.items()
        )
        query = SQL(
            "SELECT coalesce((%s), FALSE) FROM (SELECT %s) row",
            SQL(state.sql),
            columns,
        )
        self.env.cr.execute(query)
        return self.env.cr.fetchone()[0]

    @staticmethod
    def typed(name, value):
        return SQL("%s::boolean" if name == "given_up" else "%s::varchar", value)

    def test_predicate_domain_and_sql_agree(self):
        Transaction = self.env["pos.sci.transaction"]
        for values in COMBINATIONS:
            row = Transaction.new(values)
            for name, state in states.ALL.items():
                with self.subTest(state=name, **values):
                    holds = bool(state.holds(row))
                    self.assertEqual(bool(row.filtered_domain(state.domain)), holds)
                    self.assertEqual(self.by_sql(state, values), holds)

    def test_the_states_are_those_of_the_model(self):
        selection = self.env["pos.sci.transaction"]._fields["status"].selection
        self.assertEqual({value for value, _label in selection}, set(STATUSES))
        self.assertGreaterEqual(len(states.ALL), 7)

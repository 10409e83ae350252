"""The states of a ledger row, each described once (``docs/ledger.md`` "States").

A state is asked about in three languages: of a record in Python, as a domain of the
ORM, and in SQL, where indexes and compare-and-set need it. The three stand side by
side here; ``tests/test_states.py`` proves for every combination of columns that they
agree.
"""

from collections.abc import Callable
from typing import NamedTuple

from odoo.fields import Domain

#: Nothing more is expected from mx51 in these.
FINAL_STATUSES = ("FINALISED", "not_sent")
#: Financial statuses that say that no money moved.
NOT_CHARGED = ("DECLINED", "CANCELLED")
#: mx51 has the transaction, and it is not over.
AT_TERMINAL_STATUSES = ("PENDING", "AWAITING_POS")
#: A payment in one of these has its terminal to itself.
OCCUPYING_STATUSES = ("draft", "sending", *AT_TERMINAL_STATUSES)


def sql_list(values):
    """``('a', 'b')``, for constants of this module."""
    return "({})".format(", ".join(f"'{value}'" for value in values))


class State(NamedTuple):
    """A condition on a ledger row.

    :param holds: of a record
    :param domain: of ``pos.sci.transaction``
    :param sql: over the columns of its table
    """

    holds: Callable
    domain: Domain
    sql: str


#: Something may still be learnt from mx51, whatever people have stated meanwhile.
NOT_FINAL = State(
    lambda row: row.status not in FINAL_STATUSES,
    Domain("status", "not in", FINAL_STATUSES),
    f"status NOT IN {sql_list(FINAL_STATUSES)}",
)

#: mx51 has the transaction, and it is not over.
AT_TERMINAL = State(
    lambda row: row.status in AT_TERMINAL_STATUSES,
    Domain("status", "in", AT_TERMINAL_STATUSES),
    f"status IN {sql_list(AT_TERMINAL_STATUSES)}",
)

#: The terminal takes no other payment meanwhile.
OCCUPYING = State(
    lambda row: (
        row.status in OCCUPYING_STATUSES
        and not row.override_outcome
        and not row.given_up
    ),
    Domain("status", "in", OCCUPYING_STATUSES)
    & Domain("override_outcome", "=", False)
    & Domain("given_up", "!=", True),
    f"status IN {sql_list(OCCUPYING_STATUSES)}"
    " AND override_outcome IS NULL AND given_up IS NOT TRUE",
)

#: No answer says whether money moved, and nobody has stated it.
UNDECIDED = State(
    lambda row: (
        (row.status == "unknown" or row.financial_status == "UNKNOWN")
        and not row.override_outcome
    ),
    Domain("override_outcome", "=", False)
    & (Domain("status", "=", "unknown") | Domain("financial_status", "=", "UNKNOWN")),
    "(status = 'unknown' OR coalesce(financial_status, '') = 'UNKNOWN')"
    " AND override_outcome IS NULL",
)

#: No final answer within a day, and nobody has stated it: money may have moved.
GIVEN_UP = State(
    lambda row: bool(
        AT_TERMINAL.holds(row) and row.given_up and not row.override_outcome
    ),
    AT_TERMINAL.domain
    & Domain("given_up", "=", True)
    & Domain("override_outcome", "=", False),
    f"{AT_TERMINAL.sql} AND given_up AND override_outcome IS NULL",
)

#: The register has to follow it, and its payment line and order have to stay.
UNRESOLVED = State(
    lambda row: OCCUPYING.holds(row) or UNDECIDED.holds(row),
    Domain("override_outcome", "=", False)
    & (
        (Domain("status", "in", OCCUPYING_STATUSES) & Domain("given_up", "!=", True))
        | Domain("status", "=", "unknown")
        | Domain("financial_status", "=", "UNKNOWN")
    ),
    f"({OCCUPYING.sql} OR {UNDECIDED.sql})",
)

#: The customer's money counts: approved by the bank, or stated by a person.
PAID = State(
    lambda row: row.override_outcome == "yes" or row.financial_status == "APPROVED",
    Domain("override_outcome", "=", "yes")
    | Domain("financial_status", "=", "APPROVED"),
    "(coalesce(override_outcome, '') = 'yes'"
    " OR coalesce(financial_status, '') = 'APPROVED')",
)

#: Paid, and nobody has said or decided otherwise before: at most once per payment.
PAID_UNDISPUTED = State(
    lambda row: (
        row.override_outcome == "yes"
        or (
            row.financial_status == "APPROVED"
            and not row.override_outcome
            and not row.given_up
        )
    ),
    Domain("override_outcome", "=", "yes")
    | (
        Domain("override_outcome", "=", False)
        & Domain("given_up", "!=", True)
        & Domain("financial_status", "=", "APPROVED")
    ),
    "override_outcome = 'yes' OR (override_outcome IS NULL"
    " AND given_up IS NOT TRUE AND financial_status = 'APPROVED')",
)


def binds(row):
    """Whether the row's payment line and order have to stay as they are."""
    return UNRESOLVED.holds(row) or PAID.holds(row)


#: By name, for whoever checks all of them.
ALL = {
    name: value for name, value in list(globals().items()) if isinstance(value, State)
}

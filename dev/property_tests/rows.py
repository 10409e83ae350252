"""What a row is (``docs/ledger.md`` "States"), written a second time and not taken from
the code under test."""

OCCUPYING = ("draft", "sending", "PENDING", "AWAITING_POS")


def occupying(row):
    return (
        row["status"] in OCCUPYING
        and not row["override_outcome"]
        and not row["given_up"]
    )


def unresolved(row):
    undecided = row["status"] == "unknown" or row["financial_status"] == "UNKNOWN"
    return occupying(row) or undecided and not row["override_outcome"]


def given_up(row):
    return (
        row["status"] in ("PENDING", "AWAITING_POS")
        and row["given_up"]
        and not row["override_outcome"]
    )


def paid(row):
    return row["financial_status"] == "APPROVED" or row["override_outcome"] == "yes"

"""The last release's database, updated: nothing that it knew is lost or changed."""

import contextlib

from lib import databases, places
from lib.console import step
from testbed.concurrency import until
from testbed.database import Database
from testbed.shop import EFTPOS, LEDGER, Shop

from .shipped_server import install, serving

DATABASE = "release_last"
#: Whose rows have to be there after the update, as they were.
TABLES = (
    *("pos_sci_terminal", "pos_sci_transaction", "pos_sci_review"),
    *("pos_sci_settlement", "pos_payment_method", "pos_payment", "pos_order"),
)
#: Odoo writes these too when it computes a field that is new.
LOG_ACCESS = {"write_date", "write_uid"}
#: Instead of a value.
GONE = "the column is gone"


def check(last, name, addon, sandbox, folder):
    """What is wrong, as texts."""
    problems = []
    try:
        databases.copy_of_template(DATABASE)
        install(DATABASE, last, ["-i", places.ADDON], f"Installing {name[:12]}")
        with contextlib.closing(Database(DATABASE)) as database:
            with serving(last, "last", DATABASE, sandbox, folder, []) as server:
                shop = Shop(server, database, sandbox, answers=[])
                with step("A day there, with a payment that still waits at its end"):
                    waiting = _spend_a_day(shop)
            before = _rows(database)
            arguments = ["-u", places.ADDON]
            problems += install(DATABASE, addon, arguments, "Updating it")
            problems += differences(before, _rows(database))
            with serving(addon, "up", DATABASE, sandbox, folder, problems) as server:
                with step("Going on after the update"):
                    problems += _go_on(shop, server, waiting)
    finally:
        databases.drop(DATABASE)
    return problems


def _spend_a_day(shop):
    """Payments, a review and a settlement.

    :return: the view of a payment that waits for the card
    """
    shop.new_terminal()
    shop.sold("approve")
    shop.sold("decline")
    view = shop.start(shop.payment())
    shop.sandbox.card("unknown")
    until(
        lambda: shop.poll(view)["financial_status"] == "UNKNOWN",
        "a payment whose outcome the bank does not know",
    )
    # What a person states and nobody can confirm is reviewed.
    arguments = [view["id"]], True, "The terminal's receipt says so"
    shop.manager.call(LEDGER, "sci_override", *arguments)
    shop.manager.call(EFTPOS, "action_settle", [shop.terminal])
    view = shop.start(shop.payment(cents=777))
    shop.sandbox.shows("present_card")
    return view


def _rows(database):
    """{table: {id: row}}"""
    return {
        table: {
            row["id"]: dict(row) for row in database.query(f"SELECT * FROM {table}")
        }
        for table in TABLES
    }


def differences(before, after):
    """What an update has lost or changed, as texts.

    :param before: ``{table: {id: row}}``, as ``after``
    """
    for table, rows in before.items():
        if not rows:
            yield f"{table}: there was no row to keep."
        for key, row in rows.items():
            kept = after[table].get(key)
            if kept is None:
                yield f"{table} {key} is gone."
                continue
            changed = {
                column: (value, kept.get(column, GONE))
                for column, value in row.items()
                if column not in LOG_ACCESS and kept.get(column, GONE) != value
            }
            if changed:
                yield f"{table} {key} has changed: {changed}"


def _go_on(shop, server, waiting):
    """The payment that was waiting ends, and another one is taken."""
    shop.sandbox.card("approve")
    values = shop.payment(at=server)
    results = {"the waiting payment": shop.finish(waiting, at=server)}
    view = shop.start(values, at=server)
    shop.sandbox.card("approve")
    results["a new payment"] = shop.finish(view, at=server)
    for what, view in results.items():
        if view["financial_status"] != "APPROVED":
            yield f"After the update {what} ends with {view}."

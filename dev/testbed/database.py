"""A shop's database, read and changed with SQL from outside of Odoo."""

import contextlib
import threading

import psycopg2
from lib import cluster
from psycopg2.extras import RealDictCursor

from .concurrency import until

#: Columns of a row that are times: moved together, the row is older.
TIMES = ("create_date", "sent_at", "silent_since", "followed_at")


class Database:
    """A connection that commits each statement; several threads may share it."""

    def __init__(self, name):
        self.name = name
        variables = cluster.environment()
        self.place = {k: variables[f"PG{k.upper()}"] for k in ("host", "port", "user")}
        self._connection = psycopg2.connect(
            **self.place, dbname=name, cursor_factory=RealDictCursor
        )
        self._connection.autocommit = True
        self._lock = threading.Lock()

    def close(self):
        self._connection.close()

    def query(self, sql, *values):
        with self._lock, self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def rows(self, payment_uuid):
        """The ledger rows of a payment, first attempt first."""
        return self.query(
            "SELECT * FROM pos_sci_transaction WHERE payment_uuid = %s"
            " ORDER BY attempt",
            payment_uuid,
        )

    def row(self, payment_uuid):
        """The only row of a payment."""
        (row,) = self.rows(payment_uuid)
        return row

    def reviews(self, row_id):
        """The kinds of the review items about a row."""
        found = self.query(
            "SELECT kind FROM pos_sci_review WHERE transaction_id = %s", row_id
        )
        return [item["kind"] for item in found]

    def waits_for(self, payment_uuid, status):
        """Wait until the payment's last row has this status; return the row."""

        def found():
            rows = self.rows(payment_uuid)
            return rows and rows[-1]["status"] == status and rows[-1]

        return until(found, f"a row that is {status}")

    def age(self, row_id, seconds, *columns):
        """Move the times of a row into the past."""
        shifted = ", ".join(
            f"{column} = {column} - make_interval(secs => {seconds})"
            for column in columns or TIMES
        )
        self.query(f"UPDATE pos_sci_transaction SET {shifted} WHERE id = %s", row_id)

    def unfollowed(self, payment_uuid):
        """Have a payment look as if it had not been polled for some seconds, so that
        the next poll marks it as followed.

        :return: when it was polled last
        """
        self.age(self.row(payment_uuid)["id"], 5, "followed_at")
        return self.row(payment_uuid)["followed_at"]

    def notify_cron(self):
        """Have the processes that run scheduled actions check for work now."""
        connection = psycopg2.connect(**self.place, dbname="postgres")
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.name])
            connection.commit()

    def resolve_all(self):
        """Resolve what a test has left open, and drop its orders, so that the next one
        starts without them."""
        self.query("UPDATE pos_order SET state = 'cancel' WHERE state = 'draft'")
        self.query(
            "UPDATE pos_sci_transaction SET override_outcome = 'no',"
            " override_user_id = 1, override_at = now(), override_reason = 'test over'"
            " WHERE override_outcome IS NULL AND (financial_status = 'UNKNOWN'"
            " OR status NOT IN ('FINALISED', 'not_sent'))"
        )

    def copy(self, table, row_id, size, **changes):
        """Copy a record; return the ids.

        :param changes: SQL expressions by column, in which ``number`` is the copy's
        """
        columns = self.query(
            "SELECT column_name AS name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name <> 'id'",
            table,
        )
        names = [column["name"] for column in columns]
        values = [str(changes.get(name, f"one.{name}")) for name in names]
        found = self.query(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM {table} one, generate_series(1, {size}) number"
            f" WHERE one.id = {row_id} RETURNING id"
        )
        return [row["id"] for row in found]

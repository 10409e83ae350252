"""The shop around the ledger: registers, terminals, orders, and time that passes."""

import contextlib
import itertools
import uuid

import psycopg2
from lib import cluster
from psycopg2.extras import RealDictCursor

from odoo import api

ADMINISTRATOR = "base.user_admin"
#: Columns of a row that are times: moved together, the row is older.
TIMES = (
    "create_date",
    "sent_at",
    "silent_since",
    "followed_at",
    "lost_since",
    "cancel_requested_at",
)


class Database:
    """The database as PostgreSQL has it, seen from outside of Odoo."""

    def __init__(self, name):
        variables = cluster.environment()
        place = {k: variables[f"PG{k.upper()}"] for k in ("host", "port", "user")}
        self._connection = psycopg2.connect(
            **place, dbname=name, cursor_factory=RealDictCursor
        )
        self._connection.autocommit = True
        self._name = name

    def query(self, sql, *values):
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def idle(self):
        """Whether no other connection is inside a transaction."""
        return not self.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND state <> 'idle'"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
            self._name,
        )


class World:
    """Two registers with a terminal each, in a database that keeps every row."""

    def __init__(self, registry):
        self.registry = registry
        self.database = Database(registry.db_name)
        self._numbers = itertools.count(1)
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.uid = env.ref(ADMINISTRATOR).id
            self._furnish(env(user=self.uid))
        self.database.query("UPDATE ir_cron SET active = FALSE")

    def _furnish(self, env):
        journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
        self.method = (
            env["pos.payment.method"]
            .create(
                {
                    "name": "Card",
                    "journal_id": journal.id,
                    "payment_method_type": "terminal",
                    "use_payment_terminal": "mx51_sci",
                }
            )
            .id
        )
        self.registers = []
        #: the cash method of each register
        self.cash = {}
        for name in ("Bar", "Bistro"):
            drawer = self._new_drawer(env, name)
            register = env["pos.config"].create(
                {
                    "name": name,
                    "payment_method_ids": [self.method, drawer],
                    "sci_cashout": True,
                }
            )
            self.cash[register.id] = drawer
            register.open_ui()
            register.current_session_id.set_opening_control(0, "")
            self.registers.append(register.id)

    @staticmethod
    def _new_drawer(env, name):
        values = {"name": f"Drawer of {name}", "type": "cash"}
        journal = env["account.journal"].create(values)
        values = {"name": f"Cash of {name}", "journal_id": journal.id}
        return env["pos.payment.method"].create(values).id

    def new_terminals(self):
        """A fresh terminal for each register, paired; answer their ids."""
        return [self._new_terminal(register) for register in self.registers]

    def _new_terminal(self, register):
        (terminal,) = self.database.query(
            "INSERT INTO pos_sci_terminal (name, company_id, currency_id, state,"
            " active, pairing_id, key_id, api_base_url, signing_secret_part_b,"
            " paired_at, override_after, override_after_cancel)"
            " SELECT 'Terminal', company_id, (SELECT currency_id FROM res_company c"
            " WHERE c.id = company_id), 'paired', TRUE, 'pid', 'kid', %s, 'part-b',"
            " now() - interval '1 day', 60, 20 FROM pos_config WHERE id = %s"
            " RETURNING id",
            f"https://t{next(self._numbers)}-{uuid.uuid4().hex[:8]}.example",
            register,
        )
        self.database.query(
            "UPDATE pos_config SET sci_terminal_id = %s WHERE id = %s",
            terminal["id"],
            register,
        )
        return terminal["id"]

    def new_order(self, register, *cents, takes_back=None, cashout=0):
        """A draft order, saved as a register does, with card payments that have not
        been asked for yet: positive ones pay for one product, negative ones pay it
        back.

        :param cents: of each payment; the order's total is the largest
        :param cashout: how much of the first payment is cash that is handed out
        :param takes_back: uuid of the order whose line is returned
        :return: the uuids of order and payments
        """
        order, *payments = (str(uuid.uuid4()) for _uuid in (None, *cents))
        total = (max(cents, key=abs) - cashout) / 100
        with self.environment() as env:
            sale = env["pos.order"].search([("uuid", "=", takes_back or "")])
            config = env["pos.config"].browse(register)
            line = {
                "uuid": str(uuid.uuid4()),
                "product_id": env.ref("point_of_sale.product_product_tip").id,
                "qty": 1 if total > 0 else -1,
                "price_unit": abs(total),
                "price_subtotal": total,
                "price_subtotal_incl": total,
                "tax_ids": [],
                "refunded_orderline_id": sale.lines[:1].id,
            }
            saved = {
                "uuid": order,
                "access_token": order,
                "session_id": config.current_session_id.id,
                "state": "draft",
                "date_order": "2026-01-01 00:00:00",
                "fiscal_position_id": False,
                "amount_tax": 0,
                "amount_total": total,
                "amount_paid": 0,
                "amount_return": 0,
                "lines": [(0, 0, line)],
                "payment_ids": [
                    (
                        0,
                        0,
                        {
                            "uuid": payment,
                            "amount": amount / 100,
                            "payment_method_id": self.method,
                            "payment_status": "pending",
                            "name": "2026-01-01 00:00:00",
                        },
                    )
                    for payment, amount in zip(payments, cents, strict=True)
                ],
            }
            env["pos.order"].sync_from_ui([saved])
        return order, *payments

    @contextlib.contextmanager
    def environment(self):
        """The environment of one request."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, self.uid, {})

    def age(self, row_id, seconds, *columns):
        """Let time pass for a row."""
        shifted = ", ".join(
            f"{name} = {name} - make_interval(secs => {seconds})"
            for name in columns or TIMES
        )
        self.database.query(
            f"UPDATE pos_sci_transaction SET {shifted} WHERE id = %s", row_id
        )

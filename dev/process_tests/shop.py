"""The shop under test: its database, the people who call, its terminals."""

import contextlib
import itertools
import json
import threading
import uuid
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg2
import requests
from bus import Tab
from lib import cluster
from processes import PATIENCE, until
from psycopg2.extras import RealDictCursor

#: Columns of a row that are times: moved together, the row is older.
TIMES = ("create_date", "sent_at", "silent_since", "followed_at")
EFTPOS = "pos.sci.terminal"
LEDGER = "pos.sci.transaction"


class Database:
    """The database as PostgreSQL has it, seen from outside of Odoo."""

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
        """The ledger's rows of a payment, first attempt first."""
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
        """Wait until the payment's last row has this status; answer the row."""

        def found():
            rows = self.rows(payment_uuid)
            return rows and rows[-1]["status"] == status and rows[-1]

        return until(found, f"a row that is {status}")

    def age(self, row_id, seconds, *columns):
        """Let time pass for a row."""
        shifted = ", ".join(
            f"{column} = {column} - make_interval(secs => {seconds})"
            for column in columns or TIMES
        )
        self.query(f"UPDATE pos_sci_transaction SET {shifted} WHERE id = %s", row_id)

    def wake_up_cron(self):
        """Tell the processes that run scheduled actions to look for work."""
        connection = psycopg2.connect(**self.place, dbname="postgres")
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.name])
            connection.commit()

    def settle(self):
        """Resolve what a test has left open, so that the next one does not meet it."""
        self.query(
            "UPDATE pos_sci_transaction SET override_outcome = 'no',"
            " override_user_id = 1, override_at = now(), override_reason = 'test over'"
            " WHERE override_outcome IS NULL AND status <> 'not_sent'"
            " AND financial_status IS DISTINCT FROM 'APPROVED'"
        )


class Client:
    """A browser's session; works at every server, and from several threads.

    :param answers: a list that gets the text of every answer
    """

    def __init__(self, server, login, answers):
        self._answers = answers
        self._server = server
        self._number = itertools.count(1)
        answer = self._post(
            f"{server.url}/web/session/authenticate",
            {"db": server.database, "login": login, "password": login},
            {},
        )
        assert "error" not in answer.json(), answer.text
        self.cookies = {"session_id": answer.cookies["session_id"]}

    def _post(self, url, params, cookies):
        answer = requests.post(
            url,
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "id": next(self._number),
                "params": params,
            },
            cookies=cookies,
            timeout=2 * PATIENCE,
        )
        self._answers.append(answer.text)
        return answer

    def json(self, path, params, at=None, evented=False):
        """Call a route.

        :param at: the server; the one that the session began at by default
        :raises Refused: Odoo answered with an error
        """
        server = at or self._server
        url = server.evented_url if evented else server.url
        answer = self._post(url + path, params, self.cookies).json()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def call(self, model, method, *args, at=None, **kwargs):
        """Call a method of a model."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.json(f"/web/dataset/call_kw/{model}/{method}", params, at=at)


class Refused(Exception):
    """Odoo answered with an error; ``name`` is its exception."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        super().__init__(data.get("message") or json.dumps(error))


def together(*calls):
    """Make all these calls at the same instant; answer what each one gave."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def meanwhile(call, *args, **kwargs):
    """Make this call beside the test; answer its future."""
    future = Future()

    def run():
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


class Shop:
    """Two registers with one terminal, and those who work there."""

    def __init__(self, server, database, sandbox, answers):
        self.server, self.database, self.sandbox = server, database, sandbox
        self.answers = answers
        self.admin = Client(server, "admin", answers)
        self._hire("cashier", "point_of_sale.group_pos_user")
        self._hire("manager", "point_of_sale.group_pos_manager")
        self.furnish()
        self.cashier = Client(server, "cashier", answers)
        self.manager = Client(server, "manager", answers)
        self.terminal = None

    # -- furnishing -------------------------------------------------------------------

    def furnish(self):
        """Two registers that take cards."""
        self.method = self._make_method()
        self.front_bar = self.open_register("Front Bar")
        self.bistro = self.open_register("Bistro")

    def _hire(self, login, *groups):
        """A user with these groups only; the password is the login."""
        ids = [self._ref("base.group_user"), *map(self._ref, groups)]
        values = {"name": login, "login": login, "password": login}
        values["group_ids"] = [(6, 0, ids)]
        self.admin.call("res.users", "create", values)

    def _ref(self, name):
        module, name = name.split(".")
        ((found),) = self.database.query(
            "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s",
            module,
            name,
        )
        return found["res_id"]

    def _make_method(self):
        (journal,) = self.admin.call(
            "account.journal", "search", [("type", "=", "bank")], limit=1
        )
        return self.admin.call(
            "pos.payment.method",
            "create",
            {
                "name": "Card",
                "journal_id": journal,
                "use_payment_terminal": "mx51_sci",
                "payment_method_type": "terminal",
            },
        )

    def open_register(self, name, *methods):
        """A register that takes cards, and these payment methods."""
        methods = [self.method, *methods]
        values = {"name": name, "payment_method_ids": [(6, 0, methods)]}
        register = self.admin.call("pos.config", "create", values)
        self.admin.call("pos.config", "open_ui", [register])
        (session,) = self.admin.call(
            "pos.session", "search", [("config_id", "=", register)]
        )
        self.admin.call("pos.session", "set_opening_control", [session], 0, "")
        return register

    def new_terminal(self):
        """A sandbox that has charged nothing, and a terminal paired with it that both
        registers use."""
        self.sandbox.reset()
        self.terminal = self.manager.call(
            EFTPOS,
            "create",
            {"name": "Counter", "payment_method_ids": [(6, 0, [self.method])]},
        )
        self.pair(self.terminal)
        self.manager.call(
            "pos.config",
            "write",
            [self.front_bar, self.bistro],
            {"sci_terminal_id": self.terminal},
        )

    def pair(self, terminal, device="front-bar"):
        code = self.sandbox.touch("start_pairing", device)["pairing_code"]
        self.manager.call(EFTPOS, "action_pair", [terminal], code)
        self.sandbox.touch("confirm", device)
        view = self.manager.call(EFTPOS, "action_test", [terminal])
        assert view["state"] == "paired", view

    def tab(self, server):
        """Another tab of the register Front Bar, connected to this server."""
        (register,) = self.database.query(
            "SELECT access_token FROM pos_config WHERE id = %s", self.front_bar
        )
        (bus,) = self.database.query("SELECT coalesce(max(id), 0) AS id FROM bus_bus")
        return Tab(server, self.cashier, register["access_token"], bus["id"])

    def sweep(self):
        """Have the scheduled action run for real, and wait until it has."""
        query = self.database.query
        query(
            "UPDATE ir_cron SET active = TRUE, lastcall = NULL,"
            " nextcall = now() AT TIME ZONE 'UTC' - interval '1 minute'"
            " WHERE id = %s",
            self._ref("pos_mx51_sci.ir_cron_sweep"),
        )
        self.database.wake_up_cron()
        until(
            lambda: query(
                "SELECT 1 FROM ir_cron WHERE active AND lastcall IS NOT NULL"
            ),
            "the scheduled action",
        )
        query("UPDATE ir_cron SET active = FALSE")

    # -- paying -----------------------------------------------------------------------

    def payment(self, register=None, cents=1250, **more):
        """What a register sends to start a payment."""
        return {
            "payment_uuid": str(uuid.uuid4()),
            "attempt": 1,
            "order_uuid": str(uuid.uuid4()),
            "config_id": register or self.front_bar,
            "payment_method_id": self.method,
            "terminal_id": False,
            "kind": "purchase",
            "amounts": {"purchase_amount": cents},
            **more,
        }

    def start(self, values, at=None):
        return self.cashier.call(LEDGER, "sci_start", values, at=at)

    def start_waiting(self, values, at=None):
        """Start over the route that holds no database connection."""
        return self.cashier.json("/mx51_sci/start", {"values": values}, at=at)

    def poll(self, view, at=None, **route):
        """The next version, over the held poll."""
        params = {"id": view["id"], "version": view["version"]}
        return self.cashier.json("/mx51_sci/poll", params, at=at, **route)

    def sold(self, outcome="approve", **payment):
        """A whole payment: what was asked for, and how it ended."""
        values = self.payment(**payment)
        view = self.start(values)
        self.sandbox.card(outcome)
        return values, self.finish(view)

    def finish(self, view, at=None):
        """Poll as a browser does until nothing is open any more."""

        def settled():
            nonlocal view
            view = self.poll(view, at=at)
            return not view["unresolved"] and view

        return until(settled, "the end of the payment")

    def cancel(self, view, at=None):
        return self.cashier.call(LEDGER, "sci_cancel", [view["id"]], at=at)

    def resume(self, register=None, at=None):
        return self.cashier.call(
            LEDGER, "sci_resume", register or self.front_bar, at=at
        )

    # -- what must hold ---------------------------------------------------------------

    def assert_never_sent_again(self, values, at=None):
        """Whatever browsers still do about an unknown payment, mx51 gets no further
        request for money, and no other card payment of its order begins."""
        creates = len(self.sandbox.creates())
        row = self.database.row(values["payment_uuid"])

        for attempt in (1, 2):
            view = self.start({**values, "attempt": attempt}, at=at)
            assert (view["id"], view["status"]) == (row["id"], "unknown")
        assert row["id"] in {view["id"] for view in self.resume(at=at)}
        assert self.poll(view, at=at)["status"] == "unknown"
        other_line = self.payment(order_uuid=values["order_uuid"])
        refused = self.start(other_line, at=at)
        assert refused["error"]["code"] == "order_unresolved"

        assert len(self.sandbox.creates()) == creates
        assert self.database.row(values["payment_uuid"])["status"] == "unknown"

"""A shop: two registers, one terminal, and the people who work there."""

import functools
import uuid
from contextlib import closing

import psycopg2

from sci.client import SciApi

from .bus_listener import BusListener
from .concurrency import meanwhile, until
from .rpc_client import RpcClient
from .sandbox import PART_A

EFTPOS = "pos.sci.terminal"
LEDGER = "pos.sci.transaction"


class Shop:
    """Two registers with one terminal, and those who work there.

    :param answers: gets the text of every answer that Odoo gave
    """

    def __init__(self, server, database, sandbox, answers):
        self.server, self.database, self.sandbox = server, database, sandbox
        self.answers = answers
        self.admin = RpcClient(server, "admin", answers)
        self._hire("cashier", "point_of_sale.group_pos_user")
        self._hire("manager", "point_of_sale.group_pos_manager")
        self.set_up()
        self.cashier = RpcClient(server, "cashier", answers)
        self.manager = RpcClient(server, "manager", answers)
        self.terminal = None

    # -- setting up -------------------------------------------------------------------

    def set_up(self):
        """Two registers that take cards."""
        self.method = self.make_method()
        self.front_bar = self.open_register("Front Bar")
        self.bistro = self.open_register("Bistro")

    def _hire(self, login, *groups):
        """A user with these groups only; the password is the login."""
        ids = [self.ref("base.group_user"), *map(self.ref, groups)]
        values = {"name": login, "login": login, "password": login}
        values["group_ids"] = [(6, 0, ids)]
        self.admin.call("res.users", "create", values)

    def ref(self, name):
        """The id of a record that has this external id."""
        module, name = name.split(".")
        ((found),) = self.database.query(
            "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s",
            module,
            name,
        )
        return found["res_id"]

    def make_method(self):
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
        """A register, its session open, with the card method and these."""
        methods = [self.method, *methods]
        values = {
            "name": name,
            "payment_method_ids": [(6, 0, methods)],
            # A dialog that closes by itself may be gone before a test has read it.
            "sci_close_after": 0,
        }
        register = self.admin.call("pos.config", "create", values)
        self.admin.call("pos.config", "open_ui", [register])
        (session,) = self.admin.call(
            "pos.session", "search", [("config_id", "=", register)]
        )
        self.admin.call("pos.session", "set_opening_control", [session], 0, "")
        return register

    def new_terminal(self):
        """Reset the sandbox, and pair a new terminal with it for both registers."""
        self.sandbox.reset()
        # Or the pairing would go on in the record of an earlier one.
        self.database.query("UPDATE pos_sci_terminal SET tid = NULL")
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

    def sci_api(self):
        """The addon's client of mx51, for the pairing of the terminal."""
        (pairing,) = self.database.query(
            "SELECT api_base_url, key_id, signing_secret_part_b FROM pos_sci_terminal"
            " WHERE id = %s",
            self.terminal,
        )
        secret = PART_A + pairing["signing_secret_part_b"]
        return SciApi(pairing["api_base_url"], pairing["key_id"], secret)

    def proxy_lines(self):
        """What the back office shows to whoever configures nginx."""
        settings = self.admin.call("res.config.settings", "create", {})
        (shown,) = self.admin.call(
            "res.config.settings", "read", [settings], ["sci_proxy_lines"]
        )
        return shown["sci_proxy_lines"]

    def bus_listener(self, server):
        """Another tab of the register Front Bar, connected to this server's bus."""
        (register,) = self.database.query(
            "SELECT access_token FROM pos_config WHERE id = %s", self.front_bar
        )
        (bus,) = self.database.query("SELECT coalesce(max(id), 0) AS id FROM bus_bus")
        return BusListener(server, self.cashier, register["access_token"], bus["id"])

    def sweep(self):
        """Have Odoo run the scheduled action, and wait until it has."""
        query = self.database.query
        query(
            "UPDATE ir_cron SET active = TRUE, lastcall = NULL,"
            " nextcall = now() AT TIME ZONE 'UTC' - interval '1 minute'"
            " WHERE id = %s",
            self.ref("pos_mx51_sci.ir_cron_sweep"),
        )
        self.database.notify_cron()
        until(
            lambda: query(
                "SELECT 1 FROM ir_cron WHERE active AND lastcall IS NOT NULL"
            ),
            "the scheduled action",
        )
        query("UPDATE ir_cron SET active = FALSE")

    # -- paying -----------------------------------------------------------------------

    def payment(self, register=None, cents=1250, at=None, whole=False, **more):
        """The values with which a register starts a payment. Its order and its payment
        line are on the server, as they have to be before it leaves.

        :param at: the server that saves them
        :param whole: whether it pays the whole order; else there is more to be paid
        """
        values = {
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
        self.save_order(values, at=at, whole=whole)
        return values

    def save_order(self, values, at=None, whole=False):
        """Save the order of a payment, of goods that cost as much or three times as
        much, or add the payment line to the order that is there."""
        amounts = dict(values["amounts"])
        amounts.pop("surcharge_amount", 0)
        sign = -1 if values["kind"] == "refund" else 1
        line = sign * sum(amounts.values()) / 100
        goods = line - sign * amounts.get("cashout_amount", 0) / 100
        total = goods if whole or sign < 0 else 3 * goods
        known = self.database.query(
            "SELECT amount_total FROM pos_order WHERE uuid = %s", values["order_uuid"]
        )
        self.cashier.call(
            "pos.order",
            "sync_from_ui",
            [
                {
                    "uuid": values["order_uuid"],
                    "access_token": values["order_uuid"],
                    "state": "draft",
                    "session_id": self._session_of(values["config_id"]),
                    "amount_paid": 0,
                    "amount_return": 0,
                    "amount_tax": 0,
                    "amount_total": float(known[0]["amount_total"]) if known else total,
                    "fiscal_position_id": False,
                    "lines": []
                    if known or not goods
                    else [self._line(total, values.get("original_payment_uuid"))],
                    "payment_ids": [self._payment_line(values, line)],
                }
            ],
            at=at,
        )

    def _line(self, total, original=None):
        """An order line; of a refund, of the sale with this payment."""
        sale = self.database.query(
            "SELECT line.id FROM pos_payment JOIN pos_order_line line"
            " ON line.order_id = pos_payment.pos_order_id WHERE pos_payment.uuid = %s",
            original,
        )
        values = {
            "uuid": str(uuid.uuid4()),
            "product_id": self._product(),
            "qty": -1 if total < 0 else 1,
            "price_unit": abs(total),
            "price_subtotal": total,
            "price_subtotal_incl": total,
            "tax_ids": [],
            "refunded_orderline_id": sale[0]["id"] if sale else False,
        }
        return (0, 0, values)

    @staticmethod
    def _payment_line(values, amount):
        line = {
            "uuid": values["payment_uuid"],
            "amount": amount,
            "payment_method_id": values["payment_method_id"],
            "payment_status": "pending",
            "name": "2026-01-01 00:00:00",
        }
        return (0, 0, line)

    @functools.cache  # noqa: B019 (there is one shop)
    def _product(self):
        values = {"name": "Goods", "type": "service", "taxes_id": [(5,)]}
        return self.admin.call("product.product", "create", values)

    def _session_of(self, register):
        (session,) = self.database.query(
            "SELECT id FROM pos_session WHERE config_id = %s AND state <> 'closed'"
            " ORDER BY id DESC LIMIT 1",
            register,
        )
        return session["id"]

    def start(self, values, at=None):
        return self.cashier.call(LEDGER, "sci_start", values, at=at)

    def start_at_once(self, wanted, servers, held_up_by, parameters=()):
        """Start payments, each at a server of its own, while a lock holds up all of
        them: each has read what there is before another goes on.

        :param wanted: the values of each
        :param held_up_by: the statement that takes the lock
        :return: their views
        """
        place = {**self.database.place, "dbname": self.database.name}
        with closing(psycopg2.connect(**place)) as lock:
            lock.cursor().execute(held_up_by, parameters)
            started = [
                meanwhile(self.start, values, at=server)
                for values, server in zip(wanted, servers, strict=True)
            ]
            until(
                lambda: self.database.query(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database() HAVING count(*) >= %s",
                    len(wanted),
                ),
                "all of them to wait",
            )
            lock.rollback()
        return [future.result() for future in started]

    def start_waiting(self, values, at=None):
        """Start over the route that may wait."""
        return self.cashier.json("/mx51_sci/start", {"values": values}, at=at)

    def poll(self, view, at=None, **route):
        """The next version, over the route that may wait."""
        params = {"id": view["id"], "version": view["version"]}
        return self.cashier.json("/mx51_sci/poll", params, at=at, **route)

    def sold(self, outcome="approve", **payment):
        """A whole payment; return its values and its last view."""
        values = self.payment(**payment)
        view = self.start(values)
        self.sandbox.card(outcome)
        return values, self.finish(view)

    def finish(self, view, at=None):
        """Poll as a browser does until the row is resolved."""

        def resolved():
            nonlocal view
            view = self.poll(view, at=at)
            return not view["unresolved"] and view

        return until(resolved, "the end of the payment")

    def cancel(self, view, at=None):
        return self.cashier.call(LEDGER, "sci_cancel", [view["id"]], at=at)

    def resume(self, register=None, at=None):
        return self.cashier.call(
            LEDGER, "sci_resume", register or self.front_bar, at=at
        )

    # -- what must hold ---------------------------------------------------------------

    def assert_never_sent_again(self, values, at=None):
        """Whatever browsers still do about an unknown payment, mx51 gets no second
        create for it, and no other card payment of its order starts."""
        creates = len(self.sandbox.creates())
        row = self.database.row(values["payment_uuid"])

        for attempt in (1, 2):
            view = self.start({**values, "attempt": attempt}, at=at)
            assert (view["id"], view["status"]) == (row["id"], "unknown")
        assert row["id"] in {view["id"] for view in self.resume(at=at)}
        assert self.poll(view, at=at)["status"] == "unknown"
        other_line = self.payment(order_uuid=values["order_uuid"], at=at)
        refused = self.start(other_line, at=at)
        assert refused["error"]["code"] == "order_unresolved"

        assert len(self.sandbox.creates()) == creates
        assert self.database.row(values["payment_uuid"])["status"] == "unknown"

"""The stage: one Odoo on a fresh copy of the demo shop, mx51, and Chromium."""

import contextlib
import json

from lib import databases, demo_shop, places
from lib.console import Stop, locked, step
from testbed import browser
from testbed.database import Database
from testbed.odoo_server import OdooServer
from testbed.rpc_client import RpcClient

from . import screens
from .exchanges import ExchangeLog

#: Made once, and copied for each run.
TEMPLATE, NAME = "stage_template", "stage"
REGISTER = "Front Bar"
TERMINALS = {"front-bar": "Front Bar", "bistro": "Bistro"}
#: The size of a register's screen.
REGISTER_SIZE = {"width": 1366, "height": 768}
API_KEY = "MX51_SCI_PAIRING_API_KEY"

ONLY_OUR_JOBS = """
    UPDATE ir_cron SET active = FALSE WHERE id NOT IN (
        SELECT res_id FROM ir_model_data
        WHERE model = 'ir.cron' AND module = 'pos_mx51_sci'
    )
"""


class Server(OdooServer):
    """Odoo with a log of its exchanges with mx51, and with the Pairing API key in a
    file, so that another one can take its place while Odoo runs."""

    loaded = "exchange_log"
    log_options = ()

    def environment(self):
        values = super().environment()
        self._api_key = values[API_KEY]
        self._key_file = self.folder / "pairing-api-key"
        self.set_api_key()
        return {**values, API_KEY: "", f"{API_KEY}_FILE": str(self._key_file)}

    def set_api_key(self, key=None):
        """This one; without one the right one."""
        self._key_file.write_text(key or self._api_key)


class Stage:
    """Everything that a sentence may act on.

    :ivar page: the page that somebody looked at last
    :ivar terminals: the people at the two terminals, by ``front-bar`` and ``bistro``
    :ivar findings: what is wrong with screens, as accessibility.py has found it
    :ivar look: called with the page where a sentence says "Look"
    """

    def __init__(self, server, database, chromium, terminals, size=None):
        self.server, self.database, self.terminals = server, database, terminals
        self.exchanges = ExchangeLog(server.exchange_log)
        self.answers, self.findings, self.errors = Answers(), {}, []
        self.look = lambda page: None
        self._chromium, self._size = chromium, size or REGISTER_SIZE
        self._profiles, self.page, self._register = {}, None, None
        self._cashier = "manager"
        self.admin = RpcClient(server, "admin", [])
        self._open_registers()

    def _open_registers(self):
        """With all kinds of card payments, and sessions that are open."""
        call = self.admin.call
        self.registers = {
            found["name"]: found["id"]
            for found in call("pos.config", "search_read", [], ["name"])
        }
        values = {
            **{"sci_cashout": True, "sci_moto": True, "sci_close_after": 0},
            **{"iface_tipproduct": True, "tip_product_id": self._tip_product()},
        }
        call("pos.config", "write", list(self.registers.values()), values)
        for register in self.registers.values():
            call("pos.config", "open_ui", [register])
            (session,) = call(
                "pos.session", "search", [("config_id", "=", register)], limit=1
            )
            call("pos.session", "set_opening_control", [session], 0, "")
        (method,) = call("pos.payment.method", "search", [("name", "=", "Card")])
        self.eftpos = {
            key: call("pos.sci.terminal", "search", [("name", "=", name)])[0]
            for key, name in TERMINALS.items()
        }
        call(
            "pos.sci.terminal",
            "write",
            list(self.eftpos.values()),
            {"payment_method_ids": [(4, method)]},
        )

    def _tip_product(self):
        (found,) = self.database.query(
            "SELECT res_id FROM ir_model_data WHERE module = 'point_of_sale'"
            " AND name = 'product_product_tip'"
        )
        return found["res_id"]

    # -- pages ------------------------------------------------------------------------

    def profile(self, login="manager"):
        if login not in self._profiles:
            profile = browser.logged_in(
                self._chromium,
                self.server.url,
                self.database.name,
                login,
                viewport=self._size,
                timezone_id="Australia/Sydney",
                locale="en-AU",
            )
            profile.add_init_script(screens.COUNT_PAPER)
            self.answers.listen_to(profile)
            self._profiles[login] = profile
        return self._profiles[login]

    def back_office(self, path, login="manager"):
        """Open a page of the back office."""
        self._close_page_of_back_office()
        self.page = self.profile(login).new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(path, wait_until="commit")
        return self.page

    def _close_page_of_back_office(self):
        if self.page and not self._is_register(self.page):
            self.page.close()

    def _is_register(self, page):
        return self._register and page is self._register.page

    def register(self):
        """The register, at a new order unless it is the page that is looked at."""
        if not self._register or self._register.page.is_closed():
            config = self.registers[REGISTER]
            self._register = screens.Register(self.profile(self._cashier), config)
            self._register.errors = self.errors
            self._register.open()
        if not self._is_register(self.page):
            self._close_page_of_back_office()
            self.page = self._register.page
            self._register.new_order()
        return self._register

    def show_again(self):
        """The register at a new order, whatever it showed."""
        self._close_page_of_back_office()
        self.page = None
        return self.register()

    def hand_over(self, login):
        """Somebody else works at the register from now on."""
        if login != self._cashier:
            self.forget_register()
            self._cashier = login

    def forget_register(self):
        """After something went wrong: the next one to need it opens it again."""
        if self._register and not self._register.page.is_closed():
            self._register.page.close(run_before_unload=False)
        self._register = self.page = None

    # -- pairings ---------------------------------------------------------------------

    def pairing(self, key="front-bar"):
        """What the database has of the pairing of this terminal."""
        (found,) = self.database.query(
            "SELECT * FROM pos_sci_terminal WHERE id = %s", self.eftpos[key]
        )
        return found

    def pair(self, key="front-bar"):
        """Pair the terminal unless it is, without the screens."""
        person, call = self.terminals[key], self.admin.call
        if self.pairing(key)["state"] != "paired":
            code = person.start_pairing()
            nickname = TERMINALS[key]
            ids = [self.eftpos[key]]
            view = call("pos.sci.terminal", "action_pair", ids, code, nickname)
            if view["state"] == "confirming":
                person.confirm()
                view = call("pos.sci.terminal", "action_test", ids)
            if view["state"] != "paired":
                raise Stop(f"{nickname} could not be paired: {json.dumps(view)}")
        self.believe_losses()

    def believe_losses(self):
        """Pairings are old enough for a loss to be believed (docs/protocol.md 2.5)."""
        self.database.query(
            "UPDATE pos_sci_terminal SET paired_at = paired_at - interval '2 min'"
        )

    def forget_disconnection(self):
        """No terminal is taken for not connected: a register would offer others."""
        self.database.query("UPDATE pos_sci_terminal SET not_connected_since = NULL")

    def unpair(self, key="front-bar"):
        """Unpair the terminal if it is paired, without the screens."""
        if self.pairing(key)["state"] == "confirming":
            self.admin.call(
                "pos.sci.terminal", "action_cancel_pairing", [self.eftpos[key]]
            )
        elif self.pairing(key)["state"] == "paired":
            self.admin.call("pos.sci.terminal", "action_unpair", [self.eftpos[key]])

    def set_terminal(self, **values):
        """Settings of the first terminal's form."""
        ids = [self.eftpos["front-bar"]]
        self.admin.call("pos.sci.terminal", "write", ids, values)

    def set_register(self, **values):
        """Settings of the register."""
        self.admin.call("pos.config", "write", [self.registers[REGISTER]], values)

    def last_row(self):
        """The newest row of the ledger."""
        (found,) = self.database.query(
            "SELECT * FROM pos_sci_transaction ORDER BY id DESC LIMIT 1"
        )
        return found

    def last_order(self):
        """The number of the order that a card has paid last."""
        (found,) = self.database.query(
            "SELECT tracking_number FROM pos_order WHERE uuid = %s",
            self.last_row()["order_uuid"],
        )
        return found["tracking_number"]


class Answers:
    """The texts that browsers got from Odoo, to look for secrets in."""

    def __init__(self):
        self._texts = []

    def listen_to(self, profile):
        profile.on("response", self._keep)

    def _keep(self, response):
        if response.request.resource_type in ("xhr", "fetch", "document"):
            # Gone with its page, or a redirect.
            with contextlib.suppress(browser.Error):
                self._texts.append(response.text())

    def containing(self, text):
        return sum(text in one for one in self._texts)


@contextlib.contextmanager
def raised(folder, mx51, terminals, size=None):
    """A stage, until the end of the block.

    :param mx51: who says in which environment the addon finds mx51
    :param size: of the browser's windows
    """
    with locked(places.OWN / "stage.lock"):
        demo_shop.get(database=TEMPLATE)
        databases.copy(TEMPLATE, NAME)
        database = Database(NAME)
        database.query(ONLY_OUR_JOBS)
        log = folder / "exchanges.jsonl"
        variables = {"EXCHANGE_LOG": str(log)}
        server = Server("odoo", NAME, mx51, folder, cron=True, variables=variables)
        server.exchange_log = log
        try:
            with step("Starting Odoo"):
                server.start()
            with browser.launched() as chromium:
                yield Stage(server, database, chromium, terminals, size)
        finally:
            server.kill()
            database.close()
            databases.drop(NAME)

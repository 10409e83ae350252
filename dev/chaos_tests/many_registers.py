"""A shop with many registers, each with a terminal."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from testbed.rpc_client import Refused
from testbed.shop import EFTPOS, Shop


class ManyRegisters(Shop):
    """:param count: how many"""

    def __init__(self, count, *args):
        self.count = count
        super().__init__(*args)

    def set_up(self):
        self.method = self.make_method()
        drawers = self._make_drawers()
        self.customer = self.admin.call("res.partner", "create", {"name": "Customer"})
        self.tip = self.ref("point_of_sale.product_product_tip")
        self.product = self.admin.call(
            "product.product",
            "create",
            {"name": "Thing", "type": "service", "taxes_id": [(5,)]},
        )
        self.registers = self.admin.call(
            "pos.config",
            "create",
            [
                {
                    "name": f"Register {number}",
                    "payment_method_ids": [(6, 0, [self.method, drawer])],
                    "module_pos_restaurant": True,
                    "sci_cashout": True,
                    "sci_terminal_surcharge": True,
                }
                for number, drawer in enumerate(drawers)
            ],
        )
        #: the cash method of each register
        self.cash = dict(zip(self.registers, drawers, strict=True))
        self._furnish()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._open, self.registers))
        sessions = self.admin.call(
            "pos.session",
            "search_read",
            [("config_id", "in", self.registers)],
            ["config_id"],
        )
        self.sessions = {it["config_id"][0]: it["id"] for it in sessions}
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._count_cash, self.sessions.values()))

    def _make_drawers(self):
        """A cash method for each register: Odoo wants a journal for each drawer."""
        names = [f"Drawer {number}" for number in range(self.count)]
        journals = self.admin.call(
            "account.journal",
            "create",
            [
                {"name": name, "type": "cash", "code": f"D{number}"}
                for number, name in enumerate(names)
            ],
        )
        return self.admin.call(
            "pos.payment.method",
            "create",
            [
                {"name": name, "journal_id": journal}
                for name, journal in zip(names, journals, strict=True)
            ],
        )

    def _furnish(self):
        """Tables that all registers serve."""
        floor = self.admin.call(
            "restaurant.floor",
            "create",
            {"name": "Terrace", "pos_config_ids": [(6, 0, self.registers)]},
        )
        tables = [{"table_number": n, "floor_id": floor} for n in range(1, 8)]
        self.tables = self.admin.call("restaurant.table", "create", tables)

    def _open(self, register):
        self.admin.call("pos.config", "open_ui", [register])

    def _count_cash(self, session):
        self.admin.call("pos.session", "set_opening_control", [session], 0, "")

    def pair_terminals(self, settings):
        """Give each register a terminal with these settings."""
        self.devices = [it["id"] for it in self.sandbox.get("state")["terminals"]]
        values = {"payment_method_ids": [(6, 0, [self.method])], **settings}
        self.terminals = self.manager.call(
            EFTPOS, "create", [{"name": name, **values} for name in self.devices]
        )
        self._pairing = {terminal: threading.Lock() for terminal in self.terminals}
        for register, terminal, device in zip(
            self.registers, self.terminals, self.devices, strict=True
        ):
            self.pair(terminal, device)
            self.manager.call(
                "pos.config", "write", [register], {"sci_terminal_id": terminal}
            )

    def pair_again(self, number, at):
        """A manager pairs a terminal that has lost its pairing."""
        terminal, device = self.terminals[number], self.devices[number]
        lock = self._pairing[terminal]
        if not lock.acquire(blocking=False):
            return
        try:
            for verb in ("power", "online"):
                self.sandbox.touch(verb, device, on=True)
            call = self.manager.call
            with contextlib.suppress(Refused):
                call(EFTPOS, "action_unpair", [terminal], at=at)
            code = self.sandbox.touch("start_pairing", device)["pairing_code"]
            call(EFTPOS, "action_pair", [terminal], code, at=at)
            self.sandbox.touch("confirm", device)
            call(EFTPOS, "action_test", [terminal], at=at)
        except (Refused, AssertionError, requests.RequestException, ValueError):
            pass  # the cashier will ask for it again
        finally:
            lock.release()

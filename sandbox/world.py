"""The sandbox's state, its lock and its clock."""

import contextlib
import dataclasses
import logging
import threading
import time
import uuid

from . import settings
from .exchanges import Exchanges
from .faults import Faults
from .records import Pairing, Terminal, Transaction

FACTORY_TERMINALS = (
    ("front-bar", "Front Bar", "10000001"),
    ("bistro", "Bistro", "10000002"),
)


def factory_terminals(count):
    """(id, nickname, TID) of this many terminals."""
    more = range(len(FACTORY_TERMINALS) + 1, count + 1)
    named = [(f"t{n}", f"Terminal {n}", str(10000000 + n)) for n in more]
    return [*FACTORY_TERMINALS, *named][:count]


_logger = logging.getLogger("sandbox")


class Refused(Exception):
    """This cannot be done in the present state; the text says why."""


class World:
    """Terminals, pairings, transactions and charges behind one lock.

    Everything that changes them runs inside ``with world.change():``. When that
    block ends, the changes are on disk and everything that waits checks again.

    :param store: a :class:`sandbox.store.Store`
    :param terminals: how many there are
    :param hold: for how many seconds a poll is held, at most
    :param api_key: the Pairing API key that is accepted
    :param signing_secret_part_a: Part A of the signing secret, as text
    """

    def __init__(
        self, store, hold=30.0, api_key="", signing_secret_part_a="", terminals=2
    ):
        self.store = store
        self.factory_terminals = factory_terminals(terminals)
        self.hold = hold
        self.api_key = api_key
        self.signing_secret_part_a = signing_secret_part_a
        self.base_url = None
        self.second_base_url = None
        self.exchanges = Exchanges(self)
        self.faults = Faults()
        #: changes with each start and each reset
        self.run = uuid.uuid4().hex
        self.revision = 0
        self._lock = threading.RLock()
        self.changed = threading.Condition(self._lock)
        self._held = {}
        self._new_charges = []
        self._touched = {}
        self._depth = 0
        self._load()

    def _load(self):
        self.settings = dict(settings.DEFAULTS)
        for saved in self.store.load("settings"):
            self.settings.update(saved)
        self.terminals = {t["id"]: Terminal(**t) for t in self.store.load("terminal")}
        for key, nickname, tid in self.factory_terminals:
            self.terminals.setdefault(key, Terminal(key, nickname, tid))
        self.pairings = {p["id"]: Pairing(**p) for p in self.store.load("pairing")}
        self.transactions = {
            t["id"]: Transaction(**t) for t in self.store.load("transaction")
        }

    # -- changing ------------------------------------------------------------------

    @contextlib.contextmanager
    def change(self):
        """Hold the lock; at the end of the outermost block save, and wake waiters."""
        with self.changed:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self._save()
                    self.revision += 1
                    self.changed.notify_all()
                    for wake, fact in self._held.items():
                        if fact():
                            wake.notify()

    def touch(self, transaction):
        """Remember that a transaction has to be saved with this change."""
        self.transactions[transaction.id] = transaction
        self._touched[transaction.id] = transaction

    def charge(self, transaction, amounts, outcome):
        """Record a movement of money, saved together with the present change."""
        terminal = self.terminals[transaction.terminal]
        self._new_charges.append(
            {
                "transaction_id": transaction.id,
                "terminal": terminal.id,
                "tid": terminal.tid,
                "kind": transaction.kind,
                "amounts": amounts,
                "outcome": outcome,
                "at": time.time(),
            }
        )

    def _save(self):
        records = [("settings", "all", self.settings)]
        for kind, items in (
            ("terminal", self.terminals),
            ("pairing", self.pairings),
            ("transaction", self._touched),
        ):
            records += [(kind, k, dataclasses.asdict(v)) for k, v in items.items()]
        self.store.save(records, self._new_charges)
        self._new_charges = []
        self._touched = {}

    def reset(self):
        """Back to two unpaired terminals that have never charged anything."""
        with self.change():
            self.store.clear()
            self._new_charges = []
            self._touched = {}
            self.exchanges.clear()
            self.faults.clear()
            self.run = uuid.uuid4().hex
            self._load()

    # -- waiting -------------------------------------------------------------------

    def wait_for(self, fact, timeout):
        """Wait until ``fact()`` is true, at most ``timeout`` seconds.

        :returns: what ``fact()`` said last; it runs under the lock
        """
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                found = fact()
                left = deadline - time.monotonic()
                if found or left <= 0:
                    return found
                self.changed.wait(left)

    def hold_until(self, fact, timeout):
        """Like :meth:`wait_for`, for a thousand at once: none is woken in vain.

        Whoever changes the state checks ``fact()``; it is about nothing else.
        """
        wake = threading.Condition(self._lock)
        with wake:
            found = fact()
            if not found:
                self._held[wake] = fact
                try:
                    wake.wait(timeout)
                finally:
                    del self._held[wake]
                found = fact()
            return found

    def start_clock(self, happen):
        """Let things happen by themselves: answers of the bank, timeouts.

        :param happen: called with world and terminal when an event is due
        """
        threading.Thread(target=self._run_clock, args=[happen], daemon=True).start()

    def _run_clock(self, happen):
        while True:
            with self.changed:
                due = [t for t in self.terminals.values() if t.due_at is not None]
                first = min(due, key=lambda t: t.due_at, default=None)
                wait = first.due_at - time.time() if first else None
                if wait is None or wait > 0:
                    self.changed.wait(wait)
                    continue
                try:
                    happen(self, first)
                except Exception:
                    # A bug in one event of one terminal must not stop the clock.
                    _logger.exception("The event %s failed.", first.due)
                    first.due = first.due_at = None

    # -- finding ----------------------------------------------------------------

    def address_of(self, terminal):
        """The base URL that the Pairing API gives for a terminal."""
        if terminal.base_url:
            return terminal.base_url
        if self.second_base_url and terminal.id == FACTORY_TERMINALS[1][0]:
            return self.second_base_url
        return self.base_url

    def active_pairings(self, terminal):
        """Active pairings of a terminal, oldest first."""
        found = [
            p
            for p in self.pairings.values()
            if p.terminal == terminal.id and p.state == "active"
        ]
        return sorted(found, key=lambda p: p.confirmed_at)

    def pairing_by(self, **fields):
        """The first pairing with these values, or None."""
        for pairing in self.pairings.values():
            if all(getattr(pairing, name) == v for name, v in fields.items()):
                return pairing
        return None

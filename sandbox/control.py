"""The control API: acting on the terminals, for the page and for tests."""

import dataclasses
import re

from . import pairings, settings, terminal, transactions
from .records import Terminal
from .server import json_response
from .world import Refused

LONGEST_WAIT = 120
LIVE_HOLD = 20
#: What may be configured on a terminal, with the type of its value.
CONFIGURABLE = {
    "nickname": str,
    "tid": str,
    "tenant": str,
    "base_url": (str, type(None)),
    "tip_prompt": bool,
    "surcharge_rate": int,
    "cashout_enabled": bool,
    "moto_enabled": bool,
}
TENANTS = ("authorised", "forbidden", "live")


class NotFound(Exception):
    """There is no such thing; the text says what is missing."""


class Control:
    """Routes of the control API. Answers are plain JSON, without an envelope."""

    def __init__(self, world):
        self.world = world
        one, tx = r"/control/terminals/(?P<id>[\w-]+)", r"/control/transactions"
        self._routes = [
            ("GET", r"/control/state", self.state),
            ("GET", r"/control/live", self.live),
            ("GET", r"/control/wait", self.wait),
            ("GET", r"/control/exchanges", self.exchanges),
            ("GET", r"/control/charges", self.charges),
            ("GET", r"/control/settings", self.get_settings),
            ("POST", r"/control/settings", self.set_settings),
            ("GET", r"/control/faults", self.get_faults),
            ("POST", r"/control/faults", self.add_fault),
            ("DELETE", r"/control/faults", self.clear_faults),
            ("POST", r"/control/reset", self.reset),
            ("GET", rf"{tx}", self.get_transactions),
            ("GET", rf"{tx}/(?P<id>[\w-]+)", self.get_transaction),
            ("POST", rf"{tx}/play", self.play_all),
            ("POST", rf"{tx}/(?P<id>[\w-]+)/play", self.play),
            ("POST", rf"{tx}/(?P<id>[\w-]+)/certification", self.certification),
            ("GET", one, self.get_terminal),
            ("POST", rf"{one}/(?P<verb>\w+)", self.act),
        ]

    def answer(self, request):
        """The answer to a request, errors included."""
        if request.method == "OPTIONS":
            return json_response({})
        try:
            data = request.json() if request.body else {}
            for method, path, function in self._routes:
                found = re.fullmatch(path, request.path)
                if found and method == request.method:
                    return json_response(function(request, data, **found.groupdict()))
            raise NotFound("There is no such control.")
        except NotFound as error:
            return json_response({"error": str(error)}, 404)
        except Refused as error:
            return json_response({"error": str(error)}, 409)
        except TimeoutError as error:
            return json_response({"error": str(error)}, 408)
        except (ValueError, TypeError, KeyError) as error:
            return json_response({"error": str(error)}, 400)

    # -- looking -------------------------------------------------------------------

    def state(self, request, data):
        """Everything as it is now."""
        world = self.world
        with world.changed:
            return {
                "terminals": [self._terminal(t) for t in world.terminals.values()],
                "transactions": [
                    self._transaction(t) for t in world.transactions.values()
                ],
                "exchanges": world.exchanges.count,
            }

    def live(self, request, data):
        """What the page shows, as soon as that has changed.

        ``run`` and ``revision`` say what it has seen, ``after`` how many exchanges.
        """
        world, query = self.world, request.query
        seen = (query.get("run"), query.get("revision"))
        world.wait_for(lambda: (world.run, str(world.revision)) != seen, LIVE_HOLD)
        with world.changed:
            after = int(query.get("after", 0)) if query.get("run") == world.run else 0
            signs = {"approved": 1, "reversed": -1}
            return {
                "run": world.run,
                "revision": world.revision,
                "terminals": [self._terminal(t) for t in world.terminals.values()],
                "exchanges": world.exchanges.after(after)[-200:],
                "count": world.exchanges.count,
                "faults": world.faults.list(),
                "charged": sum(
                    signs[charge["outcome"]]
                    * (-1 if charge["kind"] == "refund" else 1)
                    * sum(charge["amounts"].values())
                    for charge in world.store.charges()
                ),
            }

    def wait(self, request, data):
        """Until a terminal or a transaction shows what the query says.

        ``terminal=ID&screen=NAME`` or ``transaction=ID&status=NAME``; any other
        field of the two works as well, and ``exchanges=N`` waits for the Nth.

        :raises TimeoutError: it did not happen within ``timeout`` seconds
        """
        wanted = dict(request.query)
        timeout = min(float(wanted.pop("timeout", 10)), LONGEST_WAIT)
        show = self._shown(wanted)
        if not wanted:
            raise ValueError("Wait for what? See README.rst.")

        def true():
            now = show()
            return all(str(now.get(name)) == value for name, value in wanted.items())

        if "exchanges" in wanted:
            count = int(wanted.pop("exchanges"))
            happened = self.world.wait_for(
                lambda: show()["exchanges"] >= count, timeout
            )
        else:
            happened = self.world.wait_for(true, timeout)
        with self.world.changed:
            if not happened:
                raise TimeoutError(f"It did not happen; now: {show()}")
            return show()

    def _shown(self, wanted):
        """A function that answers the object whose field is waited for."""
        world = self.world
        if "terminal" in wanted:
            device = self._find(world.terminals, wanted.pop("terminal"))
            return lambda: self._terminal(device)
        if "transaction" in wanted:
            found = self._find(world.transactions, wanted.pop("transaction"))
            return lambda: self._transaction(found)
        return lambda: {"exchanges": world.exchanges.count}

    def exchanges(self, request, data):
        return self.world.exchanges.after(int(request.query.get("after", 0)))

    def charges(self, request, data):
        with self.world.changed:
            return self.world.store.charges()

    def get_transactions(self, request, data):
        with self.world.changed:
            terminal = request.query.get("terminal")
            return [
                self._transaction(t)
                for t in self.world.transactions.values()
                if terminal in (None, t.terminal)
            ]

    def get_transaction(self, request, data, id):
        with self.world.changed:
            return self._transaction(self._find(self.world.transactions, id))

    def get_terminal(self, request, data, id):
        with self.world.changed:
            return self._terminal(self._find(self.world.terminals, id))

    # -- switches and faults -------------------------------------------------------

    def get_settings(self, request, data):
        return self.world.settings

    def set_settings(self, request, data):
        with self.world.change():
            self.world.settings.update(settings.checked(data))
            return self.world.settings

    def get_faults(self, request, data):
        return self.world.faults.list()

    def add_fault(self, request, data):
        with self.world.change():
            return self.world.faults.order(**data)

    def clear_faults(self, request, data):
        with self.world.change():
            self.world.faults.clear(request.query.get("terminal"))
            return self.world.faults.list()

    def reset(self, request, data):
        self.world.reset()
        return self.state(request, data)

    # -- transactions --------------------------------------------------------------

    def play(self, request, data, id):
        """The next version of a transaction carries exactly these fields."""
        with self.world.change():
            found = self._find(self.world.transactions, id)
            transactions.play(self.world, found, data)
            return self._transaction(found)

    def play_all(self, request, data):
        """The same for all transactions in ``ids``, at one instant."""
        ids = data.pop("ids", [])
        with self.world.change():
            found = [self._find(self.world.transactions, id) for id in ids]
            for transaction in found:
                transactions.play(self.world, transaction, data)
            return [self._transaction(transaction) for transaction in found]

    def certification(self, request, data, id):
        """The next version carries the form with every element type."""
        with self.world.change():
            found = self._find(self.world.transactions, id)
            transactions.publish(
                self.world,
                found,
                message="Certification form",
                status="AWAITING_POS",
                form="certification",
            )
            return self._transaction(found)

    # -- the terminals -------------------------------------------------------------

    def act(self, request, data, id, verb):
        """Do something at a terminal; the ``_do_…`` methods are what can be done."""
        with self.world.change():
            device = self._find(self.world.terminals, id)
            touch = getattr(self, f"_do_{verb}", None)
            if not touch:
                raise NotFound(f"A terminal has no {verb}.")
            if verb not in ("power", "online", "tear_off", "config", "customer"):
                if not device.power:
                    raise Refused("The terminal is off.")
            touch(device, data)
            return self._terminal(device)

    def _do_start_pairing(self, device, data):
        pairings.start(self.world, device)

    def _do_confirm(self, device, data):
        pairings.confirm(self.world, device)

    def _do_reject(self, device, data):
        if device.screen not in ("pairing_code", "confirm_pairing"):
            raise Refused("There is no pairing to reject.")
        pairings.give_up(self.world, device)

    def _do_unpair(self, device, data):
        pairings.unpair_on_terminal(self.world, device, data.get("pairing_id"))

    def _do_power(self, device, data):
        terminal.set_power(self.world, device, _boolean(data, "on"))

    def _do_online(self, device, data):
        terminal.set_online(self.world, device, _boolean(data, "on"))

    def _do_card(self, device, data):
        known = {"outcome", "response_code", "approved_amount"}
        terminal.present_card(
            self.world, device, {k: v for k, v in data.items() if k in known}
        )

    def _do_customer(self, device, data):
        terminal.expect(device, data or None)

    def _do_tip(self, device, data):
        terminal.enter_amount(self.world, device, "tip_amount", data.get("amount"))

    def _do_cashout(self, device, data):
        cents = data.get("amount")
        terminal.enter_amount(self.world, device, "cashout_amount", cents)

    def _do_signature(self, device, data):
        terminal.decide_signature(self.world, device, _boolean(data, "approved"))

    def _do_cancel(self, device, data):
        terminal.cancel_by_key(self.world, device)

    def _do_walk_away(self, device, data):
        terminal.walk_away(self.world, device)

    def _do_print(self, device, data):
        terminal.print_customer_copy(self.world, device)

    def _do_tear_off(self, device, data):
        terminal.tear_off(device)

    def _do_config(self, device, data):
        for name, value in data.items():
            kind = CONFIGURABLE.get(name)
            exact = isinstance(value, kind or ()) and (
                kind is not int or not isinstance(value, bool)
            )
            if not exact or (name == "tenant" and value not in TENANTS):
                raise ValueError(f"{name} cannot be {value!r}.")
        for name, value in data.items():
            setattr(device, name, value)

    # -- how things look -----------------------------------------------------------

    @staticmethod
    def _find(items, key):
        if key not in items:
            raise NotFound(f"There is no {key}.")
        return items[key]

    def _terminal(self, device: Terminal):
        world = self.world
        active = world.active_pairings(device)
        shown = world.pairings.get(device.pairing)
        code = shown.code if device.screen == "pairing_code" else None
        confirming = device.screen == "confirm_pairing"
        found = world.transactions.get(device.transaction)
        return {
            "id": device.id,
            **{name: getattr(device, name) for name in CONFIGURABLE},
            "base_url": world.address_of(device),
            "power": device.power,
            "online": device.online,
            "screen": device.screen,
            "pairing_code": code,
            "confirmation_code": shown.confirmation_code if confirming else None,
            "paired": bool(active),
            "pairing_id": active[-1].id if active else None,
            "pairings": [{"id": p.id, "nickname": p.nickname} for p in active],
            "transaction": self._transaction(found) if found else None,
            "transaction_status": found.status if found else None,
            "accepts_card": device.screen in ("present_card", "moto"),
            "slips": device.slips,
        }

    def _transaction(self, found):
        shown = dataclasses.asdict(found)
        del shown["views"]
        return {**shown, "nickname": self.world.terminals[found.terminal].nickname}


def _boolean(data, name):
    if not isinstance(data.get(name), bool):
        raise ValueError(f"{name} is true or false.")
    return data[name]

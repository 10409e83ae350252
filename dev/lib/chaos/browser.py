"""What a browser's tab does about a card payment, step for step as the front end.

``static/src/app/sci/`` is the original: `Transport` is sci_transport.js, `Payment` is
sci_payment.js. A person's decisions are not made here.
"""

import itertools
import json
import random
import re
import threading
import time

import requests
from urllib3.exceptions import NewConnectionError

LEDGER = "pos.sci.transaction"
ROUTES = ("/websocket/mx51_sci", "/mx51_sci", "orm")
TIME_LIMIT = {
    "start": 45,
    "poll": 35,
    "cancel": 20,
    "submit": 20,
    "override": 35,
    "other": 20,
    "sync": 30,
}
ROUTE_PROBE = 60
AT_THE_DOOR = {"statuses": (500, 503), "times": 4, "shortest": 0.2, "longest": 2}
BACKOFF = {"first": 0.2, "longest": 2}
UNHELD_PAUSE = 1
UNKNOWN_PAUSE = 5
DATABASE_BUSY = re.compile(r"psycopg2\.")


class NoAnswer(Exception):
    """Nobody knows whether the request arrived."""

    def __init__(self, message="", *, timed_out=False, at_the_door=False):
        super().__init__(message)
        self.timed_out, self.at_the_door = timed_out, at_the_door


class Refused(Exception):
    """Odoo itself refused the request."""


class Transport:
    """The requests of one tab, through a proxy that knows both hosts.

    :param hosts: running :class:`processes.Odoo`
    :param cuts: {(kind of request, its number): seconds until the line is lost}
    """

    def __init__(self, hosts, cookies, cuts=None):
        self.hosts, self.cookies = hosts, cookies
        self.cuts = cuts or {}
        self.route, self.probe_at = 0, 0.0
        self._host = random.randrange(len(hosts))
        self._counts = {}
        self._number = itertools.count(1)

    @property
    def host(self):
        return self.hosts[self._host]

    def start(self, values):
        return self._by_routes("start", {"values": values}, "sci_start", [values])

    def poll(self, row_id, version):
        params = {"id": row_id, "version": version}
        return self._by_routes("poll", params, "sci_poll", [[row_id], version])

    def cancel(self, row_id):
        return self._by_routes("cancel", {"id": row_id}, "sci_cancel", [[row_id]])

    def submit(self, row_id, version, key):
        params = {"id": row_id, "version": version, "button_key": key, "inputs": {}}
        args = [[row_id], version, key, {}]
        return self._by_routes("submit", params, "sci_submit", args)

    def override(self, row_id, successful, reason):
        params = {"id": row_id, "successful": successful, "reason": reason}
        args = [[row_id], successful, reason]
        return self._by_routes("override", params, "sci_override", args)

    def resume(self, config_id):
        return self.call(LEDGER, "sci_resume", config_id)

    def find(self, uuid):
        """[{id, attempt}] of a payment's rows, first attempt first."""
        domain = [["payment_uuid", "=", uuid]]
        fields = ["payment_uuid", "attempt"]
        return self.call(LEDGER, "search_read", domain, fields, order="attempt")

    def call(self, model, method, *args, kind="other", **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(kind, f"/web/dataset/call_kw/{model}/{method}", params)

    def _by_routes(self, kind, params, method, args):
        if self.route and time.monotonic() >= self.probe_at:
            self.route = 0
        first = self.route
        for route in range(first, len(ROUTES)):
            try:
                if ROUTES[route] == "orm":
                    answer = self.call(LEDGER, method, *args, kind=kind)
                else:
                    answer = self._by_route(f"{ROUTES[route]}/{kind}", kind, params)
            except NoAnswer as error:
                if error.timed_out:
                    self._use_route((route + 1) % len(ROUTES))
                    raise
            else:
                if route != first:
                    self._use_route(route)
                return answer
        raise NoAnswer

    def _by_route(self, path, kind, params):
        for time_left in reversed(range(AT_THE_DOOR["times"])):
            try:
                return self._post(kind, path, params)
            except NoAnswer as error:
                if not error.at_the_door or not time_left:
                    raise
            shortest, longest = AT_THE_DOOR["shortest"], AT_THE_DOOR["longest"]
            time.sleep(random.uniform(shortest, longest))

    def _use_route(self, route):
        self.route = route
        self.probe_at = time.monotonic() + ROUTE_PROBE

    def _post(self, kind, path, params):
        limit = self._limit(kind)
        for _host in self.hosts:
            host = self.host
            evented = path.startswith("/websocket")
            try:
                answer = requests.post(
                    (host.evented_url if evented else host.url) + path,
                    json={
                        "jsonrpc": "2.0",
                        "method": "call",
                        "id": next(self._number),
                        "params": params,
                    },
                    cookies=self.cookies,
                    timeout=(3, limit),
                )
                return self._meaning(answer)
            except requests.Timeout:
                raise NoAnswer(timed_out=True) from None
            except requests.RequestException as error:
                if not _nobody_listens(error):
                    raise NoAnswer(str(error)) from None
                # Then, and only then, the proxy asks the other host.
                self._host = (self._host + 1) % len(self.hosts)
        raise NoAnswer("nobody listens")

    def _limit(self, kind):
        number = self._counts.get(kind, 0)
        self._counts[kind] = number + 1
        return self.cuts.get((kind, number), TIME_LIMIT[kind])

    @staticmethod
    def _meaning(answer):
        try:
            data = answer.json()
        except ValueError:
            refused = answer.status_code in AT_THE_DOOR["statuses"]
            text = f"HTTP {answer.status_code}"
            raise NoAnswer(text, at_the_door=refused) from None
        if "error" not in data:
            return data.get("result")
        error = data["error"]
        name = (error.get("data") or {}).get("name", "")
        text = (error.get("data") or {}).get("message") or json.dumps(error)
        busy = bool(DATABASE_BUSY.match(name))
        if busy or error.get("code") == 404 or name.startswith("werkzeug."):
            raise NoAnswer(f"{name}: {text}", at_the_door=busy)
        raise Refused(f"{name}: {text}")


def _nobody_listens(error):
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


class Payment:
    """One card payment as this tab follows it: start, poll, end."""

    def __init__(self, transport, uuid, attempt, on_change=None, closed=None):
        self.transport = transport
        self.uuid, self.attempt = uuid, attempt
        self.on_change = on_change or (lambda payment: None)
        #: set when the tab is gone
        self.closed = closed or threading.Event()
        self.phase = "starting"
        self.view, self.error = None, None
        self.backoff = BACKOFF["first"]
        self._lock = threading.RLock()

    @property
    def paid(self):
        return bool(self.view and self.view["paid"])

    def start(self, values):
        while self.phase == "starting" and not self.closed.is_set():
            self._ask(lambda: self.transport.start(values), is_start=True)
        return self.follow()

    def resume(self, view):
        self.learn(view)
        return self.follow()

    def follow(self):
        while self.phase == "following" and not self.closed.is_set():
            self.on_change(self)
            if self.phase != "following" or self.closed.is_set():
                break
            row_id, version = self.view["id"], self.view["version"]
            answer = self._ask(
                lambda row_id=row_id, version=version: self.transport.poll(
                    row_id, version
                )
            )
            if answer and self.phase == "following" and not answer.get("held"):
                waits_for_person = self.view["status"] in ("unknown", "FINALISED")
                # Shorter than a browser's, as the override's times are.
                self.closed.wait(
                    UNHELD_PAUSE
                    if waits_for_person
                    else answer.get("wait") or UNHELD_PAUSE
                )
        return self.paid

    def _ask(self, question, is_start=False):
        try:
            answer = question()
        except NoAnswer:
            self._wait()
            return None
        except Refused as error:
            if not is_start or not self._confirm_refusal(error):
                self._wait()
            return None
        self.backoff = BACKOFF["first"]
        self.learn(answer)
        return answer

    def _wait(self):
        self.closed.wait(self.backoff)
        self.backoff = min(self.backoff * 2, BACKOFF["longest"])

    def _confirm_refusal(self, error):
        """Only if Odoo has no row either was nothing sent to anybody."""
        try:
            rows = self.transport.find(self.uuid)
            rows = [row for row in rows if row["attempt"] >= self.attempt]
            if rows:
                self.learn(self.transport.poll(rows[0]["id"], 0))
                return True
        except NoAnswer:
            return False
        except Refused:
            pass
        with self._lock:
            if self.phase == "starting":
                self.error = {"code": "refused", "message": str(error)}
                self.phase = "ended"
        return True

    def learn(self, view):
        """A resolved row stays resolved, an answer that was overtaken is dropped."""
        with self._lock:
            if self.phase == "ended" or self._is_overtaken(view):
                return
            self.error = view["error"] or None
            if not view["id"]:
                self.phase = "ended"
                return
            self.view, self.attempt = view, view["attempt"]
            self.phase = "following" if view["unresolved"] else "ended"

    def _is_overtaken(self, view):
        mine = self.view
        return mine and (
            not view["id"]
            or view["attempt"] < mine["attempt"]
            or (view["id"] == mine["id"] and view["version"] < mine["version"])
        )

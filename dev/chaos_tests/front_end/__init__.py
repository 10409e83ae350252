"""The front end that ships, as far as it follows a payment: many tabs in one node.

``main.js`` runs the addon's own classes on Odoo's own ``rpc``; the classes here call
them. What a person decides is not decided here.
"""

import contextlib
import itertools
import json
import queue
import re
import subprocess
import threading
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from lib import node, places, processes, source

HERE = Path(__file__).parent
#: Exceptions in Odoo that say nothing about what was asked.
NO_ANSWER = re.compile(r"psycopg2\.|werkzeug\.")
CLOSED = "the tab is closed"


class NoAnswer(Exception):
    """Nobody knows whether the request arrived; or its tab has been closed."""


class Refused(Exception):
    """Odoo itself refused the request: "name of the exception: its message"."""


class FrontEnd:
    """The node process."""

    def __init__(self):
        addons = {
            folder.name: folder.as_uri()
            for folder in (_addon("web"), _addon("point_of_sale"))
        }
        addons[places.ADDON] = places.CHECKOUT.as_uri()
        self._process = subprocess.Popen(
            [node.program(), HERE / "main.js", json.dumps(addons)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=processes.end_with_parent,
        )
        self._numbers = itertools.count(1)
        self._answers, self._states = {}, {}
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def stop(self):
        self._process.stdin.close()
        self._process.wait()

    def set_hosts(self, hosts):
        """From now on requests go to these: what has ``url`` and ``evented_url``."""
        urls = [{"url": it.url, "evented_url": it.evented_url} for it in hosts]
        self.command("setHosts", urls=urls)

    def command(self, name, **params):
        """Run a command of ``main.js``; return its result.

        :raises NoAnswer, Refused: see there
        """
        with self._lock:
            number = next(self._numbers)
            answer = self._answers[number] = Future()
            answer.tab = params.get("tab")
            line = json.dumps({"id": number, "name": name, **params})
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        return answer.result()

    def new_number(self):
        return next(self._numbers)

    def states_of(self, payment):
        """The queue of what is reported about a payment."""
        return self._states.setdefault(payment, queue.SimpleQueue())

    def abandon(self, tab):
        """Stop waiting for answers to this tab."""
        for number, answer in list(self._answers.items()):
            if answer.tab == tab:
                self._end(number, error=NoAnswer(CLOSED))

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            if "payment" in message:
                self.states_of(message["payment"]).put(message["state"])
            elif "error" in message:
                self._end(message["id"], error=_error(**message["error"]))
            else:
                self._end(message["id"], message.get("result"))
        for number in list(self._answers):
            self._end(number, error=RuntimeError("the front end has ended"))

    def _end(self, number, result=None, error=None):
        answer = self._answers.pop(number, None)
        if answer and error:
            answer.set_exception(error)
        elif answer:
            answer.set_result(result)


def _addon(name):
    folders = (folder / name for folder in source.get().addons)
    return next(folder for folder in folders if folder.exists())


def _error(kind, message, name):
    if kind in ("NoAnswer", "ConnectionLostError") or NO_ANSWER.match(name):
        return NoAnswer(message)
    if name or kind == "Refused":
        return Refused(f"{name}: {message}")
    if kind == "Error":  # what took too long
        return NoAnswer(message)
    return RuntimeError(f"{kind} in the front end: {message}")


class Tab:
    """A tab of a register, with its own modules and connections.

    :param cuts: {(kind of request, its number): (seconds until its connection is lost,
        whether the tab does not notice that)}
    """

    def __init__(self, front_end, cookies, cuts=None):
        self.front_end = front_end
        self.closed = threading.Event()
        self._lock = threading.Lock()
        self.number = front_end.new_number()
        self._command = partial(front_end.command, tab=self.number)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        cuts = [[*request, *cut] for request, cut in (cuts or {}).items()]
        self._command("open", cookie=cookie, cuts=cuts)

    def close(self):
        with self._lock:
            if self.closed.is_set():
                return
            self.closed.set()
        self._command("close")
        self.front_end.abandon(self.number)

    def command(self, name, **params):
        if self.closed.is_set():
            raise NoAnswer(CLOSED)
        try:
            return self._command(name, **params)
        except RuntimeError:
            if self.closed.is_set():
                raise NoAnswer(CLOSED) from None
            raise

    def ask(self, method, *args):
        """A method of ``SciTransport``: start, poll, resume, find."""
        return self.command("ask", method=method, args=args)

    def call(self, model, method, *args):
        """A method of a model."""
        return self.command("call", model=model, method=method, args=args)

    def save_order(self, values):
        return self.command("saveOrder", values=values)


class Payment:
    """One card payment as this tab follows it: ``SciPayment``.

    :param on_change: called after each answer while the payment is unresolved; if
        several have come meanwhile, once
    :param on_end: called once with the payment
    """

    def __init__(self, tab, uuid, attempt, on_change=None, on_end=None):
        self.tab, self.uuid, self.attempt = tab, uuid, attempt
        self._on_change, self._on_end = on_change, on_end
        self._number = tab.front_end.new_number()
        self._states = tab.front_end.states_of(self._number)
        self._state = {"phase": "starting", "paid": False, "view": None, "error": None}

    phase = property(lambda self: self._state["phase"])
    paid = property(lambda self: self._state["paid"])
    view = property(lambda self: self._state["view"])
    error = property(lambda self: self._state["error"])
    press = property(lambda self: self._state["press"])

    def start(self, values):
        """Follow it until it ends or the tab is closed; return whether it was paid."""
        return self._follow(values=values)

    def resume(self, view):
        return self._follow(view=view)

    def cancel(self):
        self._act("cancel")

    def submit(self, key):
        self._act("submit", key, {})

    def override(self, successful, reason):
        self._act("override", successful, reason, None, None)

    def _act(self, method, *args):
        self.tab.command("act", payment=self._number, method=method, args=args)

    def _follow(self, **begin):
        about = {"uuid": self.uuid, "attempt": self.attempt, **begin}
        try:
            self.tab.command("follow", payment=self._number, **about)
        except NoAnswer:
            return self.paid
        while self.phase != "ended" and not self.tab.closed.is_set():
            if self._has_news() and self.phase == "following" and self._on_change:
                self._on_change(self)
        if self.phase == "ended" and self._on_end:
            self._on_end(self)
        return self.paid

    def _has_news(self):
        with contextlib.suppress(queue.Empty):
            self._state = self._states.get(timeout=0.1)
            with contextlib.suppress(queue.Empty):
                while True:
                    self._state = self._states.get_nowait()
            self.attempt = self._state["attempt"]
            return True
        return False

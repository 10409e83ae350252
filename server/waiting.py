"""Where a request may wait for mx51 without holding up the shop.

A proxy that does not send ``/websocket`` to the evented process costs nothing but
time, so nobody would notice. Each answer to a poll therefore names the kind of process
it came from, and each register's settings show where its last payment was polled.
"""

import logging
import threading
import time
from collections import defaultdict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from functools import partial

import odoo
from odoo.tools import config

from .log_tail import current_database

_logger = logging.getLogger(__name__)

#: Of threads that are counted (``ODOO_MAX_HTTP_THREADS``), one in so many may hold.
COUNTED_PER_HELD = 3
#: Seconds that a call which must not hold waits for mx51 at most.
BRIEF = 1
#: Name of the threads that make such calls.
BRIEF_CALL = "mx51_sci brief call"
#: Seconds between two looks of a browser at the ledger, and how many a second there may
#: be of all browsers together.
LOOK_EVERY, LOOKS = 2, 25
#: Seconds after which a call is taken for hanging.
HANGS_AFTER = 0.5

#: Kinds of process that answer polls.
WAYS = [
    ("evented", "Held by the evented process"),
    ("threads", "Held by a thread of the server"),
    ("worker", "Not held: the register asks every second"),
]

#: For nginx: one line in its `http`, one in its `server`. Headers that a `server` sets
#: do not count in a `location` that sets any.
PROXY_LINES = """\
map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
location /websocket {{ proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1; \
proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Host $http_host; \
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; \
proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header Upgrade $http_upgrade; \
proxy_set_header Connection $connection_upgrade; }}"""


def is_free():
    """Whether a request that waits here occupies nothing the shop needs: true in the
    evented process and in threads, not in a prefork HTTP worker."""
    server = odoo.service.server.server
    return odoo.evented or not isinstance(server, odoo.service.server.PreforkServer)


_lock = threading.Lock()
_held = 0
#: By what is called, when each of its calls began.
_running = defaultdict(list)


def most_held():
    """How many requests may be held here at the same time; ``None`` if threads are not
    counted."""
    if not is_free():
        return 0
    httpd = getattr(odoo.service.server.server, "httpd", None)
    counted = None if odoo.evented else getattr(httpd, "max_http_threads", None)
    return counted // COUNTED_PER_HELD if counted else None


def look_every():
    """For how many seconds a browser relies on a held poll before it looks whether the
    ledger knows more: its connection may be dead. All that are held here look at most
    :data:`LOOKS` times a second together."""
    return max(LOOK_EVERY, _held / LOOKS)


@contextmanager
def place():
    """A place to be held in while this lasts, if one is free: whether it is."""
    global _held  # noqa: PLW0603
    most = most_held()
    with _lock:
        is_granted = most is None or _held < most
        _held += is_granted
    try:
        yield is_granted
    finally:
        with _lock:
            _held -= is_granted


def briefly(callee, ask, take=lambda answer: answer):
    """``take(ask())``, where nobody waits for ``ask()`` longer than :data:`BRIEF`: what
    comes later is taken in the background. While a call of this callee hangs there is
    no other.

    :return: what ``take`` returned; ``None`` if it was not called yet, or there is no
        thread to ask
    """
    with _lock:
        began = time.monotonic()
        running = _running[callee]
        if any(began - other > HANGS_AFTER for other in running):
            return None
        running.append(began)
    return _BriefCall(ask, take, partial(_ended, callee, began)).run()


def _ended(callee, began):
    with _lock:
        _running[callee].remove(began)
        if not _running[callee]:
            del _running[callee]


class _BriefCall:
    """:param ended: called when ``ask`` has ended"""

    def __init__(self, ask, take, ended):
        self._ask, self._take, self._ended = ask, take, ended
        self._answer = Future()
        self._dbname = current_database()
        self._lock = threading.Lock()
        self._is_waited_for = True

    def run(self):
        call = threading.Thread(
            target=self._in_background, name=BRIEF_CALL, daemon=True
        )
        try:
            call.start()
        except RuntimeError as exc:  # there are too many
            _logger.warning("A brief call was not made: %s", exc)
            self._ended()
            return None
        try:
            answer = self._answer.result(BRIEF)
        except NotYet:
            with self._lock:
                if not self._answer.done():
                    self._is_waited_for = False
                    return None
            answer = self._answer.result()
        return self._take(answer)

    def _in_background(self):
        threading.current_thread().dbname = self._dbname  # for Odoo's log
        try:
            answer = self._ask()
        except BaseException as exc:
            self._ended()
            if not self._delivered(self._answer.set_exception, exc):
                _logger.exception("A late call failed")
            return
        self._ended()
        if not self._delivered(self._answer.set_result, answer):
            self._take_late(answer)

    def _delivered(self, deliver, outcome):
        """:return: whether the request still waits for it"""
        with self._lock:
            if self._is_waited_for:
                deliver(outcome)
            return self._is_waited_for

    def _take_late(self, answer):
        try:
            self._take(answer)
        except Exception:
            _logger.exception("A late answer was not taken")


def way():
    """The kind of process that serves this request; a key of :data:`WAYS`."""
    if odoo.evented:
        return "evented"
    return "threads" if is_free() else "worker"


def proxy_lines():
    """What nginx needs to send polls to the evented process."""
    return PROXY_LINES.format(port=config["gevent_port"])

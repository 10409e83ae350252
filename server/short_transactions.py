"""Short database transactions of our own, each committed at once.

What is sent to mx51 has to be on disk before it leaves, and nothing may be locked
while an answer is awaited, so neither can wait for the end of a request's own
database transaction (``docs/architecture.md`` "Concurrency").
"""

import copy
import logging
import random
import threading
import time
from contextlib import contextmanager
from functools import partial

import psycopg2
from psycopg2 import errors

import odoo
from odoo import SUPERUSER_ID, api
from odoo.http import request
from odoo.modules.registry import Registry
from odoo.sql_db import PoolError

from . import waiting

_logger = logging.getLogger(__name__)

TRIES = 8
#: Seconds that an answer about money waits for the database.
PERSIST_FOR = 20


class Conflict(Exception):
    """Another request was first: start again with a new snapshot."""


#: Own cursors at the same time in one process: few, the pool belongs to the shop.
_permits = threading.BoundedSemaphore(16)
#: First steps on requests' own cursors at the same time in one process.
_first_steps = threading.BoundedSemaphore(16)
_KEPT = ("lang", "tz", "allowed_company_ids")
#: Another database transaction was in the way; a fresh one may succeed.
CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    Conflict,
)


class _Held(threading.local):
    """What this thread does after it has returned its permit; ``None`` while it holds
    none."""

    follow_ups = None


_held = _Held()


@contextmanager
def _permit(permits, wait=True):
    """One of the few permits to have a cursor of our own, or to use a request's.

    A thread that holds one never asks for a second: once as many threads do so as
    there are permits, each waits for another's for ever.

    :raises Conflict: there is none that need not be waited for
    """
    if _held.follow_ups is not None:
        raise RuntimeError("A short transaction inside another one would never end")
    if not permits.acquire(wait):
        raise Conflict("too many at the same time")
    _held.follow_ups = []
    try:
        yield
    finally:
        follow_ups, _held.follow_ups = _held.follow_ups, None
        permits.release()
    for follow_up in follow_ups:
        follow_up()


def end_transaction(env):
    """Commit the request's own transaction once access has been checked and before
    it waits: nothing is pending, and PostgreSQL keeps no snapshot open meanwhile."""
    if request and request.env.cr is env.cr:
        request.env.cr.commit()


def after_commit(env, work, *args):
    """Run ``work(env, …)`` with all rights once this transaction is committed and its
    permit returned, in a transaction of its own. It may get lost.

    Where waiting is free it does not delay the answer a register waits for, and what
    arrives in a burst is done together: the bus opens a connection for each
    transaction that has messages.
    """
    dbname, item = env.cr.dbname, (work, args)

    def follow_up():
        if waiting.is_free() and odoo.service.server.server:
            _Backlog.of(dbname).add(item)
        elif _held.follow_ups is None:
            _run_together(dbname, [item])
        else:
            _held.follow_ups.append(partial(_run_together, dbname, [item]))

    env.cr.postcommit.add(follow_up)


class _Backlog:
    """Follow-ups of one database, worked off by one thread for all others."""

    _backlogs = {}
    _lock = threading.Lock()

    @classmethod
    def of(cls, dbname):
        with cls._lock:
            return cls._backlogs.setdefault(dbname, cls(dbname))

    def __init__(self, dbname):
        self._dbname = dbname
        self._items = []
        self._is_running = False

    def add(self, item):
        with self._lock:
            self._items.append(item)
            if self._is_running:
                return
            self._is_running = True
        try:
            threading.Thread(target=self._run, name="mx51_sci follow-ups").start()
        except RuntimeError as exc:  # there are too many
            _logger.warning("Follow-ups have to wait for the next one: %s", exc)
            with self._lock:
                self._is_running = False

    def _run(self):
        threading.current_thread().dbname = self._dbname  # for Odoo's log
        while items := self._take():
            _run_together(self._dbname, items)

    def _take(self):
        with self._lock:
            items, self._items = self._items, []
            self._is_running = bool(items)
        return items


def _run_together(dbname, items):
    """All of them in one transaction; if that fails, each in its own."""

    def work_through(env):
        for work, args in items:
            work(env, *args)

    try:
        ShortTransactions.of(dbname).run(work_through)
    except Exception:
        if len(items) == 1:
            _logger.warning("%s failed", items[0][0].__name__, exc_info=True)
            return
        for item in items:
            _run_together(dbname, [item])


class ShortTransactions:
    """Runs functions for this user, with all rights, each in a transaction of its
    own. Access is checked beforehand, on the request's own cursor.

    Keeps nothing of the environment it is made from, so the request's cursor may be
    closed while mx51 is awaited.

    :ivar dbname: the database's name
    """

    def __init__(self, env):
        self.dbname = env.cr.dbname
        # A context from a browser must not act with all rights.
        self._context = {key: env.context[key] for key in _KEPT if key in env.context}
        self.uid = env.uid

    @classmethod
    def of(cls, dbname):
        """On nobody's behalf, and so in nobody's language."""
        self = cls.__new__(cls)
        self.dbname, self._context, self.uid = dbname, {}, SUPERUSER_ID
        return self

    def in_language(self, lang):
        """The same in this language; ``None`` for Odoo's own."""
        other = copy.copy(self)
        other._context = {**self._context, "lang": lang}
        return other

    @contextmanager
    def _environment(self):
        with _permit(_permits), Registry(self.dbname).cursor() as cr:
            env = api.Environment(cr, self.uid, self._context, su=True)
            yield env
            env.flush_all()

    def run_on(self, env, work, *args):
        """:meth:`run` on the request's own cursor, on which nothing is pending: what
        access was checked with is not read for a second time.

        :return: ``None`` where nothing was done: many others do so just now, or
            another transaction was in the way
        """
        try:
            with _permit(_first_steps, wait=False):
                result = work(env(context=self._context, su=True), *args)
                env.cr.commit()
        except CONFLICTS:
            env.cr.rollback()
            return None
        return result

    def run_persistently(self, work, *args, **kwargs):
        """:meth:`run` for what must not be lost: while the database restarts or has
        no connection left, it is tried again for :data:`PERSIST_FOR` seconds."""
        give_up_at = time.monotonic() + PERSIST_FOR
        while True:
            try:
                return self.run(work, *args, **kwargs)
            except errors.UniqueViolation:
                raise
            except (psycopg2.Error, PoolError):
                if time.monotonic() > give_up_at:
                    raise
            time.sleep(random.uniform(0.2, 1))

    def run(self, work, *args, **kwargs):
        """``work(env, …)`` in a fresh transaction; again after a conflict with
        another one. ``work`` touches nothing but the database, so that is harmless."""
        for tries_left in reversed(range(TRIES)):
            try:
                with self._environment() as env:
                    return work(env, *args, **kwargs)
            except CONFLICTS:
                if not tries_left:
                    raise
            time.sleep(random.uniform(0.005, 0.1))

"""Short database transactions of our own, each committed at once.

What is said to mx51 has to be on disk before it leaves, and nothing may be locked
while an answer is awaited, so neither can wait for the end of a request's own
transaction (``design.md`` 4.3).
"""

import logging
import random
import threading
import time
from contextlib import contextmanager

import psycopg2
from psycopg2 import errors

import odoo
from odoo import api
from odoo.http import request
from odoo.modules.registry import Registry
from odoo.sql_db import PoolError

_logger = logging.getLogger(__name__)

TRIES = 8
#: Seconds that an answer about money waits for the database.
STUBBORN_FOR = 20


class Conflict(Exception):
    """Somebody else was first: look again with a new snapshot."""


#: Own cursors at the same time in one process: few, the pool belongs to the shop.
_doors = threading.BoundedSemaphore(16)
_KEPT = ("lang", "tz", "allowed_company_ids")
_CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    Conflict,
)


def end_transaction(env):
    """Of a request that has checked access and is about to wait: nothing is pending,
    and PostgreSQL keeps no snapshot for it meanwhile."""
    if request and request.env.cr is env.cr:
        request.env.cr.commit()


def after_commit(env, work, *args):
    """Run ``work(env, …)`` once this transaction is committed, in one of its own, and
    where that is free not before the answer that is waited for: the bus opens a
    connection for each message. It may get lost."""
    short = ShortTransactions(env)

    def run():
        try:
            short.run(work, *args)
        except Exception:
            _logger.warning("%s failed", work.__name__, exc_info=True)

    env.cr.postcommit.add(threading.Thread(target=run).start if odoo.evented else run)


class ShortTransactions:
    """Runs functions for this user, with all rights, in transactions of their own:
    access is checked before, on the request's own cursor.

    Holds nothing of the environment it is made from, so that the request's cursor
    may be closed while mx51 is awaited.
    """

    def __init__(self, env):
        self._dbname = env.cr.dbname
        # What a browser puts into the context has no business among all rights.
        self._context = {key: env.context[key] for key in _KEPT if key in env.context}
        self.uid = env.uid

    @contextmanager
    def _environment(self):
        with _doors, Registry(self._dbname).cursor() as cr:
            env = api.Environment(cr, self.uid, self._context, su=True)
            yield env
            env.flush_all()

    def run_stubbornly(self, work, *args, **kwargs):
        """:meth:`run` for what must not be lost: a database that restarts or has no
        connection left is asked again for some time."""
        give_up_at = time.monotonic() + STUBBORN_FOR
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
        another one. ``work`` only touches the database, so that is harmless."""
        for tries_left in reversed(range(TRIES)):
            try:
                with self._environment() as env:
                    return work(env, *args, **kwargs)
            except _CONFLICTS:
                if not tries_left:
                    raise
            time.sleep(random.uniform(0.005, 0.1))

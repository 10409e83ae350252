"""Short database transactions of our own, each committed at once.

What is said to mx51 has to be on disk before it leaves, and nothing may be locked
while an answer is awaited, so neither can wait for the end of a request's own
transaction (``design.md`` 4.3).
"""

import random
import threading
import time
from contextlib import contextmanager

from psycopg2 import errors

from odoo import api
from odoo.modules.registry import Registry

TRIES = 8


class Conflict(Exception):
    """Somebody else was first: look again with a new snapshot."""


#: Own cursors at the same time in one process: few, the pool belongs to the shop.
_doors = threading.BoundedSemaphore(16)
_CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    Conflict,
)


class ShortTransactions:
    """Runs functions for this user, with all rights, in transactions of their own:
    access is checked before, on the request's own cursor.

    Holds nothing of the environment it is made from, so that the request's cursor
    may be closed while mx51 is awaited.
    """

    def __init__(self, env):
        self._dbname = env.cr.dbname
        self._context = dict(env.context)
        self.uid = env.uid

    @contextmanager
    def _environment(self):
        with _doors, Registry(self._dbname).cursor() as cr:
            env = api.Environment(cr, self.uid, self._context, su=True)
            yield env
            env.flush_all()

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

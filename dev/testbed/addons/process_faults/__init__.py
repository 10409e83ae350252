"""Faults that the sandbox cannot cause, because they happen inside Odoo.

A file in the folder that ``PROCESS_FAULTS`` names orders one:

``retry-METHOD``
    when the RPC ``METHOD`` has done its work and not committed it, PostgreSQL reports
    a serialization failure, once, so that Odoo runs the RPC again.
``hold-create``
    when a create is about to leave, its thread makes a file ``held-create`` and waits
    as long as ``hold-create`` is there.

``PROCESS_CHANCES`` is JSON with the chance, at each statement on the ledger, of a
``conflict`` (a serialization failure or a deadlock) and of a ``lost_commit`` (it is
committed, and the connection claims to be lost).
"""

import json
import os
import random
import time
from pathlib import Path

import psycopg2
import requests


RAISE = """
DO $$ BEGIN RAISE EXCEPTION 'ordered by a test' USING ERRCODE = '{}'; END $$
"""


def arm():
    folder = os.environ.get("PROCESS_FAULTS")
    if folder:
        _retry_remote_calls(Path(folder))
        _hold_creates(Path(folder))
    chances = os.environ.get("PROCESS_CHANCES")
    if chances:
        _fail_by_chance(**json.loads(chances))


def _retry_remote_calls(folder):
    from odoo.addons.web.controllers import dataset

    call = dataset.call_kw

    def call_kw(model, name, args, kwargs):
        result = call(model, name, args, kwargs)
        try:
            (folder / f"retry-{name}").unlink()
        except FileNotFoundError:
            return result
        model.env.cr.execute(
            RAISE.format("serialization_failure"), log_exceptions=False
        )

    dataset.call_kw = call_kw


def _hold_creates(folder):
    send = requests.Session.send

    def held_send(session, request, **options):
        order = folder / "hold-create"
        if request.method == "POST" and request.path_url == "/v1/transactions":
            if order.exists():
                (folder / "held-create").touch()
            while order.exists():
                time.sleep(0.02)
        return send(session, request, **options)

    requests.Session.send = held_send


def _fail_by_chance(conflict, lost_commit):
    from odoo.sql_db import Cursor

    execute, commit = Cursor.execute, Cursor.commit

    def unlucky_execute(cursor, query, params=None, log_exceptions=True):
        code = getattr(query, "code", query)
        if isinstance(code, bytes):  # many values at once
            code = code.decode()
        if "pos_sci_transaction" in code:
            writes = code.lstrip().startswith(("UPDATE", "INSERT"))
            cursor._writes_ledger = getattr(cursor, "_writes_ledger", False) or writes
            if random.random() < conflict:
                names = ("serialization_failure", "deadlock_detected")
                name = RAISE.format(random.choice(names))
                execute(cursor, name, log_exceptions=False)
        return execute(cursor, query, params, log_exceptions)

    def unlucky_commit(cursor):
        result = commit(cursor)
        wrote, cursor._writes_ledger = getattr(cursor, "_writes_ledger", False), False
        if wrote and random.random() < lost_commit:
            raise psycopg2.OperationalError("ordered by a test: connection lost")
        return result

    Cursor.execute, Cursor.commit = unlucky_execute, unlucky_commit

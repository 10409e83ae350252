"""What no fault of the sandbox can bring about, because it happens inside Odoo.

A fault is ordered by a file in the folder that ``PROCESS_FAULTS`` names:

``retry-METHOD``
    the RPC ``METHOD`` has done its work; before it is committed PostgreSQL reports a
    serialization failure, once, so that Odoo runs the RPC again.
``hold-create``
    the create POST is about to leave; its thread waits for as long as the file is
    there, and says so with a file ``held-create``.
"""

import os
import time
from pathlib import Path

import requests


def arm():
    folder = os.environ.get("PROCESS_FAULTS")
    if folder:
        _retry_remote_calls(Path(folder))
        _hold_creates(Path(folder))


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
            "DO $$ BEGIN RAISE EXCEPTION 'ordered by a test'"
            " USING ERRCODE = 'serialization_failure'; END $$",
            log_exceptions=False,
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

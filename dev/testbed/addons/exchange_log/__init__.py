"""Writes each HTTP exchange of the addon with mx51 into a file, secrets masked.

``EXCHANGE_LOG`` names the file: one JSON object a line, in the order in which the
exchanges ended. While a file of the same name with ``.cut`` at its end is there, mx51
cannot be reached.
"""

import io
import itertools
import json
import os
import re
import threading
import time
from pathlib import Path

import requests
from urllib3.exceptions import NewConnectionError

MASKED = "(masked)"
SECRET_FIELDS = {"signing_secret_part_b"}
SIGNATURE = re.compile(r"=:[^:]*:")
#: Of request and answer; the others say nothing about SCI.
SENT = ("content-type", "content-digest", "signature-input", "signature")
ANSWERED = ("content-type", "date")


def arm():
    path = os.environ.get("EXCHANGE_LOG")
    if path:
        _log_exchanges(Path(path))


def _log_exchanges(path):
    prepare, send = requests.Session.prepare_request, requests.Session.send
    cut, lock = path.with_name(f"{path.name}.cut"), threading.Lock()
    numbers = itertools.count(1)

    def prepare_request(session, request):
        prepared = prepare(session, request)
        # The addon puts a body in its place that can be read once.
        prepared.logged_body = prepared.body
        return prepared

    def logged_send(session, request, **options):
        noted = {"n": next(numbers), "at": time.time(), **_of_request(request)}
        try:
            if cut.exists():
                reason = NewConnectionError(None, "the connection was cut on purpose")
                raise requests.ConnectionError(reason, request=request)
            response = send(session, request, **options)
            content = response.content
            response.raw = io.BytesIO(content)
            noted |= _of_response(response, content)
            return response
        except requests.RequestException as error:
            noted["no_answer"] = type(error).__name__
            raise
        finally:
            noted["seconds"] = round(time.time() - noted["at"], 3)
            with lock, path.open("a") as log:
                log.write(json.dumps(noted) + "\n")

    requests.Session.prepare_request = prepare_request
    requests.Session.send = logged_send


def _of_request(request):
    headers = {k: v for k, v in request.headers.items() if k.lower() in SENT}
    if "Signature" in headers:
        headers["Signature"] = SIGNATURE.sub(f"=:{MASKED}:", headers["Signature"])
    if scheme := request.headers.get("Authorization"):
        headers["Authorization"] = f"{scheme.split()[0]} {MASKED}"
    return {
        "method": request.method,
        "url": request.url,
        "request_headers": headers,
        "request_body": readable(getattr(request, "logged_body", None)),
    }


def _of_response(response, content):
    headers = {k: v for k, v in response.headers.items() if k.lower() in ANSWERED}
    return {
        "status": response.status_code,
        "response_headers": headers,
        "response_body": readable(content),
    }


def readable(body):
    """A body as JSON with secrets masked, else as text; ``None`` when empty."""
    if not body:
        return None
    try:
        return masked(json.loads(body))
    except ValueError:
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        return text[:2000]


def masked(value):
    if isinstance(value, dict):
        return {
            key: MASKED if key in SECRET_FIELDS else masked(item)
            for key, item in value.items()
        }
    return [masked(item) for item in value] if isinstance(value, list) else value

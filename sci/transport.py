"""One HTTP exchange with SCI: bounded in time and size, never repeated."""

import json
import logging
import threading
import time
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from .errors import BadAnswer, NoAnswer, error_from_answer
from .messages import clean

_logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 3
#: Longest answer that is read, in bytes; there is room for receipts and images.
MAX_ANSWER = 4 * 1024 * 1024

_sessions = {}
_sessions_lock = threading.Lock()


class _NoCookies(RequestsCookieJar):
    def set_cookie(self, cookie, *args, **kwargs):
        """mx51 uses none, and all requests share their sessions."""


class _Adapter(requests.adapters.HTTPAdapter):
    """``timeout`` is for the answer; connecting has its own limit."""

    def send(self, request, *args, timeout=None, **kwargs):
        return super().send(
            request, *args, timeout=(CONNECT_TIMEOUT, timeout), **kwargs
        )


def _session(url):
    """Kept-alive connections, one pool for each origin."""
    key = urlsplit(url)[:2]
    with _sessions_lock:
        if key not in _sessions:
            session = requests.Session()
            session.cookies = _NoCookies()
            adapter = _Adapter(pool_maxsize=32, max_retries=0)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            _sessions[key] = session
        return _sessions[key]


class _Outgoing:
    """A body that records whether it was read.

    It is first read when the connection and TLS are up and the headers are written,
    so a body that was not read proves that the request was not made.
    """

    def __init__(self, body):
        self._left = body
        self._size = len(body)
        self.touched = False

    def __len__(self):
        return self._size

    def read(self, size=-1):  # pylint: disable=method-required-super
        self.touched = True
        size = len(self._left) if size is None or size < 0 else size
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk


def exchange(method, url, *, auth, timeout, body=None, wants_json=True):
    """Send one request, return the answer's payload.

    :param body: object that is sent as JSON, or ``None`` for no body
    :param timeout: seconds to wait for the whole answer
    :param wants_json: ``False`` if the body of a good answer is not used
    :raises NoAnswer: network; ``sent`` is whether the request may have left
    :raises BadAnswer: an answer that is not JSON, too long or a redirect
    :raises ApiError: an error in the documented envelope
    """
    session = _session(url)
    data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if data is not None:
        headers["Content-Type"] = "application/json"
    outgoing = data and _Outgoing(data)
    deadline = time.monotonic() + CONNECT_TIMEOUT + timeout
    path = urlsplit(url).path
    prepared = None
    try:
        prepared = session.prepare_request(
            requests.Request(method, url, headers=headers, data=data, auth=auth)
        )
        prepared.body = outgoing or prepared.body
        settings = session.merge_environment_settings(url, {}, True, None, None)
        response = session.send(
            prepared, timeout=timeout, allow_redirects=False, **settings
        )
        content = _read(response, deadline)
    except (requests.RequestException, HTTPError, ValueError) as exc:
        never_left = not prepared or _never_connected(exc)
        sent = outgoing.touched if outgoing else not never_left
        _logger.info("SCI %s %s: no answer (%s)", method, path, type(exc).__name__)
        timed_out = isinstance(exc, requests.ReadTimeout | ReadTimeoutError)
        raise NoAnswer(type(exc).__name__, sent=sent, timed_out=timed_out) from exc
    _logger.debug("SCI %s %s: HTTP %s", method, path, response.status_code)
    return _payload(response, content, wants_json)


def _never_connected(exc):
    reason = getattr(exc.args[0] if exc.args else None, "reason", None)
    return isinstance(exc, requests.ConnectTimeout) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    )


def _read(response, deadline):
    """The answer's bytes, up to a length and a time."""
    content = bytearray()
    try:
        for chunk in _arriving(response):
            content += chunk
            if len(content) > MAX_ANSWER:
                raise BadAnswer("the answer is too long", response.status_code)
            if time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer takes too long")
    finally:
        response.close()
    return bytes(content)


def _arriving(response):
    """Pieces as they arrive: if single bytes drip in, a whole block takes for ever.
    urllib3 before 2.1 has no ``read1``."""
    read1 = getattr(response.raw, "read1", None)
    return iter(lambda: read1(65536), b"") if read1 else response.iter_content(1)


def _payload(response, content, wants_json):
    try:
        payload = json.loads(content) if content else None
    except (ValueError, RecursionError):
        payload = None
    if response.status_code < 300:
        if wants_json and content and payload is None:
            raise BadAnswer("the answer is not JSON", response.status_code)
        return payload
    if response.status_code < 400:
        raise BadAnswer("redirects are not followed", response.status_code)
    error = error_from_answer(response.status_code, clean(payload))
    error.date = response.headers.get("Date")
    raise error

"""One HTTP exchange with SCI: bounded in time and size. No POST is ever repeated."""

import json
import logging
import socket
import ssl
import time
from http.client import HTTPException
from urllib.parse import urlsplit

import requests
from urllib3.connection import CertificateError
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from .connections import (
    CONNECT_TIMEOUT,
    Connection,
    ProxyNotTrusted,
    UnusableProxy,
    ca_variable,
    pool_of,
)
from .errors import BadAnswer, NoAnswer, SciError, error_from_answer
from .messages import clean
from .urls import authority

_logger = logging.getLogger(__name__)

#: Longest answer that is read, in bytes; there is room for receipts and images.
MAX_ANSWER = 4 * 1024 * 1024
#: Bytes that are read at once.
BLOCK = 65536
#: Seconds that must be left for a GET to be repeated.
LEAST_TIME = 0.5

_NOT_VERIFIED = (ssl.SSLCertVerificationError, CertificateError)
#: See :attr:`.errors.SciError.reason`; the first that is among the causes counts.
_REASONS = {
    "proxy_certificate": ProxyNotTrusted,
    "proxy": (ProxyError, UnusableProxy),
    "certificate": _NOT_VERIFIED,
    "tls": ssl.SSLError,
    "dns": socket.gaierror,
    "unreachable": (NewConnectionError, ConnectTimeoutError),
}
#: What OpenSSL says of a certificate that it would trust otherwise (``X509_V_ERR_…``).
_OF_CERTIFICATES = {
    9: "certificate_not_yet",
    10: "certificate_expired",
    62: "certificate_host",
    64: "certificate_host",  # an IP address
}
_TIMED_OUT = (requests.ReadTimeout, ReadTimeoutError)


class _Outgoing:
    """A body that records whether it was read.

    It is first read when the connection and TLS are up and the headers are written,
    so a body that was not read proves that the request was not made.
    """

    def __init__(self, body):
        self._left = body
        self.touched = False

    def read(self, size=-1):  # pylint: disable=method-required-super
        self.touched = True
        size = len(self._left) if size is None or size < 0 else size
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk


def exchange(
    method,
    url,
    *,
    auth,
    timeout,
    body=None,
    wants_json=True,
    owner=None,
    patience=None,
):
    """Send one request, return the answer's payload.

    :param body: object that is sent as JSON, or ``None`` for no body
    :param timeout: seconds to wait for the whole answer
    :param wants_json: ``False`` if the body of a good answer is not used
    :param owner: of a GET, whose POST may follow over the same connection; of a POST,
        who has just made such a GET
    :param patience: seconds that an answer to a GET usually needs at most. Over a
        connection that was used before, no answer in that time means a dead one
    :raises NoAnswer: network; ``sent`` is whether the request may have left
    :raises BadAnswer: an answer that is not JSON, too long or a redirect
    :raises ApiError: an error in the documented envelope
    """
    repeatable = method == "GET"
    pool = pool_of(url)
    give_up_at = time.monotonic() + timeout
    request = (method, url, auth, body)
    answer = None
    try:
        used = pool.take() if repeatable else owner and pool.take(owner)
        if used:
            try:
                answer = _answer(used, request, timeout, patience)
            except NoAnswer:
                pool.clear()
                timeout = give_up_at - time.monotonic()
                if not repeatable or timeout < LEAST_TIME:
                    raise
        if not answer:
            used = Connection(url)
            answer = _answer(used, request, timeout)
        pool.give_back(used, owner if repeatable else None)
        return _payload(*answer, wants_json)
    except SciError as exc:
        exc.host = authority(url)
        if isinstance(exc, BadAnswer):
            path = urlsplit(url).path
            _logger.info("SCI %s %s: %s %s", method, path, exc.message, exc.reason)
        raise


def _answer(connection, request, timeout, patience=None):
    """Send it once over this connection.

    :return: the response and its bytes
    """
    method, url, auth, body = request
    data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if data is not None:
        headers["Content-Type"] = "application/json"
    outgoing = _Outgoing(data or b"") if method == "POST" else None
    deadline = time.monotonic() + CONNECT_TIMEOUT + timeout
    prepared = answered = None
    try:
        prepared = connection.prepared(
            requests.Request(method, url, headers=headers, data=data, auth=auth)
        )
        prepared.body = outgoing
        response = connection.send(prepared, timeout, patience)
        content = _read(response, deadline)
        answered = True
    except (OSError, HTTPError, HTTPException, ValueError) as exc:
        error = _no_answer(exc)
        if outgoing or not prepared:
            error.sent = bool(outgoing and outgoing.touched)
        if connection.idle_since and error.reason == "proxy":
            error.reason = ""  # the proxy's tunnel was up: urllib3 has forgotten it
        why = f"{error.message} {error.reason}".rstrip()
        _logger.info("SCI %s %s: no answer (%s)", method, urlsplit(url).path, why)
        raise error from exc
    finally:
        if not answered:
            connection.close()
    _logger.debug(
        "SCI %s %s: HTTP %s", method, urlsplit(url).path, response.status_code
    )
    return response, content


def _no_answer(exc):
    causes = _causes(exc)
    reason = next(
        (
            reason
            for reason, kinds in _REASONS.items()
            if any(isinstance(cause, kinds) for cause in causes)
        ),
        "",
    )
    if reason == "certificate":
        reason = _certificate_reason(causes)
    return NoAnswer(
        type(exc).__name__,
        sent=reason in ("", "tls"),
        timed_out=any(isinstance(cause, _TIMED_OUT) for cause in causes),
        reason=reason,
        variable=exc.variable if isinstance(exc, UnusableProxy) else ca_variable(),
    )


def _certificate_reason(causes):
    """What is wrong with a certificate. Where there is no code, urllib3 has compared
    the host itself."""
    found = next(cause for cause in causes if isinstance(cause, _NOT_VERIFIED))
    code = getattr(found, "verify_code", 62)
    return _OF_CERTIFICATES.get(code, "certificate")


def _causes(exc):
    """``exc`` and what led to it, which urllib3 also keeps in ``reason`` and ``args``.
    An error of an earlier request is no cause."""
    causes, seen = [], [exc]
    while seen:
        cause = seen.pop()
        known = any(cause is other for other in causes)
        if known or isinstance(cause, SciError) or not isinstance(cause, Exception):
            continue
        causes.append(cause)
        reason = getattr(cause, "reason", None)
        seen += [cause.__cause__, cause.__context__, reason, *cause.args]
    return causes


def _read(response, deadline):
    """The answer's bytes, up to a length and a time."""
    content = bytearray()
    try:
        for piece in _arriving(response.raw):
            content += piece
            if len(content) > MAX_ANSWER:
                raise BadAnswer("the answer is too long", response.status_code)
            if time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer takes too long")
    finally:
        response.close()
    return bytes(content)


def _arriving(raw):
    """Pieces as they arrive: if single bytes drip in, a whole block takes for ever."""
    if hasattr(raw, "read1"):
        return iter(lambda: raw.read1(BLOCK), b"")
    return _arriving_below(raw)


def _arriving_below(raw):
    """urllib3 before 2.1 has no ``read1``, but it reads from :mod:`http.client`."""
    below = raw._original_response
    try:
        while piece := below.read1(BLOCK):
            yield piece
    except TimeoutError as exc:
        raise requests.ReadTimeout("the answer has stopped") from exc
    if below.length:
        raise requests.ConnectionError("the answer is cut short")
    below.close()
    raw.release_conn()


def _payload(response, content, wants_json):
    status = response.status_code
    try:
        payload = json.loads(content) if content else None
    except (ValueError, RecursionError):
        payload = None
    if status < 300:
        is_page = content.lstrip()[:1] == b"<"
        if content and payload is None and (wants_json or is_page):
            raise BadAnswer("the answer is not JSON", status, reason="interposed")
        return payload
    if status < 400:
        raise BadAnswer("redirects are not followed", status, reason="interposed")
    error = error_from_answer(status, clean(payload))
    error.date = response.headers.get("Date")
    error.age = response.headers.get("Age")
    raise error

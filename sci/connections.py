"""Connections to SCI: used again at once or not at all.

Routers and firewalls forget idle connections without telling either end. What is sent
over a forgotten one may be lost, or may arrive without an answer coming back: for a
request that moves money that is an unknown outcome. So a connection that was idle for
more than a moment is closed, and each caller's POST goes over the connection that just
answered its own GET, or over a new one.
"""

import contextlib
import io
import os
import socket
import ssl
import threading
import time
from http.client import HTTPResponse
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar
from requests.exceptions import InvalidProxyURL, InvalidSchema, InvalidURL
from requests.utils import select_proxy
from urllib3.connection import CertificateError, HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    LocationValueError,
    NewConnectionError,
)
from urllib3.util.ssl_ import create_urllib3_context

from .errors import NoAnswer
from .names import addresses
from .urls import is_loopback

#: Seconds to look up a name and connect, and as many for TLS.
CONNECT_TIMEOUT = 3
#: Seconds for each address of a host that has many: longer than a slow line takes.
LEAST_CONNECT = 1
#: Seconds after which an idle connection is no longer used.
FRESH_FOR = 3
#: Idle connections that are kept for one origin.
MOST_IDLE = 200

#: Seconds and probes. A peer that has gone is noticed after 25 s, longer than any
#: request waits, so a short outage costs no answer.
_PROBES = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
_SOCKET_OPTIONS = [
    *HTTPConnection.default_socket_options,
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in _PROBES.items()
        if hasattr(socket, name)
    ),
]
#: What ``requests`` reads to find the certificate authorities to trust.
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

_tls_contexts = {}
_pools = {}


class UnusableProxy(ValueError):
    """The proxy of the environment has an address that nothing can be sent through.

    :param variable: environment variables that set it, with commas
    """

    def __init__(self, variable):
        super().__init__(variable)
        self.variable = variable


class ProxyNotTrusted(ssl.SSLError):
    """The certificate of an ``https://`` proxy is not one to trust."""


class _NoCookies(RequestsCookieJar):
    def set_cookie(self, cookie, *args, **kwargs):
        """mx51 uses none."""


class _Arriving(io.RawIOBase):
    """What arrives within the time that the socket has now. Its own limit is for each
    piece, so an answer that drips in would take for ever."""

    def __init__(self, sock):
        super().__init__()
        self._socket = sock
        self._pieces = sock.makefile("rb", buffering=0)
        self._limit = sock.gettimeout()
        self._until = time.monotonic() + self._limit

    def readable(self):
        return True

    def readinto(self, buffer):
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)
        return self._pieces.readinto(buffer)

    def close(self):
        if not self.closed:
            with contextlib.suppress(OSError):
                self._socket.settimeout(self._limit)
            self._pieces.close()
        return super().close()


class _Response(HTTPResponse):
    def __init__(self, sock, *args, **kwargs):
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Arriving(sock))


class _ConnectsInTime:
    """One limit for finding a host and for all its addresses, and a moment for each at
    least: urllib3 has none for the former, and gives each address the whole. What
    answers, a proxy too, has one limit in all."""

    response_class = _Response

    def _new_conn(self):
        connect_until = time.monotonic() + self.timeout
        found = self._addresses()
        seconds = (connect_until - time.monotonic()) / len(found)
        sock = self._connected(found, max(seconds, LEAST_CONNECT))
        sock.settimeout(self.timeout)
        return sock

    def _addresses(self):
        """They are what is connected to, so the name is looked up only once."""
        host = self._dns_host
        try:
            return addresses(host, self.port, self.timeout)
        except UnicodeError as exc:
            raise LocationParseError(host) from exc
        except OSError as exc:
            raise NewConnectionError(self, f"{host} is not known: {exc}") from exc

    def _connected(self, found, seconds):
        """A socket that is connected to the first of these addresses that answers.

        :param seconds: for each of them
        """
        for family, kind, protocol, _name, address in found:
            sock = None
            try:
                sock = socket.socket(family, kind, protocol)
                for option in self.socket_options:
                    sock.setsockopt(*option)
                sock.settimeout(seconds)
                sock.connect(address)
                return sock
            except OSError as exc:
                failure = exc
                if sock:
                    sock.close()
        is_silence = isinstance(failure, TimeoutError)
        kind = ConnectTimeoutError if is_silence else NewConnectionError
        raise kind(self, f"{self.host}: {failure}") from failure


class _HttpConnection(_ConnectsInTime, HTTPConnection):
    pass


class _HttpsConnection(_ConnectsInTime, HTTPSConnection):
    def _connect_tls_proxy(self, *args, **kwargs):
        try:
            return super()._connect_tls_proxy(*args, **kwargs)
        except (ssl.SSLCertVerificationError, CertificateError) as exc:
            raise ProxyNotTrusted from exc


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


_POOL_CLASSES = {"http": _HttpPool, "https": _HttpsPool}


class _Adapter(requests.adapters.HTTPAdapter):
    """``timeout`` is for the answer; connecting has its own limit.

    :ivar patience: seconds to wait for the answer, if fewer than ``timeout``
    """

    patience = None

    def __init__(self, tls_context):
        self._options = {"socket_options": _SOCKET_OPTIONS, "ssl_context": tls_context}
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        made = super().init_poolmanager(*args, **self._options, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOL_CLASSES
        return made

    def proxy_manager_for(self, proxy, **kwargs):
        try:
            manager = super().proxy_manager_for(proxy, **self._options, **kwargs)
        except UnicodeError as exc:  # in its user name or password
            raise InvalidProxyURL from exc
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOL_CLASSES
        return manager

    def cert_verify(self, conn, url, verify, cert):
        """The context has the authorities: to read them takes tens of milliseconds,
        for each connection if it were done here.

        :param verify: path of others, which are for a proxy too; else ``True``
        """
        if verify is not True:
            return super().cert_verify(conn, url, verify, cert)
        conn.cert_reqs = "CERT_REQUIRED"
        return None

    def send(self, request, *args, timeout=None, **kwargs):
        seconds = min(timeout, self.patience or timeout)
        return super().send(
            request, *args, timeout=(CONNECT_TIMEOUT, seconds), **kwargs
        )


class Connection:
    """One connection to one origin, for one request at a time. Certificate authorities
    and proxies are those of the environment, as ``requests`` reads it; what goes to
    this machine itself goes through no proxy.

    :raises NoAnswer: the certificate authorities cannot be read
    :ivar owner: whose POST it is kept for, ``None`` for anybody's GET
    """

    def __init__(self, url):
        self.owner = None
        self.idle_since = None
        self._session = requests.Session()
        self._session.cookies = _NoCookies()
        found = self._session.merge_environment_settings(url, {}, True, None, None)
        self._proxies = {} if is_loopback(url) else found["proxies"]
        self._proxy = select_proxy(url, self._proxies)
        is_tls = urlsplit(url).scheme == "https"
        context = _tls_context(found["verify"]) if is_tls else None
        self._verify = True
        if is_tls and (self._proxy or "").lower().startswith("https:"):
            # For such a proxy urllib3 uses paths, and no context of ours.
            self._verify = found["verify"] or True
        self._adapter = _Adapter(context if self._verify is True else None)
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)

    def prepared(self, request):
        return self._session.prepare_request(request)

    def send(self, prepared, timeout, patience=None):
        """:raises UnusableProxy: nothing was sent"""
        self._adapter.patience = patience
        try:
            return self._session.send(
                prepared,
                timeout=timeout,
                stream=True,
                verify=self._verify,
                cert=None,
                proxies=self._proxies,
                allow_redirects=False,
            )
        except (InvalidSchema, InvalidURL, LocationValueError) as exc:
            if not self._proxy:
                raise
            # Our own address was fine when the request was prepared.
            variable = _proxy_variable(prepared.url, self._proxy)
            raise UnusableProxy(variable) from exc

    def close(self):
        self._session.close()


def _proxy_variable(url, proxy):
    """The environment variables that set this proxy for ``url``, with commas; empty if
    none does."""
    names = (f"{urlsplit(url).scheme}_proxy", "all_proxy")
    found = (k for k, v in os.environ.items() if k.lower() in names and v == proxy)
    return ", ".join(sorted(found))


def ca_variable():
    """The environment variable that names the certificate authorities."""
    return next((name for name in _CA_VARIABLES if os.environ.get(name)), "")


def _tls_context(authorities):
    """:param authorities: path of a file or folder; ``True`` or empty for the usual"""
    path = requests.certs.where() if authorities in (True, "") else authorities
    try:
        key = (path, os.stat(path).st_mtime_ns)
        context = _tls_contexts.get(key)
        if not context:
            context = create_urllib3_context()
            kind = "capath" if os.path.isdir(path) else "cafile"
            context.load_verify_locations(**{kind: path})
            _tls_contexts.clear()
            _tls_contexts[key] = context
        return context
    except OSError as exc:
        raise NoAnswer(
            type(exc).__name__, sent=False, reason="ca_file", variable=ca_variable()
        ) from exc


class Pool:
    """The idle connections to one origin, the one that was used last at the end."""

    def __init__(self):
        self._idle = []
        self._lock = threading.Lock()

    def take(self, owner=None):
        """A connection that was used a moment ago and is kept for ``owner``, or
        ``None``."""
        with self._lock:
            stale = self._removed_stale()
            found = next((c for c in reversed(self._idle) if c.owner is owner), None)
            if found:
                self._idle.remove(found)
        for connection in stale:
            connection.close()
        return found

    def give_back(self, connection, owner=None):
        """Keep a connection that has answered.

        :param owner: who may send a POST over it next, and nobody else
        """
        connection.owner = owner
        connection.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(connection)
            surplus = self._idle.pop(0) if len(self._idle) > MOST_IDLE else None
        if surplus:
            surplus.close()

    def clear(self):
        """Use none of them again: one was dead, so the others may be as well."""
        with self._lock:
            dead, self._idle = self._idle, []
        for connection in dead:
            connection.close()

    def _removed_stale(self):
        oldest = time.monotonic() - FRESH_FOR
        count = next(
            (n for n, c in enumerate(self._idle) if c.idle_since >= oldest),
            len(self._idle),
        )
        stale, self._idle = self._idle[:count], self._idle[count:]
        return stale


def pool_of(url):
    key = urlsplit(url)[:2]
    return _pools.get(key) or _pools.setdefault(key, Pool())

"""The HTTP server: keep-alive, threads, and every way in which a network can fail.

``http.server`` reads the requests, Werkzeug's Request and Response carry them
through the routes. The socket stays ours, because faults need it.
"""

import json
import selectors
import socket
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from werkzeug.wrappers import Response

LARGEST_BODY = 1_000_000


@dataclass(frozen=True)
class ApiRequest:
    """One request as it came over the wire."""

    method: str
    #: path and query exactly as on the request line
    target: str
    #: (name, value) of each header line
    headers: tuple
    body: bytes
    #: whether the client is still there
    connected: object = lambda: True

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        """The last value of each query parameter."""
        parts = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {name: values[-1] for name, values in parts.items()}

    @property
    def host(self):
        return self.header("Host") or ""

    def header_lines(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def header(self, name):
        lines = self.header_lines(name)
        return lines[0].strip() if lines else None

    def json(self):
        """The body as a JSON object.

        :raises ValueError: when it is not one
        """
        data = json.loads(self.body)
        if not isinstance(data, dict):
            raise ValueError("The body is not a JSON object.")
        return data


def json_response(data, status=200):
    return Response(
        json.dumps(data), status=status, content_type="application/json; charset=utf-8"
    )


class Server(ThreadingHTTPServer):
    """One listening address.

    :param routes: answers an ApiRequest with (Response, Fault or None)
    """

    daemon_threads = True
    request_queue_size = 128
    # A second sandbox on the same port has to fail, not share it.
    allow_reuse_port = False

    def __init__(self, address, routes):
        self.routes = routes
        super().__init__(address, Handler)

    def handle_error(self, request, client_address):
        """Ignore a client that has gone away."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mx51-sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= LARGEST_BODY or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self._write(json_response({"error": {"code": "bad_length"}}, 400))
            return
        request = ApiRequest(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=self.rfile.read(length) if length else b"",
            connected=self._connected,
        )
        response, fault = self.server.routes(request)
        if fault:
            getattr(self, f"_fault_{fault.action}", self._fault_none)(fault, response)
        else:
            self._write(response)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_GET

    def version_string(self):
        return self.server_version

    def date_time_string(self, timestamp=None):
        """The ``Date`` of an answer, by the sandbox's own clock."""
        return super().date_time_string(timestamp or self.server.routes.now())

    def log_message(self, format, *args):
        """Nothing: the log of exchanges says more."""

    def _connected(self):
        """False once the client has closed its side."""
        with selectors.DefaultSelector() as ready:  # unlike select(), for any number
            ready.register(self.connection, selectors.EVENT_READ)
            if not ready.select(timeout=0):
                return True
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _start(self, response, length):
        self.send_response(response.status_code)
        for name, value in response.headers:
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        if response.status_code != 204:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _write(self, response):
        body = response.get_data()
        self._start(response, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    # -- faults --------------------------------------------------------------------

    def _drop(self):
        """Close without an answer and abruptly, so that the client notices at once."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _fault_none(self, fault, response):
        self._write(response)

    def _fault_drop_before(self, fault, response):
        self._drop()

    _fault_drop_after = _fault_drop_before

    def _fault_delay_after(self, fault, response):
        time.sleep(fault.seconds)
        self._write(response)

    def _fault_status(self, fault, response):
        body = fault.body
        if body is None:
            code = {"code": "internal_error", "message": "Internal server error"}
            body = {"error": code}
        if not isinstance(body, str):
            body = json.dumps(body)
        answer = Response(body, fault.status, content_type="application/json")
        answer.headers.extend(fault.headers or {})
        self._write(answer)

    def _fault_garbage(self, fault, response):
        body = fault.body if isinstance(fault.body, str) else '<html>{"data": oops'
        self._write(Response(body, fault.status if fault.status != 500 else 200))

    def _fault_hang(self, fault, response):
        deadline = time.monotonic() + fault.seconds
        while time.monotonic() < deadline and self._connected():
            time.sleep(0.05)
        self._drop()

    def _fault_truncated(self, fault, response):
        body = response.get_data()
        self._start(response, len(body) or 10)
        self.wfile.write(body[: len(body) // 2])
        self._drop()

    def _fault_huge(self, fault, response):
        body = response.get_data()
        response.set_data(body + b" " * max(0, fault.size - len(body)))
        self._write(response)

    def _fault_slow_drip(self, fault, response):
        body = response.get_data()
        self._start(response, len(body))
        starts = range(0, len(body), max(1, len(body) // 50))
        for start in starts:
            self.wfile.write(body[start : start + starts.step])
            self.wfile.flush()
            time.sleep(fault.seconds / len(starts))

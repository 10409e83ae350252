"""Servers on this machine for tests of what networks do: plain sockets, no Odoo."""

import contextlib
import datetime
import http.server
import ipaddress
import select
import socket
import struct
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

VERSION_1 = b'{"data":{"id":"t1","version":1,"status":"PENDING"}}'


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def _handle(self):
        length = int(self.headers.get("Content-Length") or 0)
        request = SimpleNamespace(
            method=self.command,
            path=self.path,
            headers=self.headers,
            body=self.rfile.read(length),
            port=self.client_address[1],
        )
        self.server.requests.append(request)
        status, headers, content = self.server.answer(request)
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": len(content)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _handle

    def log_message(self, *args):
        """Nothing."""


class Origin(http.server.ThreadingHTTPServer):
    """An HTTP server that gives ``answer(request)`` = status, headers, content, and
    keeps the requests. Those with the same ``port`` came over one connection.

    :param tls: ``ssl.SSLContext`` of a TLS server
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests = []
        self.answer = lambda request: (200, {}, VERSION_1)
        self.url = f"http://127.0.0.1:{self.server_port}"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
            self.url = f"https://localhost:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Clients that hang up are what the tests are about."""

    def ports(self):
        return [request.port for request in self.requests]


def silent_port(add_cleanup):
    """A port whose queue is full, so that connecting gets no answer."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    add_cleanup(listener.close)
    for _number in range(4):
        client = socket.socket()
        add_cleanup(client.close)
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
    return listener.getsockname()[1]


class Nameserver:
    """Who is asked for ``localhost``, and is silent but between ``answer()`` and
    ``fall_silent()``.

    :ivar asked: the ports that were asked for with the name
    """

    def __init__(self, add_cleanup):
        self.asked = []
        self._answers = threading.Event()
        self._getaddrinfo = socket.getaddrinfo
        instead = patch.object(socket, "getaddrinfo", self._look_up)
        instead.start()
        add_cleanup(instead.stop)
        add_cleanup(self.answer)

    def answer(self):
        self._answers.set()

    def fall_silent(self):
        self._answers.clear()

    def _look_up(self, host, port, *args, **kwargs):
        if host == "localhost":
            self.asked.append(port)
            self._answers.wait(20)
        return self._getaddrinfo(host, port, *args, **kwargs)


class _Relay:
    """Accepts connections and passes them on, each in a thread of its own.

    :param tls: ``ssl.SSLContext`` of a TLS server
    """

    def __init__(self, tls=None):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if tls:
            self._listener = tls.wrap_socket(
                self._listener, server_side=True, do_handshake_on_connect=False
            )
            self.url = f"https://localhost:{self.port}"
        self.accepted = []
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        if self._listener.fileno() < 0:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self.accepted:
            client.close()

    def _accept(self):
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self.accepted.append(client)
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        """Until it is cut, at this end or the other."""
        with contextlib.suppress(OSError, ValueError), client:
            self.serve(client)

    def serve(self, client):
        raise NotImplementedError

    def pass_on(self, client, server):
        with server:
            while True:
                readable, _w, _x = select.select([client, server], [], [])
                for one, other in ((client, server), (server, client)):
                    if one in readable:
                        data = one.recv(65536)
                        if not data:
                            return
                        if one is server or self.passes(client, data):
                            other.sendall(data)

    def passes(self, client, data):
        """Whether what a client sends gets through."""
        return True


class Dripping(_Relay):
    """Answers with a header that takes 10 s, piece by piece."""

    def serve(self, client):
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        for _piece in range(100):
            client.sendall(b".")
            time.sleep(0.1)


class Forwarder(_Relay):
    """Passes connections on to ``port`` until it is told to forget them."""

    def __init__(self, port):
        self._target = ("127.0.0.1", port)
        self._forgotten = {}
        super().__init__()

    def forget(self, how):
        """:param how: what becomes of data on the connections that exist: ``reset``
        or ``swallow``"""
        self._forgotten.update(dict.fromkeys(self.accepted, how))

    def serve(self, client):
        self.pass_on(client, socket.create_connection(self._target))

    def passes(self, client, data):
        how = self._forgotten.get(client)
        if how == "reset":
            reset(client)
            raise OSError
        return how is None


class Proxy(_Relay):
    """A proxy for CONNECT.

    :ivar refusal: status line it answers instead of making a tunnel
    :ivar cut_after: bytes of the client after which one tunnel is cut
    :ivar heard: what clients have sent before there was a tunnel
    """

    def __init__(self, tls=None):
        self.refusal = None
        self.cut_after = None
        self.heard = b""
        super().__init__(tls)

    def serve(self, client):
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            piece = client.recv(65536)
            if not piece:
                return
            data += piece
            self.heard += piece
        if self.refusal:
            client.sendall(b"HTTP/1.1 %s\r\n\r\n" % self.refusal)
            return
        port = int(data.split()[1].rpartition(b":")[2])
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        self.passed = 0
        self.pass_on(client, socket.create_connection(("127.0.0.1", port)))

    def passes(self, client, data):
        self.passed += len(data)
        if self.cut_after is not None and self.passed > self.cut_after:
            self.cut_after = None
            raise OSError
        return True


def reset(connection):
    """Close it with RST."""
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def self_signed(folder, host="localhost", days=(-1, 1)):
    """:param days: first and last day it is valid, from today
    :return: path of a file with a certificate for ``host`` and its key"""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.timezone.utc)
    first, last = (now + datetime.timedelta(days=number) for number in days)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False
        )
        .sign(key, hashes.SHA256())
    )
    path = Path(folder) / f"{certificate.serial_number}.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path

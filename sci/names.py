"""Names of hosts are looked up in bounded time.

``getaddrinfo`` has no limit of its own: with nameservers that are silent it takes 20 s
and more. So it is called in the background, once for all who ask for the same name.
Where only the first nameserver is silent each lookup takes 5 s, so what was found last
is used meanwhile.
"""

import ipaddress
import logging
import socket
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet

from urllib3.util.connection import allowed_gai_family

_logger = logging.getLogger(__name__)

#: Seconds that what was found stands in for a lookup that takes too long.
STANDS_IN_FOR = 3600

_lock = threading.Lock()
#: ``{(host, port): Future}`` of lookups that have not ended.
_running = {}
#: ``{(host, port): (when, what)}`` was found last.
_found = {}


def addresses(host, port, seconds):
    """Where a connection may go, as ``socket.getaddrinfo`` gives it.

    :param seconds: what a lookup may take. It goes on after that, and whoever asks for
        the same name meanwhile waits for it and starts no other
    :raises socket.gaierror: the name is not known, or was not found in time nor within
        the last hour
    :raises UnicodeError: it cannot be a name
    """
    if _is_literal(host):
        return _look_up(host, port)
    try:
        return _lookup(host, port).result(seconds)
    except NotYet as exc:
        when, found = _found.get((host, port), (0, None))
        if found and time.monotonic() - when < STANDS_IN_FOR:
            return found
        raise socket.gaierror(
            socket.EAI_AGAIN, f"no nameserver has answered within {seconds} s"
        ) from exc


def _is_literal(host):
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _look_up(host, port):
    return socket.getaddrinfo(
        host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM
    )


def _lookup(host, port):
    """The running lookup of this name, or one that begins now."""
    key = host, port
    with _lock:
        running = _running.get(key)
        if running:
            return running
        begun = _running[key] = Future()
    thread = threading.Thread(
        target=_run, args=[key, begun], name="mx51_sci lookup", daemon=True
    )
    try:
        thread.start()
    except RuntimeError as exc:  # there are too many
        _logger.warning("A name is looked up without a limit: %s", exc)
        _run(key, begun)
    return begun


def _run(key, lookup):
    try:
        found = _look_up(*key)
    except BaseException as exc:
        _end(key)
        lookup.set_exception(exc)
    else:
        _found[key] = time.monotonic(), found
        _end(key)
        lookup.set_result(found)


def _end(key):
    with _lock:
        del _running[key]

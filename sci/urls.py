"""Where requests may go: https, one origin per pairing, loopback for sandboxes."""

import ipaddress
import re
from urllib.parse import urlsplit

_HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*\.?")
DEFAULT_PORTS = {"http": 80, "https": 443}


class UnsafeUrl(ValueError):
    """A URL that no request with a secret may be sent to; its text says why."""


def _host(parts):
    return (parts.hostname or "").lower().removesuffix(".")


def is_loopback(url):
    """Whether the host of ``url`` is this machine, which is how a sandbox is known."""
    try:
        host = _host(urlsplit(url or ""))
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_HOST_NAME.fullmatch(host))
    return True


def checked_base_url(url, *, allow_loopback_http=False):
    """Return ``url`` without a trailing slash if requests may be sent to it.

    It needs https and a host, and has no user info, query or fragment. Plain http is
    for loopback hosts only, and only with ``allow_loopback_http``: a live pairing
    cannot send a shop's payments to a local port.

    :raises UnsafeUrl: for everything else
    """
    text = (url or "").strip() if isinstance(url, str) else ""
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError as exc:
        raise UnsafeUrl("not a URL") from exc
    if any(c.isspace() or ord(c) < 32 or c == "\\" for c in text):
        raise UnsafeUrl("spaces or control characters in the URL")
    if not _is_host(parts.hostname or ""):
        raise UnsafeUrl("no host in the URL")
    if "@" in parts.netloc:
        raise UnsafeUrl("user information in the URL")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise UnsafeUrl("a query or a fragment in the URL")
    if parts.scheme == "https" or (
        parts.scheme == "http" and allow_loopback_http and is_loopback(text)
    ):
        return text.rstrip("/")
    raise UnsafeUrl("the URL must start with https://")


def origin(url):
    """(scheme, host, port) of ``url``: what a ``submit_url`` shares with its pairing.
    A dot at the end of the host makes no difference."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except (ValueError, AttributeError, TypeError) as exc:
        raise UnsafeUrl("not a URL") from exc
    return parts.scheme, _host(parts), port


def authority(url):
    """``@authority`` of RFC 9421 2.2.3: lower-case host, and the port unless it is the
    scheme's default."""
    scheme, host, port = origin(url)
    if ":" in host:
        host = f"[{host}]"
    return host if port == DEFAULT_PORTS.get(scheme) else f"{host}:{port}"

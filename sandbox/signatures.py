"""The check of HTTP Message Signatures (RFC 9421) on calls of the SCI API.

The signature base and the HMAC are verified by ``http-message-signatures``; this
module adds what mx51 demands beyond the RFC: the exact spelling of
Signature-Input, the digest of the body, and a clock within six seconds.
"""

import base64
import hashlib
import re
import time
import warnings
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

#: A difference of this many seconds between the clocks is refused.
CLOCK_SKEW = 6

SIGNATURE_INPUT = re.compile(
    r'sig1=\("@method" "@authority" "@request-target"(?P<digest> "content-digest")?\)'
    r';created=(?P<created>\d{1,12});alg="hmac-sha256";keyid="(?P<keyid>[^"\\]+)"'
)


class NotValid(Exception):
    """The signature does not hold. The text is the verdict for the log."""


@dataclass(frozen=True)
class SignedMessage:
    """A request in the shape that the library reads."""

    method: str
    url: str
    headers: dict
    #: the request target as it stood on the request line
    request_target: str


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key):
        self._key = key

    def resolve_public_key(self, key_id):
        return self._key

    resolve_private_key = resolve_public_key


class _Verifier(HTTPMessageVerifier):
    # The window for `created` is checked here, the same way in both directions.
    max_clock_skew = timedelta(days=365_000)


def key_id(request):
    """Who claims to have signed a call, or None."""
    found = SIGNATURE_INPUT.fullmatch(request.header("Signature-Input") or "")
    return found and found["keyid"]


def verify(request, secret_of, settings, bodyless=False):
    """Check the signature of a call.

    :param request: the :class:`sandbox.server.ApiRequest`
    :param secret_of: gives the signing secret (text) of a key id, or None
    :param settings: the sandbox's switches
    :param bodyless: whether it is a POST that needs no body
    :returns: the key id
    :raises NotValid: with the reason
    """
    found = _spelling(request, settings)
    skew = int(time.time() + settings["clock_offset"]) - int(found["created"])
    if abs(skew) >= CLOCK_SKEW:
        raise NotValid(f"clock skew: created is {abs(skew)} s {_side(skew)}")
    if found["digest"]:
        _check_digest(request, settings, bodyless)
    secret = secret_of(found["keyid"])
    if secret is None:
        raise NotValid(f"unknown keyid {found['keyid']} at {request.host}")
    _check_hmac(request, secret, settings["authority"])
    return found["keyid"]


def _spelling(request, settings):
    """The parts of Signature-Input, if it is written exactly as documented."""
    for name in ("Signature-Input", "Signature", "Content-Digest"):
        if len(request.header_lines(name)) > 1:
            raise NotValid(f"{name} is there more than once")
    if not request.header("Signature-Input") or not request.header("Signature"):
        raise NotValid("not signed: Signature-Input or Signature is missing")
    found = SIGNATURE_INPUT.fullmatch(request.header("Signature-Input"))
    if not found:
        raise NotValid("Signature-Input is not spelled as documented")
    has_digest = bool(found["digest"])
    if request.method in ("POST", "PUT", "PATCH"):
        if not has_digest:
            raise NotValid("content-digest is not signed")
    elif settings["get_digest"] == "required" and not has_digest:
        raise NotValid("content-digest is not signed on GET (switch get_digest)")
    elif settings["get_digest"] == "refused" and has_digest:
        raise NotValid("content-digest is signed on GET (switch get_digest)")
    return found


def _check_digest(request, settings, bodyless):
    digest = base64.b64encode(hashlib.sha256(request.body).digest()).decode()
    if request.header("Content-Digest") != f"sha-256=:{digest}:":
        raise NotValid("content-digest does not match the body")
    expected = {"empty": b"", "object": b"{}"}.get(settings["empty_body"])
    if bodyless and expected is not None and request.body != expected:
        raise NotValid("the other empty body is expected (switch empty_body)")


def _check_hmac(request, secret, authority):
    hosts = {
        "with_port": [request.host],
        "without_port": [urlsplit(f"//{request.host}").hostname],
        "any": [request.host, urlsplit(f"//{request.host}").hostname],
    }[authority]
    verifier = _Verifier(
        signature_algorithm=algorithms.HMAC_SHA256,
        key_resolver=_Keys(secret.encode()),
    )
    headers = {
        name: request.header(name)
        for name in ("Content-Digest", "Signature-Input", "Signature")
        if request.header(name)
    }
    reason = None
    for host in hosts:
        url = f"http://{host}{request.target}"
        message = SignedMessage(request.method, url, headers, request.target)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                verifier.verify(message, max_age=None)
            return
        except Exception as error:  # the library raises more kinds than its own
            reason = error
    raise NotValid(f"the signature does not verify ({type(reason).__name__})")


def _side(skew):
    return "behind" if skew > 0 else "ahead"

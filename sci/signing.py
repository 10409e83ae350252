"""HTTP Message Signatures (RFC 9421, HMAC-SHA256) as SCI requires them.

There is one label, ``sig1``; the components and their order are fixed
(docs/protocol.md 1.3)::

    sig1=("@method" "@authority" "@request-target" "content-digest")
         ;created=<unix seconds>;alg="hmac-sha256";keyid="<key_id>"
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from requests.auth import AuthBase

from .urls import authority

METHODS_WITH_DIGEST = ("POST", "PUT", "PATCH")


def content_digest(body):
    """``Content-Digest`` of the raw ``body``; no body counts as the empty string."""
    digest = hashlib.sha256(body or b"").digest()
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def signature_params(names, params):
    """The value of ``Signature-Input`` without its label.

    :param names: covered components, in order
    :param params: mapping of signature parameters, in order; integers are
        written bare, texts in quotes
    """
    covered = " ".join(f'"{name}"' for name in names)
    tail = "".join(
        f";{key}={value}" if isinstance(value, int) else f';{key}="{value}"'
        for key, value in params.items()
    )
    return f"({covered}){tail}"


def signature_base(components, params):
    """The text that is signed (RFC 9421 2.5): separated by LF, no LF at the end.

    :param components: mapping, or pairs, of component name to value, in order
    :param params: mapping of signature parameters, or the finished value of
        ``Signature-Input`` without its label
    """
    pairs = components.items() if isinstance(components, Mapping) else components
    pairs = [(name.strip('"'), value) for name, value in pairs]
    if not isinstance(params, str):
        params = signature_params([name for name, _value in pairs], params)
    lines = [f'"{name}": {value}' for name, value in pairs]
    return "\n".join([*lines, f'"@signature-params": {params}'])


def hmac_signature(key, base):
    """Base64 of HMAC-SHA256 of ``base`` under ``key`` (texts are UTF-8)."""
    key = key.encode() if isinstance(key, str) else key
    base = base.encode() if isinstance(base, str) else base
    return base64.b64encode(hmac.new(key, base, hashlib.sha256).digest()).decode()


class SciAuth(AuthBase):
    """Sign the bytes that are about to be sent.

    :param key_id: the pairing's ``key_id``
    :param secret: Part A and Part B joined as text; the bytes of that text are the
        key, it is not hex-decoded
    :param clock: returns seconds since the epoch; mx51 refuses a signature whose
        time is 6 s off (docs/protocol.md 1.4)
    """

    def __init__(self, key_id, secret, clock=time.time):
        self.key_id = key_id
        self._secret = secret
        self._clock = clock

    def __repr__(self):
        return f"<SciAuth {self.key_id}>"

    def __call__(self, request):
        parts = urlsplit(request.url)
        target = parts.path or "/"
        if parts.query:
            target += f"?{parts.query}"
        components = {
            "@method": request.method.upper(),
            "@authority": authority(request.url),
            "@request-target": target,
        }
        if request.method.upper() in METHODS_WITH_DIGEST:
            body = request.body or b""
            body = body.encode() if isinstance(body, str) else body
            components["content-digest"] = content_digest(body)
            request.headers["Content-Digest"] = components["content-digest"]
        params = signature_params(
            components,
            {
                "created": int(self._clock()),
                "alg": "hmac-sha256",
                "keyid": self.key_id,
            },
        )
        signature = hmac_signature(self._secret, signature_base(components, params))
        # Otherwise urllib3 would make it, and not always like this.
        request.headers["Host"] = components["@authority"]
        request.headers["Signature-Input"] = f"sig1={params}"
        request.headers["Signature"] = f"sig1=:{signature}:"
        return request

"""How long it takes to sign one request."""

import statistics
import timeit

import requests

from sci.signing import SciAuth

from .table import Line

GOAL = 60e-6
URL = "https://sci.example.com/v1/transactions"
BODY = b'{"purchase_details":{"purchase_amount":1250}}'
COMPONENTS = ("@method", "@authority", "@path", "content-digest")


def measure(topology):
    times = 500 if topology.quick else 5000
    ours, theirs = _ours(), _theirs()
    seconds = {
        name: statistics.median(timeit.repeat(sign, number=times, repeat=5)) / times
        for name, sign in (("ours", ours), ("theirs", theirs))
    }
    return [
        Line(
            "signing one request",
            f"{seconds['ours'] * 1e6:.0f} µs",
            goal=f"≤ {GOAL * 1e6:.0f} µs",
            met=seconds["ours"] <= GOAL,
        ),
        Line("… http-message-signatures", f"{seconds['theirs'] * 1e6:.0f} µs"),
    ]


def _prepared():
    headers = {"Content-Type": "application/json"}
    return requests.Request("POST", URL, headers=headers, data=BODY).prepare()


def _ours():
    auth, request = SciAuth("key", "part-a-part-b"), _prepared()
    return lambda: auth(request)


def _theirs():
    import hashlib

    import http_sf
    from http_message_signatures import (
        HTTPMessageSigner,
        HTTPSignatureKeyResolver,
        algorithms,
    )

    class Keys(HTTPSignatureKeyResolver):
        def resolve_private_key(self, key_id):
            return b"part-a-part-b"

    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys()
    )
    request = _prepared()

    def sign():
        for name in ("Signature", "Signature-Input"):
            request.headers.pop(name, None)
        digest = hashlib.sha256(BODY).digest()
        request.headers["Content-Digest"] = str(http_sf.ser({"sha-256": digest}))
        signer.sign(
            request,
            key_id="key",
            covered_component_ids=COMPONENTS,
            use_existing_digest=True,
        )

    return sign

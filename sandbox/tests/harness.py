"""A running sandbox, and a POS that signs its calls.

The POS signs with ``http-message-signatures``, not with code of the sandbox or the
addon.
"""

import base64
import hashlib
import json
import time
from datetime import datetime, timezone

import requests
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPSignatureKeyResolver,
    algorithms,
)

from sandbox import client

API_KEY, PART_A = client.API_KEY, client.SIGNING_SECRET_PART_A
SIGNED = ("@method", "@authority", "@request-target")


class Sandbox(client.Sandbox):
    """The sandbox with a state file, which survives a restart."""

    def __init__(self, state, *options):
        super().__init__("--state", state, "--hold", 1, *options)
        self.session = requests.Session()

    def progress(self, code, key=API_KEY, nickname="Bar register"):
        """The POS sends a pairing code."""
        return self.session.post(
            f"{self.url}/v1/progress-pairing",
            json={"pairing_code": code, "pairing_nickname": nickname},
            headers={"Authorization": f"ApiKey {key}"},
        )

    def pair(self, terminal="front-bar", confirm=True):
        """A POS that is paired with a terminal."""
        code = self.touch("start_pairing", terminal)["pairing_code"]
        data = self.progress(code).json()["data"]
        if confirm:
            self.touch("confirm", terminal)
        return Pos(data)


class _Key(HTTPSignatureKeyResolver):
    def __init__(self, key):
        self.key = key

    def resolve_private_key(self, key_id):
        return self.key

    resolve_public_key = resolve_private_key


class LikeMx51(HTTPMessageSigner):
    """Writes the parameters in mx51's order, which is not that of the library."""

    order = ("created", "alg", "keyid")

    def _build_signature_base(self, message, *, signature_params, **rest):
        ordered = {name: signature_params[name] for name in self.order}
        return super()._build_signature_base(message, signature_params=ordered, **rest)


class Pos:
    """The POS side of one pairing."""

    signer = LikeMx51

    def __init__(self, data, part_a=PART_A):
        self.data = data
        self.base_url = data.get("spi_cloud_api_base_url") or data["sci_api_base_url"]
        self.secret = (part_a + data["signing_secret_part_b"]).encode()
        self.session = requests.Session()

    def call(self, method, path, body=None, **sign):
        """Send a signed call.

        :param body: bytes, or what becomes compact JSON
        :param sign: see :meth:`signed`
        """
        return self.session.send(self.signed(method, path, body, **sign), timeout=10)

    def signed(self, method, path, body=None, skew=0, components=None, digest=True):
        """A prepared call.

        :param skew: seconds that the clock of the POS is ahead
        :param components: other components than the documented ones
        :param digest: whether Content-Digest is that of the body
        """
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, separators=(",", ":")).encode()
        request = requests.Request(method, f"{self.base_url}{path}", data=body)
        prepared = self.session.prepare_request(request)
        covered = components or SIGNED
        if method == "POST" and not components:
            covered += ("content-digest",)
        if "content-digest" in covered:
            hashed = hashlib.sha256((body or b"") if digest else b"other").digest()
            encoded = base64.b64encode(hashed).decode()
            prepared.headers["Content-Digest"] = f"sha-256=:{encoded}:"
        self.signer(
            signature_algorithm=algorithms.HMAC_SHA256, key_resolver=_Key(self.secret)
        ).sign(
            prepared,
            key_id=self.data["key_id"],
            label="sig1",
            created=datetime.fromtimestamp(int(time.time()) + skew, timezone.utc),
            covered_component_ids=covered,
            **_keep_digest(covered),
        )
        return prepared

    def purchase(self, cents=1250, **amounts):
        """Create a purchase; its transaction as mx51 answers it."""
        details = {"purchase_amount": cents, **amounts}
        return self.create({"purchase_details": details})

    def create(self, data):
        answer = self.call("POST", "/v1/transactions", data)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def poll(self, transaction, version=None):
        """Ask for the next version."""
        version = version or transaction["version"] + 1
        path = f"/v1/transactions/{transaction['id']}?min_version={version}"
        return self.call("GET", path)

    def follow(self, transaction, until="FINALISED"):
        """Poll until the transaction has a status."""
        while transaction["status"] != until:
            answer = self.poll(transaction)
            if answer.status_code == 200:
                transaction = answer.json()["data"]
            else:
                assert "within_timeout" in answer.text, answer.text
        return transaction

    def press(self, transaction, key, inputs=None):
        """Press a button of the form that posts to mx51."""
        form = transaction["pos_instructions"]["action_form"]
        url = form["properties"][key]["submit_url"]
        assert url.startswith(self.base_url)
        return self.call("POST", url[len(self.base_url) :], inputs)


def _keep_digest(covered):
    """From version 3 on, the library replaces a digest unless it is told not to."""
    names = HTTPMessageSigner.sign.__kwdefaults__
    if "content-digest" in covered and "use_existing_digest" in names:
        return {"use_existing_digest": True}
    return {}


def code_of(answer):
    """The error code of an answer, with its HTTP status."""
    return answer.status_code, answer.json()["error"]["code"]

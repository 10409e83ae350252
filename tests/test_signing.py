import base64

import http_message_signatures
import requests
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver

from odoo.tests import BaseCase, tagged

from ..sci.signing import SciAuth, content_digest, hmac_signature, signature_base

#: RFC 9421, appendix B.2.5 and B.1.5.
RFC_KEY = base64.b64decode(
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasj"
    "lTMtDQ=="
)
RFC_COMPONENTS = {
    "date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "@authority": "example.com",
    "content-type": "application/json",
}
RFC_PARAMS = {"created": 1618884473, "keyid": "test-shared-secret"}
RFC_SIGNATURE = "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="


class _Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        return b"partApartB"


@tagged("post_install", "-at_install")
class TestSigning(BaseCase):
    def signed(self, method, url, **kwargs):
        auth = SciAuth("kid_1", "partApartB", clock=lambda: 1715151961.9)
        return requests.Request(method, url, auth=auth, **kwargs).prepare()

    def verified(self, request):
        """What was signed, according to an independent implementation."""
        verifier = HTTPMessageVerifier(
            signature_algorithm=http_message_signatures.algorithms.HMAC_SHA256,
            key_resolver=_Keys(),
        )
        verifier.max_clock_skew = None
        verifier.validate_created_and_expires = lambda *args, **kwargs: None
        (result,) = verifier.verify(request)
        return {
            name: value
            for name, value in result.covered_components.items()
            if not name.startswith('"@signature-params"')
        }

    def test_the_vector_in_the_rfc(self):
        base = signature_base(RFC_COMPONENTS, RFC_PARAMS)
        self.assertEqual(
            base,
            '"date": Tue, 20 Apr 2021 02:07:55 GMT\n'
            '"@authority": example.com\n'
            '"content-type": application/json\n'
            '"@signature-params": ("date" "@authority" "content-type")'
            ';created=1618884473;keyid="test-shared-secret"',
        )
        self.assertEqual(hmac_signature(RFC_KEY, base), RFC_SIGNATURE)

    def test_a_post_signs_its_digest_in_the_documented_order(self):
        request = self.signed(
            "POST", "https://SCI-API.example/v1/transactions", data=b'{"a":1}'
        )
        self.assertEqual(
            request.headers["Signature-Input"],
            'sig1=("@method" "@authority" "@request-target" "content-digest")'
            ';created=1715151961;alg="hmac-sha256";keyid="kid_1"',
        )
        self.assertEqual(
            self.verified(request),
            {
                '"@method"': "POST",
                '"@authority"': "sci-api.example",
                '"@request-target"': "/v1/transactions",
                '"content-digest"': content_digest(b'{"a":1}'),
            },
        )

    def test_a_get_signs_its_query_and_no_digest(self):
        request = self.signed(
            "GET", "https://sci-api.example/v1/transactions/1?min_version=2"
        )
        self.assertNotIn("Content-Digest", request.headers)
        self.assertEqual(
            self.verified(request)['"@request-target"'],
            "/v1/transactions/1?min_version=2",
        )

    def test_a_post_without_a_body_signs_the_empty_string(self):
        request = self.signed("POST", "https://sci-api.example/v1/unpair")
        self.assertEqual(
            request.headers["Content-Digest"],
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
        )
        self.assertFalse(request.body)
        self.verified(request)

    def test_a_port_that_is_not_the_default_is_part_of_the_authority(self):
        for url, authority in (
            ("http://localhost:8051/x", "localhost:8051"),
            ("https://a.example:443/x", "a.example"),
            ("http://[::1]:8051/x", "[::1]:8051"),
        ):
            components = self.verified(self.signed("GET", url))
            self.assertEqual(components['"@authority"'], authority)

    def test_the_authority_that_is_signed_is_the_host_that_is_sent(self):
        for url, host in (
            ("https://a.example./x", "a.example"),
            ("https://A.example:443/x", "a.example"),
            ("http://localhost:8051/x", "localhost:8051"),
        ):
            request = self.signed("GET", url)
            self.assertEqual(request.headers["Host"], host)
            request.url = f"https://{request.headers['Host']}/x"
            self.assertEqual(self.verified(request)['"@authority"'], host)

    def test_the_secret_is_in_no_representation(self):
        self.assertNotIn("part", repr(SciAuth("kid_1", "partApartB")))

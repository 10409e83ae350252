import os
import shutil
import ssl
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from ..sci import client, connections, errors
from .network import Dripping, Origin, Proxy, self_signed
from .test_transport import PURCHASE, NetworkCase

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@tagged("post_install", "-at_install")
class TestTls(NetworkCase):
    """Certificates and proxies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.trusted = self_signed(cls.folder)
        cls.for_another_host = self_signed(cls.folder, "another.example")

    def setUp(self):
        super().setUp()
        self.environ(REQUESTS_CA_BUNDLE="", CURL_CA_BUNDLE="", NO_PROXY="", no_proxy="")

    def environ(self, **values):
        patched = patch.dict(os.environ, values)
        patched.start()
        self.addCleanup(patched.stop)

    def context(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        return context

    def serve(self, certificate):
        server = Origin(self.context(certificate))
        self.addCleanup(server.stop)
        return server

    def trust(self, *certificates):
        bundle = self.folder / "trusted.pem"
        bundle.write_bytes(b"".join(path.read_bytes() for path in certificates))
        self.environ(REQUESTS_CA_BUNDLE=str(bundle))

    def assert_nothing_left(self, url, reason, variable=""):
        """Not for a GET, a POST with a body and one without."""
        for call in (
            lambda api: api.pairing_info(),
            lambda api: api.create_transaction(PURCHASE),
            lambda api: api.cancel_transaction("t1"),
        ):
            with self.assertRaises(errors.NoAnswer) as caught:
                call(self.api(url))
            error = caught.exception
            self.assertEqual((error.reason, error.variable), (reason, variable))
            self.assertEqual(error.host, url.removeprefix("https://"))
            self.assertTrue(error.did_nothing)

    def test_a_certificate_that_is_not_trusted_is_named(self):
        server = self.serve(self.trusted)
        self.assert_nothing_left(server.url, "certificate")
        self.assertFalse(server.requests)

    def test_a_certificate_for_another_host_is_named(self):
        self.trust(self.for_another_host)
        server = self.serve(self.for_another_host)
        for host in ("localhost", "127.0.0.1"):
            url = server.url.replace("localhost", host)
            self.assert_nothing_left(url, "certificate_host", "REQUESTS_CA_BUNDLE")
        self.assertFalse(server.requests)

    def test_a_certificate_that_is_not_valid_today_is_named(self):
        for reason, days in (
            ("certificate_expired", (-9, -1)),
            ("certificate_not_yet", (1, 9)),
        ):
            with self.subTest(reason=reason):
                certificate = self_signed(self.folder, days=days)
                self.trust(certificate)
                server = self.serve(certificate)
                self.assert_nothing_left(server.url, reason, "REQUESTS_CA_BUNDLE")
                self.assertFalse(server.requests)

    def test_authorities_of_the_environment_are_trusted(self):
        server = self.serve(self.trusted)
        for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            with patch.dict(os.environ, {variable: str(self.trusted)}):
                api = self.api(server.url)
                api.pairing_info()
                self.assertEqual(api.create_transaction(PURCHASE).id, "t1")
            self.forget_connections()
        self.assert_nothing_left(server.url, "certificate")

    def test_authorities_are_read_once_and_again_when_they_change(self):
        server = self.serve(self.trusted)
        bundle = self.folder / "bundle.pem"
        shutil.copy(self.for_another_host, bundle)
        self.environ(REQUESTS_CA_BUNDLE=str(bundle))
        self.assert_nothing_left(server.url, "certificate", "REQUESTS_CA_BUNDLE")
        shutil.copy(self.trusted, bundle)
        os.utime(bundle, (1, 1))
        self.api(server.url).pairing_info()
        read = connections.create_urllib3_context
        with patch.object(connections, "create_urllib3_context", wraps=read) as read:
            self.api(server.url).unpair()
        read.assert_not_called()

    def test_authorities_that_cannot_be_read_are_named(self):
        server = self.serve(self.trusted)
        rubbish = self.folder / "rubbish.pem"
        rubbish.write_text("no certificate")
        for path in (self.folder / "nowhere.pem", rubbish):
            self.environ(REQUESTS_CA_BUNDLE=str(path))
            self.assert_nothing_left(server.url, "ca_file", "REQUESTS_CA_BUNDLE")
        self.assertFalse(server.requests)

    # -- proxies ---------------------------------------------------------------------

    def proxy(self, certificate=None):
        proxy = Proxy(certificate and self.context(certificate))
        self.addCleanup(proxy.stop)
        values = {name: proxy.url for name in PROXIES}
        self.environ(**values, **{n.lower(): url for n, url in values.items()})
        return proxy

    def far_away(self):
        """A TLS server that is taken for one on another machine."""
        self.environ(REQUESTS_CA_BUNDLE=str(self.trusted))
        patched = patch.object(connections, "is_loopback", return_value=False)
        patched.start()
        self.addCleanup(patched.stop)
        return self.serve(self.trusted)

    def test_nothing_for_this_machine_goes_through_a_proxy(self):
        proxy = self.proxy()
        for url in (self.origin.url, self.origin.url.replace("127.0.0.1", "localhost")):
            self.api(url).pairing_info()
            with self.assertRaises(errors.BadAnswer):
                client.PairingApi(url, "api-key").progress_pairing("0123")
        self.assertEqual(len(self.origin.requests), 4)
        self.assertFalse(proxy.accepted)

    def test_requests_go_through_the_proxy_of_the_environment(self):
        server, proxy = self.far_away(), self.proxy()
        api = self.api(server.url)
        api.pairing_info()
        api.create_transaction(PURCHASE)
        self.assertEqual(len(server.requests), 2)
        self.assertEqual(len(proxy.accepted), 1)
        for secret in (b"pairing-info", b"Signature"):
            self.assertNotIn(secret, proxy.heard)

    def test_a_proxy_that_refuses_is_named_and_nothing_left(self):
        server, proxy = self.far_away(), self.proxy()
        for refusal in (b"407 Proxy Authentication Required", b"403 Forbidden"):
            proxy.refusal = refusal
            self.assert_nothing_left(server.url, "proxy", "REQUESTS_CA_BUNDLE")
        proxy.stop()
        self.assert_nothing_left(server.url, "proxy", "REQUESTS_CA_BUNDLE")
        self.assertFalse(server.requests)

    def test_a_proxy_whose_certificate_is_not_trusted_is_named(self):
        server, expired = self.far_away(), self_signed(self.folder, days=(-9, -1))
        unknown = self_signed(self.folder)
        self.trust(self.trusted, expired, self.for_another_host)
        for certificate in (unknown, expired, self.for_another_host):
            proxy = self.proxy(certificate)
            self.assert_nothing_left(
                server.url, "proxy_certificate", "REQUESTS_CA_BUNDLE"
            )
            self.assertTrue(proxy.accepted)
            self.assertFalse(proxy.heard)
        self.assertFalse(server.requests)

    def test_a_proxy_of_a_trusted_authority_is_used(self):
        server, certificate = self.far_away(), self_signed(self.folder)
        proxy = self.proxy(certificate)
        self.trust(self.trusted, certificate)
        api = self.api(server.url)
        api.pairing_info()
        self.assertEqual(api.create_transaction(PURCHASE).id, "t1")
        self.assertEqual(len(server.requests), 2)
        self.assertIn(b"CONNECT", proxy.heard)

    def test_a_certificate_behind_a_trusted_proxy_is_named(self):
        self.far_away()
        expired = self_signed(self.folder, days=(-9, -1))
        server = self.serve(expired)
        for certificate in (None, self.trusted):
            proxy = self.proxy(certificate)
            self.trust(self.trusted, expired)
            self.assert_nothing_left(
                server.url, "certificate_expired", "REQUESTS_CA_BUNDLE"
            )
            self.assertIn(b"CONNECT", proxy.heard)
        self.assertFalse(server.requests)

    def test_a_proxy_whose_answer_drips_has_an_end(self):
        server, proxy = self.far_away(), Dripping()
        self.addCleanup(proxy.stop)
        self.environ(**dict.fromkeys(PROXIES, proxy.url))
        began = time.monotonic()
        with self.assertRaises(errors.NoAnswer) as caught:
            self.api(server.url).create_transaction(PURCHASE)
        self.assertLess(time.monotonic() - began, connections.CONNECT_TIMEOUT + 1)
        self.assertFalse(caught.exception.sent)

    def test_a_proxy_that_cannot_be_used_is_named_and_nothing_left(self):
        server = self.far_away()
        unset = {n: "" for name in PROXIES for n in (name, name.lower())}
        for variable, address in (
            ("ALL_PROXY", "socks5://127.0.0.1:1"),
            ("HTTPS_PROXY", "http://"),
            ("https_proxy", "ftp://127.0.0.1:1"),
            ("HTTPS_PROXY", "http://h:port"),
            ("HTTPS_PROXY", "h:port"),
            ("HTTPS_PROXY", "http://[bad"),
            ("all_proxy", "http://a..b:80"),
            ("HTTPS_PROXY", "http://us\u201cer:word@127.0.0.1:1"),
            ("HTTPS_PROXY", "http://\u201cproxy\u201d:80"),
        ):
            with self.subTest(address=address), patch.dict(os.environ, unset):
                del os.environ[variable.lower()]
                os.environ[variable] = address
                self.assert_nothing_left(server.url, "proxy", variable)
        self.assertFalse(server.requests)

    def test_all_variables_that_set_a_proxy_are_named(self):
        server, address = self.far_away(), "ftp://127.0.0.1:1"
        same = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "all_proxy"), address)
        self.environ(**same, HTTP_PROXY=address, ALL_PROXY="http://127.0.0.1:2")
        named = "HTTPS_PROXY, all_proxy, https_proxy"
        self.assert_nothing_left(server.url, "proxy", named)

    def over_a_tunnel_that_is_cut(self, first):
        """:param first: the request that makes the tunnel, by the API
        :return: server, proxy and the API, whose next request is cut in the tunnel"""
        server, proxy = self.far_away(), self.proxy()
        api = self.api(server.url)
        first(api)
        proxy.cut_after = proxy.passed
        return server, proxy, api

    def test_a_tunnel_that_is_cut_leaves_it_open_what_was_sent(self):
        cut = self.over_a_tunnel_that_is_cut
        server, proxy, api = cut(lambda api: api.pairing_info())
        with self.assertRaises(errors.NoAnswer) as caught:
            api.create_transaction(PURCHASE)
        self.assertTrue(caught.exception.sent)
        # The tunnel was up, so the proxy has refused nothing.
        self.assertEqual(caught.exception.reason, "")
        self.assertEqual(len(server.requests), 1)
        self.assertEqual(len(proxy.accepted), 1)

    def test_over_a_tunnel_that_is_cut_a_get_is_repeated(self):
        def poll(api):
            api.get_transaction("t1", 1)

        server, proxy, api = self.over_a_tunnel_that_is_cut(poll)
        poll(api)
        self.assertEqual(len(server.requests), 2)
        self.assertEqual(len(proxy.accepted), 2)

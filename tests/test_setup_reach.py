import os
import shutil
import ssl
import tempfile
import time
from email.utils import formatdate
from unittest.mock import patch

from ..sci import connections
from .network import Nameserver, Origin, self_signed
from .test_setup_check import SupportCommon

PAGE = b" <html>Log in to the network</html>"


class TestSetupReach(SupportCommon):
    """Hosts of mx51 as the set-up check sees them."""

    def setUp(self):
        super().setUp()
        self.host = Origin()
        self.addCleanup(self.host.stop)
        there = patch.dict(os.environ, MX51_SCI_PAIRING_API_URL=self.host.url)
        there.start()
        self.addCleanup(there.stop)

    def answer(self, status, content, ago=0, **headers):
        """What the Pairing API's host answers from now on."""
        headers["Date"] = formatdate(time.time() - ago, usegmt=True)
        self.host.answer = lambda request: (status, headers, content)

    def lines(self):
        """``{key: line}`` of the Pairing API's host."""
        place = self.host.url.partition("//")[2]
        return {
            key.removesuffix(f" {place}"): line
            for key, line in self.all_lines().items()
            if key.endswith(place)
        }

    def all_lines(self):
        return {line["key"]: line for line in self.ask("check_setup", "threads")}

    def sandbox_requests(self):
        return len(self.sandbox.get("exchanges"))

    def test_the_pairing_host_need_not_have_what_it_is_asked_for(self):
        for status, content in (
            (404, b"404 page not found\n"),
            (404, b'{"message":"Not Found"}'),
            (404, b'{"error":"not_found"}'),
            (404, b"<html><h1>404 Not Found</h1><hr>nginx</html>"),
            (403, b'{"message":"Missing Authentication Token"}'),
            (401, b'{"error":{"code":"api_key_missing","message":"No key"}}'),
            (405, b""),
        ):
            for ago, clock in ((0, "ok"), (60, "warning")):
                self.answer(status, content, ago)
                with self.subTest(status=status, content=content, ago=ago):
                    lines = self.lines()
                    self.assertEqual(lines["reach"]["state"], "ok")
                    self.assertEqual(lines["clock"]["state"], clock)

    def test_what_answers_instead_of_the_pairing_host(self):
        for status, content, headers in (
            (200, PAGE, {}),
            (302, b"", {"Location": "http://portal.example/"}),
            (407, b"", {}),
            (502, PAGE, {}),
            (503, b"", {}),
            (511, PAGE, {}),
        ):
            self.answer(status, content, **headers)
            with self.subTest(status=status):
                lines = self.lines()
                self.assertEqual(lines["reach"]["state"], "error")
                self.assertNotIn("clock", lines)

    def test_a_name_that_is_not_found_in_time(self):
        Nameserver(self.addCleanup)
        self.host.url = self.host.url.replace("127.0.0.1", "localhost")
        os.environ["MX51_SCI_PAIRING_API_URL"] = self.host.url
        began = time.monotonic()
        line = self.lines()["reach"]
        self.assertLess(time.monotonic() - began, connections.CONNECT_TIMEOUT + 1.5)
        self.assertEqual(line["state"], "error")
        self.assertIn("Check its DNS.", line["text"])

    def test_a_certificate_that_has_expired(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        expired = self_signed(folder, days=(-9, -1))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(expired)
        self.host = Origin(context)
        self.addCleanup(self.host.stop)
        values = {
            "MX51_SCI_PAIRING_API_URL": self.host.url,
            "REQUESTS_CA_BUNDLE": str(expired),
        }
        with patch.dict(os.environ, values):
            line = self.lines()["reach"]
        self.assertEqual(line["state"], "error")
        self.assertIn("has expired", line["text"])
        self.assertTrue(line["text"].endswith("looks after this server's network."))
        self.assertFalse(self.host.requests)

    def test_the_host_of_a_terminal_has_what_it_is_asked_for(self):
        with self.sandbox.environment():
            self.pair()
        self.answer(404, b"404 page not found\n")
        self.sandbox.fault(
            "/v1/pairing-info", "status", "GET", times=0, status=404, body="not found"
        )
        place = self.sandbox.url.partition("//")[2]
        self.assertEqual(self.lines()["reach"]["state"], "ok")
        self.assertEqual(self.all_lines()[f"reach {place}"]["state"], "error")

    def test_a_copy_asks_nobody(self):
        with self.sandbox.environment():
            self.pair()
        self.terminal.sudo().paired_database = "uuid original"
        for active in (True, False):
            self.terminal.active = active
            before = self.sandbox_requests()
            with self.subTest(active=active):
                found = self.all_lines()
                reached = [found[key] for key in found if key.startswith("reach ")]
                self.assertEqual(len(reached), 2)
                for line in reached:
                    self.assertEqual(line["state"], "unknown")
                    self.assertIn("copy", line["text"])
                self.assertFalse([key for key in found if key.startswith("clock ")])
                self.assertEqual(self.sandbox_requests(), before)
                self.assertFalse(self.host.requests)

    def test_only_hosts_of_its_own_terminals_are_asked(self):
        self.answer(404, b"")
        other = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        with self.sandbox.environment():
            self.pair()
            self.pair(other, "bistro", "Bistro")
        other.sudo().paired_database = "uuid original"
        urls = (self.host.url, self.terminal.api_base_url, other.api_base_url)
        self.assertEqual(len(set(urls)), 3)
        found = self.all_lines()
        states = [found[f"reach {url.partition('//')[2]}"]["state"] for url in urls]
        self.assertEqual(states, ["ok", "ok", "unknown"])

    def test_an_archived_terminal_is_paired_too(self):
        with self.sandbox.environment():
            self.pair()
        self.terminal.active = False
        self.assertIn(self.terminal.name, self.all_lines()["database"]["text"])
        place = self.sandbox.url.partition("//")[2]
        self.assertIn(f"reach {place}", self.all_lines())
        self.terminal.sudo().paired_database = "uuid original"
        self.assertEqual(self.all_lines()["database"]["state"], "error")

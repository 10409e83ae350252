import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sci import connections, errors, names
from .network import Nameserver, silent_port
from .test_transport import PURCHASE, NetworkCase

LIMIT = 0.6


@tagged("post_install", "-at_install")
class TestNames(NetworkCase):
    """Nameservers that are slow or silent."""

    def setUp(self):
        super().setUp()
        self.limit(LIMIT)
        self.nameserver = Nameserver(self.addCleanup)
        self.url = self.origin.url.replace("127.0.0.1", "localhost")

    def limit(self, seconds):
        shorter = patch.object(connections, "CONNECT_TIMEOUT", seconds)
        shorter.start()
        self.addCleanup(shorter.stop)

    def not_found(self, call):
        """Seconds that it took to give up, with nothing sent."""
        began = time.monotonic()
        with self.assertRaises(errors.NoAnswer) as caught:
            call(self.api(self.url))
        self.assertEqual(caught.exception.reason, "dns")
        self.assertTrue(caught.exception.did_nothing)
        return time.monotonic() - began

    def lookups(self):
        return [t for t in threading.enumerate() if t.name == "mx51_sci lookup"]

    def test_a_name_that_is_not_found_in_time_is_given_up(self):
        for call in (
            lambda api: api.pairing_info(),
            lambda api: api.create_transaction(PURCHASE),
            lambda api: api.cancel_transaction("t1"),
        ):
            took = self.not_found(call)
            self.assertGreater(took, LIMIT - 0.1)
            self.assertLess(took, LIMIT + 0.5)
        self.nameserver.answer()
        self.api(self.url).pairing_info()
        self.assertEqual(len(self.origin.requests), 1)

    def test_while_a_lookup_hangs_there_is_no_other(self):
        with ThreadPoolExecutor(8) as threads:
            took = list(threads.map(self.not_found, [lambda api: api.unpair()] * 8))
        self.not_found(lambda api: api.pairing_info())
        self.assertLess(max(took), LIMIT + 1)
        self.assertEqual(len(self.nameserver.asked), 1)
        self.assertEqual(len(self.lookups()), 1)
        self.nameserver.answer()
        self.lookups()[0].join(5)
        self.assertFalse(names._running)
        self.api(self.url).pairing_info()
        self.assertEqual(len(self.nameserver.asked), 2)

    def test_what_was_found_last_stands_in_for_a_lookup_that_takes_too_long(self):
        self.not_found(lambda api: api.pairing_info())
        self.nameserver.answer()
        self.lookups()[0].join(5)
        self.nameserver.fall_silent()
        began = time.monotonic()
        self.api(self.url).unpair()  # over a connection of its own
        self.assertGreater(time.monotonic() - began, LIMIT - 0.1)
        self.assertLess(time.monotonic() - began, LIMIT + 0.5)
        with patch.object(names, "STANDS_IN_FOR", 0.1):
            self.not_found(lambda api: api.unpair())
        self.assertEqual(len(self.nameserver.asked), 2)
        self.assertEqual(len(self.origin.requests), 1)

    def test_what_is_found_in_time_is_used_and_not_looked_up_again(self):
        threading.Timer(LIMIT / 3, self.nameserver.answer).start()
        api = self.api(self.url)
        api.pairing_info()
        api.create_transaction(PURCHASE)
        self.assertEqual(len(self.origin.requests), 2)
        self.assertEqual(len(self.nameserver.asked), 1)

    def test_finding_and_connecting_share_one_limit(self):
        self.limit(3)
        port = silent_port(self.addCleanup)
        threading.Timer(1.5, self.nameserver.answer).start()
        with patch.object(names, "allowed_gai_family", return_value=socket.AF_INET):
            began = time.monotonic()
            with self.assertRaises(errors.NoAnswer) as caught:
                self.api(f"http://localhost:{port}").unpair()
        self.assertLess(time.monotonic() - began, 3.5)
        self.assertEqual(caught.exception.reason, "unreachable")
        self.assertFalse(caught.exception.sent)

    def test_addresses_need_no_thread(self):
        with patch.object(names, "threading") as used:
            self.api(self.origin.url).pairing_info()
            for host in ("::1", "[::1]"):
                self.assertEqual(names.addresses(host, 80, 1)[0][4][0], "::1")
        used.Thread.assert_not_called()

    def test_where_no_thread_can_start_it_is_looked_up_in_place(self):
        self.nameserver.answer()
        with patch.object(names, "threading") as used, mute_logger(names.__name__):
            used.Thread.return_value.start.side_effect = RuntimeError
            self.api(self.url).pairing_info()
        self.assertEqual(len(self.origin.requests), 1)
        self.assertFalse(names._running)

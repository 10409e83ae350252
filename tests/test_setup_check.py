import json
import os
from datetime import timedelta
from tempfile import NamedTemporaryFile
from types import SimpleNamespace
from unittest.mock import patch

import odoo
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from ..server import waiting
from ..support import reach
from .common import SciCommon
from .sandbox_process import Sandbox
from .test_causes import unusable_proxy


class SupportCommon(SciCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls._user("administrator", "base.group_system")

    def ask(self, method, *args, user=None):
        return self.rpc(
            self.env["pos.sci.support"], method, *args, user=user or self.administrator
        )

    def finding(self, key, *args):
        """The first line whose key begins like this."""
        found = self.ask("check_setup", *args)
        return next(line for line in found if line["key"].startswith(key))


class TestSetupCheck(SupportCommon):
    def test_administrators_only(self):
        for user in (self.cashier, self.manager):
            for method in ("check_setup", "build_bundle"):
                with self.subTest(user=user.name, method=method):
                    with self.assertRaises(AccessError):
                        self.ask(method, user=user)

    def test_a_shop_where_all_is_right(self):
        self.pair()
        view = self.start()
        self.present()
        self.follow(view)
        cron = self.env.ref("pos_mx51_sci.ir_cron_sweep")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_cron SET lastcall = now() AT TIME ZONE 'UTC' WHERE id = %s",
            [cron.id],
        )
        found = {line["key"]: line for line in self.ask("check_setup", "threads")}
        # The sandbox is on this machine, which the credentials are marked for.
        self.assertEqual(found.pop("credentials")["state"], "warning")
        for key, line in found.items():
            with self.subTest(line=key):
                self.assertEqual(line["state"], "ok", line["text"])
        self.assertTrue(any(key.startswith("reach ") for key in found))

    def test_credentials_that_are_not_set(self):
        with patch.dict(os.environ):
            os.environ.pop("MX51_SCI_SIGNING_SECRET_PART_A")
            line = self.finding("credentials")
        self.assertEqual(line["state"], "error")
        self.assertIn("MX51_SCI_SIGNING_SECRET_PART_A", line["text"])

    def test_a_host_that_does_not_answer(self):
        nobody = {"MX51_SCI_PAIRING_API_URL": "http://127.0.0.1:9"}
        with patch.dict(os.environ, nobody):
            line = self.finding("reach")
        self.assertEqual(line["state"], "error")
        self.assertIn("127.0.0.1:9", line["text"])

    def test_an_address_that_no_request_may_go_to(self):
        unsafe = {"MX51_SCI_PAIRING_API_URL": "http://terminals.example"}
        with patch.dict(os.environ, unsafe):
            line = self.finding("reach")
        self.assertEqual(line["state"], "error")
        self.assertIn("https", line["text"])

    def test_an_address_that_cannot_be_read(self):
        for url in (
            "http://127.0.0.1:8080 # sandbox",
            "https://h:port",
            "https://h:443'",
            "https://[bad",
            "https://sci.example/\u200b",
            "http://terminals.example",
            "nonsense",
        ):
            with (
                self.subTest(url=url),
                patch.dict(os.environ, MX51_SCI_PAIRING_API_URL=url),
            ):
                line = self.finding("reach")
                self.assertEqual(line["state"], "error")
                self.assertIn("MX51_SCI_PAIRING_API_URL", line["text"])
                self.assertEqual(self.finding("credentials")["text"], line["text"])
                self.assertTrue(self.ask("build_bundle"))

    def test_an_address_is_blamed_on_the_place_where_it_was_found(self):
        for url, key, words in (
            ("nonsense", "reach", "variable MX51_SCI_PAIRING_API_URL_FILE has no"),
            (self.sandbox.url, "credentials", "MX51_SCI_PAIRING_API_URL_FILE leads"),
        ):
            with (
                self.subTest(url=url),
                NamedTemporaryFile("w", suffix=".url") as file,
                patch.dict(os.environ, MX51_SCI_PAIRING_API_URL_FILE=file.name),
            ):
                os.environ.pop("MX51_SCI_PAIRING_API_URL")
                file.write(url)
                file.flush()
                self.assertIn(words, self.finding(key)["text"])

    def test_the_address_of_a_terminal_is_blamed_on_no_place(self):
        self.pair()
        self.terminal.sudo().api_base_url = "nonsense"
        found = {line["title"]: line for line in self.ask("check_setup")}
        line = found["Connection to the terminal service"]
        self.assertEqual(line["state"], "error")
        self.assertNotIn("MX51_SCI", line["text"])

    def test_a_host_that_is_silent(self):
        self.sandbox.fault("/v1/pairing-info", "hang", "GET", seconds=2, times=0)
        with patch.object(reach, "LONGEST_ANSWER", 1):
            line = self.finding("reach")
        self.assertEqual(line["state"], "error")
        self.assertIn("No answer within 1 s.", line["text"])
        self.assertIn("firewall", line["text"])

    def test_a_proxy_that_cannot_be_used(self):
        with unusable_proxy("http://h:port"):
            line = self.finding("reach")
        self.assertEqual(line["state"], "error")
        self.assertIn("is set in HTTP_PROXY.", line["text"])
        self.assertNotIn("firewall", line["text"])

    def test_causes_say_what_to_do(self):
        for reason in (*reach.ON_THE_WAY, "unavailable"):
            self.assertTrue(reach._remedy(self.env, reason, "sci.example"), reason)

    def test_a_clock_that_is_wrong(self):
        self.sandbox.control("settings", clock_offset=60)
        line = self.finding("clock")
        self.assertEqual(line["state"], "warning")
        self.assertIn("time synchronisation", line["text"])

    def test_a_copy_of_the_database(self):
        self.pair()
        self.terminal.sudo().paired_database = "uuid original"
        for key, state in (("database", "error"), ("terminals", "warning")):
            line = self.finding(key)
            self.assertEqual(line["state"], state)
            self.assertIn("Front Bar", line["text"])
        self.assertNotIn("Front Bar", self.finding("test")["text"])

    def test_nothing_is_paired(self):
        self.assertEqual(self.finding("terminals")["state"], "warning")

    def test_scheduled_actions(self):
        cron = self.env.ref("pos_mx51_sci.ir_cron_sweep")
        late = fields.Datetime.now() - timedelta(hours=1)
        for lastcall, active, state in (
            (late, True, "error"),
            (None, True, "warning"),
            (fields.Datetime.now(), False, "error"),
        ):
            with self.subTest(lastcall=lastcall, active=active):
                self.env.cr.execute(
                    "UPDATE ir_cron SET lastcall = %s, active = %s WHERE id = %s",
                    [lastcall, active, cron.id],
                )
                self.env.invalidate_all()
                self.assertEqual(self.finding("cron")["state"], state)

    def test_scheduled_actions_that_fail(self):
        """Odoo keeps when it has last run an action, however that went."""
        cron = self.env.ref("pos_mx51_sci.ir_cron_sweep")
        now = fields.Datetime.now()
        for lastcall in (now, now - timedelta(hours=1)):
            with self.subTest(lastcall=lastcall):
                self.env.cr.execute(
                    "UPDATE ir_cron SET lastcall = %s, failure_count = 4,"
                    " first_failure_date = '2026-03-01 02:05:00' WHERE id = %s",
                    [lastcall, cron.id],
                )
                self.env.invalidate_all()
                line = self.finding("cron")
                self.assertEqual(line["state"], "error")
                self.assertIn("failed", line["text"])
                self.assertIn("4", line["text"])
                self.assertIn("2:05", line["text"])

    def test_how_polls_are_waited_for(self):
        for way, problem, state in (
            ("evented", None, "ok"),
            ("threads", None, "ok"),
            ("worker", None, "warning"),
            (None, 502, "warning"),
            (None, 0, "warning"),
            ("<script>", "<script>", "warning"),
        ):
            with self.subTest(way=way):
                line = self.finding("waiting", way, problem)
                self.assertEqual(line["state"], state)
                lines = "reverse_proxy" in line["detail"] and "nginx" in line["detail"]
                self.assertEqual(lines, state != "ok")
                self.assertNotIn("<script>", json.dumps(line))

    def test_a_request_that_is_swallowed(self):
        self.assertIn("no connection", self.finding("waiting", None, None)["text"])
        self.assertIn("no answer in time", self.finding("waiting", None, 0)["text"])
        self.assertIn("(502)", self.finding("waiting", None, 502)["text"])

    def test_threads_that_are_too_few_to_wait_in(self):
        server = SimpleNamespace(httpd=SimpleNamespace(max_http_threads=None))
        for count, state in ((None, "ok"), (1, "warning"), (2, "warning"), (3, "ok")):
            server.httpd.max_http_threads = count
            with (
                self.subTest(count=count),
                patch.object(odoo.service.server, "server", server),
            ):
                line = self.finding("waiting", "threads")
                self.assertEqual(line["state"], state)
                is_told = "ODOO_MAX_HTTP_THREADS" in line["text"]
                self.assertEqual(is_told, state == "warning")
                self.assertFalse(line["detail"])

    def test_connections_of_the_evented_process(self):
        for most, state in ((2, "warning"), (32, "ok")):
            with self.subTest(most=most):
                with patch.dict(config.options, db_maxconn_gevent=most):
                    line = self.finding("connections", "evented")
                self.assertEqual(line["state"], state)
                says_what_to_do = "Raise it" in line["text"]
                self.assertEqual(says_what_to_do, state == "warning")


@tagged("post_install", "-at_install", "sci_http")
class TestSetupCheckTour(HttpCase):
    def test_the_screen(self):
        sandbox = Sandbox()
        self.addCleanup(sandbox.stop)
        with sandbox.environment():
            self.start_tour("/odoo/eftpos-check", "sci_setup_check", login="admin")


@tagged("post_install", "-at_install", "sci_http")
class TestWay(HttpCase):
    def test_which_process_answers(self):
        self.authenticate("admin", "admin")
        for path in ("/mx51_sci/way", "/websocket/mx51_sci/way"):
            answer = self.url_open(path, json={"params": {}}, method="POST").json()
            self.assertEqual(answer["result"], waiting.way())

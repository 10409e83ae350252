import io
import json
import logging
import os
import threading
import zipfile
from base64 import b64decode
from datetime import timedelta
from tempfile import NamedTemporaryFile
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from ..server import waiting
from ..support import check
from .common import SciCommon
from .sandbox_process import Sandbox

#: A number that every card scheme keeps for tests.
CARD_NUMBER = "4111 1111 1111 1111"


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
            "nonsense",
        ):
            with (
                self.subTest(url=url),
                patch.dict(os.environ, MX51_SCI_PAIRING_API_URL=url),
            ):
                line = self.finding("reach")
                self.assertEqual(line["state"], "error")
                self.assertIn("MX51_SCI_PAIRING_API_URL", line["text"])
                self.assertTrue(self.ask("build_bundle"))

    def test_a_host_that_is_silent(self):
        self.sandbox.fault("/v1/pairing-info", "hang", "GET", seconds=2, times=0)
        with patch.object(check, "LONGEST_ANSWER", 1):
            line = self.finding("reach")
        self.assertEqual(line["state"], "error")
        self.assertIn("No answer within 1 s.", line["text"])
        self.assertIn("firewall", line["text"])

    def test_causes_say_what_to_do(self):
        for reason in (*check.ON_THE_WAY, "unavailable"):
            self.assertTrue(check._remedy(self.env, reason, "sci.example"), reason)

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

    def test_how_polls_are_waited_for(self):
        for way, problem, state in (
            ("evented", None, "ok"),
            ("threads", None, "ok"),
            ("worker", None, "warning"),
            (None, 502, "warning"),
            ("<script>", "<script>", "warning"),
        ):
            with self.subTest(way=way):
                line = self.finding("waiting", way, problem)
                self.assertEqual(line["state"], state)
                lines = "reverse_proxy" in line["detail"] and "nginx" in line["detail"]
                self.assertEqual(lines, state != "ok")
                self.assertNotIn("<script>", json.dumps(line))

    def test_connections_of_the_evented_process(self):
        for most, state in ((2, "warning"), (32, "ok")):
            with self.subTest(most=most):
                with patch.dict(config.options, db_maxconn_gevent=most):
                    line = self.finding("connections", "evented")
                self.assertEqual(line["state"], state)
                says_what_to_do = "Raise it" in line["text"]
                self.assertEqual(says_what_to_do, state == "warning")


class TestSupportBundle(SupportCommon):
    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()

    def bundle(self):
        """``{file: text}``"""
        content = b64decode(self.ask("build_bundle"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}

    def test_what_it_holds(self):
        view = self.start()
        found = self.bundle()
        self.assertIn('"key": "credentials"', found["check.json"])
        self.assertIn("19.0", found["versions.json"])
        self.assertIn("sci_surcharge_rate", found["settings.json"])
        (terminal,) = [
            it for it in json.loads(found["terminals.json"]) if it["state"] == "paired"
        ]
        self.assertEqual(terminal["pairing_id"], self.terminal.pairing_id)
        attempt = json.loads(found["attempts.json"])[0]
        self.assertEqual(attempt["id"], view["id"])
        self.assertEqual(attempt["status"], view["status"])

    def test_what_became_of_a_cancel(self):
        view = self.start()
        self.sandbox.fault("/cancel$", "drop_after", method="POST")
        self.rpc(self.row(view), "sci_cancel", user=self.cashier)
        attempt = json.loads(self.bundle()["attempts.json"])[0]
        self.assertEqual(attempt["cancel_result"], "no_answer")
        self.assertTrue(attempt["cancel_sent_at"])

    def test_the_last_fifty_attempts(self):
        self.register.sci_moto = False
        for number in range(51):
            self.send(self.values(f"payment-{number}", kind="moto"))
        self.assertEqual(len(json.loads(self.bundle()["attempts.json"])), 50)

    def test_nothing_that_must_not_leave_the_shop(self):
        customer = self.env["res.partner"].create({"name": "Ada Citizen"})
        order = self.draft(12.5, [("payment-1", 12.5)], partner_id=customer.id)
        view = self.send(self.values(order_uuid=order.uuid))
        self.present()
        self.follow(view)
        secrets = {
            os.environ["MX51_SCI_PAIRING_API_KEY"],
            os.environ["MX51_SCI_SIGNING_SECRET_PART_A"],
            self.stored("signing_secret_part_b"),
            self.stored("key_id"),
        }
        logger = logging.getLogger("odoo.addons.pos_mx51_sci.test")
        logger.info("%s and %s", ", ".join(secrets), CARD_NUMBER)
        text = "\n".join(self.bundle().values())
        row = self.row(view)
        self.assertTrue(row.customer_receipt and row.merchant_receipt)
        for told in (
            *secrets,
            CARD_NUMBER,
            customer.name,
            row.customer_receipt.splitlines()[0],
            row.merchant_receipt.splitlines()[0],
        ):
            self.assertTrue(told)
            self.assertNotIn(told, text)

    def stored(self, name):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {name} FROM pos_sci_terminal WHERE id = %s", [self.terminal.id]
        )
        return self.env.cr.fetchone()[0]

    def test_lines_of_odoos_log_file(self):
        start = f"2026-01-01 00:00:00,000 1 INFO {self.env.cr.dbname}"
        written = [f"{start} odoo.http: not ours\n"]
        written += [f"{start} odoo.addons.pos_mx51_sci.x: {n}\n" for n in range(250)]
        with NamedTemporaryFile("w", suffix=".log") as file:
            file.writelines(written)
            file.flush()
            with patch.dict(config.options, logfile=file.name):
                lines = self.bundle()["log.txt"].splitlines()
        self.assertEqual(len(lines), 200)
        self.assertTrue(lines[-1].endswith(": 249"))

    def test_lines_of_other_databases_stay_here(self):
        ours, name = "odoo.addons.pos_mx51_sci", self.env.cr.dbname
        start = "2026-01-01 00:00:00,000 1"
        written = [
            f"{start} {level} {database} {ours}.x: about {database}\n"
            for database in (name, "?", "None", "another", f"{name}-2")
            for level in ("INFO", "\x1b[1;32m\x1b[1;49mINFO\x1b[0m")
        ]
        written.append(f"{start} INFO another {ours}.x: about {name} {ours}.x: too\n")
        with NamedTemporaryFile("w", suffix=".log") as file:
            file.writelines(written)
            file.flush()
            with patch.dict(config.options, logfile=file.name):
                lines = self.bundle()["log.txt"].splitlines()
        about = [line.split(": about ")[1] for line in lines]
        self.assertEqual(about, [name, name, "?", "?", "None", "None"])

    def test_lines_of_this_process_about_other_databases(self):
        logger = logging.getLogger("odoo.addons.pos_mx51_sci.test")
        here = threading.current_thread()
        for database in ("another", None, self.env.cr.dbname):
            with patch.object(here, "dbname", database):
                logger.info("A line about %s", database)
        log = self.bundle()["log.txt"]
        self.assertNotIn("about another", log)
        self.assertIn("about None", log)
        self.assertIn(f"about {self.env.cr.dbname}", log)

    def test_of_errors_in_tracebacks_the_types_are_told(self):
        logger = logging.getLogger("odoo.addons.pos_mx51_sci.test")
        told = "Ada Citizen owes\n2026-01-01 Mia Citizen\n\n  and Kim"
        try:
            try:
                try:
                    {}[told]
                except KeyError:
                    raise UserError(told)  # noqa: B904
            except UserError as exc:
                raise ValueError(told) from exc
        except ValueError:
            logger.info("Not kept", exc_info=True)
        logger.info("The next line")
        log = self.bundle()["log.txt"].partition("Not kept")[2]
        for name in ("Ada", "Mia", "Kim"):
            self.assertNotIn(name, log)
        for kept in (
            "\nKeyError\n\nDuring handling of",
            "    raise UserError(told)",
            "\nodoo.exceptions.UserError\n\nThe above exception was",
            "    raise ValueError(told) from exc\nValueError\n",
            "The next line",
        ):
            self.assertIn(kept, log)

    def test_no_person_and_no_record_in_the_log(self):
        logger = logging.getLogger("odoo.addons.pos_mx51_sci.test")
        logger.info("By ada.citizen@shop.example.au and by %s.", self.manager.login)
        statement = (
            "DO $$ BEGIN RAISE EXCEPTION 'A fault'"
            " USING DETAIL = E'Key (name)=(Ada\nCitizen)'; END $$"
        )
        try:
            with self.cr.savepoint():
                self.cr.execute(statement, log_exceptions=False)
        except psycopg2.Error as exc:
            logger.info("Not kept", exc_info=True)
            logger.info("Not kept: %r", exc)
        logger.info("The next line")
        log = self.bundle()["log.txt"]
        for told in ("ada.citizen", self.manager.login, "Ada", "Citizen"):
            self.assertNotIn(told, log)
        for kept in ("A fault", "DETAIL: •••", "The next line"):
            self.assertIn(kept, log)

    def test_whose_lines_they_are(self):
        for way, is_said in (("worker", True), ("evented", True), ("threads", False)):
            with (
                self.subTest(way=way),
                patch.object(waiting, "way", return_value=way),
            ):
                log = self.bundle()["log.txt"]
                self.assertEqual(log.startswith("Lines of one process"), is_said)

    def test_lines_of_this_process_where_there_is_no_log_file(self):
        logger = logging.getLogger("odoo.addons.pos_mx51_sci.test")
        logger.info("A line of this process")
        self.assertIn("A line of this process", self.bundle()["log.txt"])


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

import io
import json
import logging
import os
import threading
import zipfile
from base64 import b64decode
from tempfile import NamedTemporaryFile
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import config

from ..server import waiting
from .test_setup_check import SupportCommon

#: A number that every card scheme keeps for tests.
CARD_NUMBER = "4111 1111 1111 1111"


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
        hidden = (
            *("PAN4111111111111111", "4111111111111111D2512", "4111.1111.1111.1111"),
            *("4111/1111/1111/1111", "4111  1111  1111  1111", "john%40example.com"),
            *("john@localhost", '"john doe"@example.com', "jo'hn@example.com"),
        )
        for text in hidden:
            logger.info("Told %s.", text)
        logger.info("The next line")
        log = self.bundle()["log.txt"]
        lines = "".join(line for line in log.splitlines() if "Told " in line)
        for text in ("4111", "1111", "john", "doe", "jo'", "example.com"):
            self.assertNotIn(text, lines)
        self.assertEqual(lines.count("Told "), len(hidden))
        self.assertRegex(log, r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
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

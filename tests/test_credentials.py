import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..sci.client import PAIRING_API_URL
from ..server import credentials
from ..server.credentials import (
    PAIRING_API_KEY,
    PAIRING_API_URL_VARIABLE,
    SIGNING_SECRET_PART_A,
    MissingCredentials,
    UnusableCredentials,
)
from ..server.sentences import cannot_sign_text
from .common import SciCommon

KEY = "key-of-the-test=="


@tagged("post_install", "-at_install")
class TestCredentials(TransactionCase):
    """Where credentials come from, and what is said of those that cannot be right."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.set(**{PAIRING_API_KEY: KEY, SIGNING_SECRET_PART_A: "part-a"})

    def set(self, **variables):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MX51_SCI_")}
        environment = patch.dict(os.environ, kept | variables, clear=True)
        environment.start()
        self.addCleanup(environment.stop)

    def file(self, text, name="secret"):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def configure(self, *lines):
        path = self.file("\n".join(["[mx51_sci]", *lines]), "odoo.conf")
        options = patch.dict(credentials.config.options, {"config": path})
        options.start()
        self.addCleanup(options.stop)

    def administrator_reads(self):
        with self.assertRaises(MissingCredentials) as caught:
            credentials.pairing_credentials()
        admin = self.env.ref("base.user_admin")
        text = cannot_sign_text(self.env(user=admin.id), caught.exception)
        self.assertNotIn("secret-value", text + str(caught.exception))
        return text

    def test_from_the_environment(self):
        self.assertEqual(credentials.pairing_credentials(), (PAIRING_API_URL, KEY))

    def test_from_a_file_that_a_variable_names(self):
        path = self.file(f"\ufeff{KEY}\n")
        self.set(**{f"{PAIRING_API_KEY}_FILE": path, SIGNING_SECRET_PART_A: "a"})
        self.assertEqual(credentials.pairing_credentials()[1], KEY)

    def test_set_but_empty_is_not_set(self):
        self.configure("pairing_api_key = of-the-file", "signing_secret_part_a = a")
        self.set(**{PAIRING_API_KEY: " ", f"{PAIRING_API_KEY}_FILE": ""})
        self.assertEqual(credentials.pairing_credentials()[1], "of-the-file")
        self.assertEqual(credentials.signing_secret("b"), "ab")

    def test_a_file_that_is_empty_is_not_set(self):
        self.configure("pairing_api_key = of-the-file", "signing_secret_part_a = a")
        self.set(**{f"{PAIRING_API_KEY}_FILE": self.file("\n", "empty")})
        self.assertEqual(credentials.pairing_credentials()[1], "of-the-file")

    def test_the_environment_wins(self):
        self.configure("pairing_api_key = of-the-file")
        path = self.file("of-the-other-file")
        self.set(
            **{
                PAIRING_API_KEY: KEY,
                f"{PAIRING_API_KEY}_FILE": path,
                SIGNING_SECRET_PART_A: "a",
            }
        )
        self.assertEqual(credentials.pairing_credentials()[1], KEY)

    def test_mistakes_are_named_with_their_place(self):
        for value, word in (
            ('"secret-value"', "quotes"),
            ("'secret-value", "quotes"),
            ("secret-value two", "blanks"),
            ("secret-value # live", "comment"),
            ("secret-value ; live", "comment"),
            ("#secret-value", "comment"),
            ("\u201csecret-value\u201d", "quotes"),
            ("\u2018secret-value", "quotes"),
            ("secret-\u2019value", "characters"),
            ("secret-value\u200b", "characters"),
            ("s\u00e9cret-value", "characters"),
            ("secret-value\x7f", "characters"),
            ("secret-value\udce9", "characters"),
        ):
            with self.subTest(value=value):
                self.set(**{PAIRING_API_KEY: value, SIGNING_SECRET_PART_A: "a"})
                text = self.administrator_reads()
                self.assertIn(word, text)
                self.assertIn(PAIRING_API_KEY, text)

    def test_a_mistake_in_a_file_or_in_the_configuration(self):
        path = self.file("secret-value\nsecret-value")
        self.set(**{PAIRING_API_KEY: KEY, f"{SIGNING_SECRET_PART_A}_FILE": path})
        self.assertIn(f"{SIGNING_SECRET_PART_A}_FILE", self.administrator_reads())
        self.configure('signing_secret_part_a = "secret-value"')
        self.set(**{PAIRING_API_KEY: KEY})
        text = self.administrator_reads()
        self.assertIn("signing_secret_part_a", text)
        self.assertIn("configuration file", text)

    def test_an_address_that_no_request_may_go_to_is_blamed_on_its_place(self):
        name = PAIRING_API_URL_VARIABLE
        others = {PAIRING_API_KEY: KEY, SIGNING_SECRET_PART_A: "a"}
        for url in ("http://secret-value.example", "nonsense", "https://secret-value?"):
            self.configure(f"pairing_api_url = {url}")
            for variables, place in (
                ({}, "The option pairing_api_url in the section [mx51_sci]"),
                ({f"{name}_FILE": self.file(url)}, f"environment variable {name}_FILE"),
                ({name: url}, f"The environment variable {name}"),
            ):
                with self.subTest(url=url, place=place):
                    self.set(**others, **variables)
                    text = self.administrator_reads()
                    self.assertIn(place, text)
                    self.assertIn(" has no address", text)

    def test_a_file_that_cannot_be_read(self):
        self.set(**{f"{PAIRING_API_KEY}_FILE": str(self.folder / "gone")})
        self.assertIn("cannot be read", self.administrator_reads())

    def test_an_address_that_cannot_be_read_is_not_replaced_by_the_live_one(self):
        self.set(
            **{
                PAIRING_API_KEY: KEY,
                SIGNING_SECRET_PART_A: "a",
                f"{PAIRING_API_URL_VARIABLE}_FILE": str(self.folder / "gone"),
            }
        )
        with self.assertRaises(UnusableCredentials):
            credentials.pairing_credentials()

    def test_others_read_whom_to_ask(self):
        self.set()
        with self.assertRaises(MissingCredentials) as caught:
            credentials.signing_secret("b")
        user = self.env["res.users"].create({"name": "x", "login": "sci_x"})
        text = cannot_sign_text(self.env(user=user.id), caught.exception)
        self.assertNotIn("MX51", text)


class TestCredentialsWhilePairing(SciCommon):
    """A pairing code can be used once, so mistakes are named before it leaves."""

    def test_the_code_is_still_good(self):
        user = self._user("administrator", "point_of_sale.group_pos_manager")
        user.group_ids += self.env.ref("base.group_system")
        shown = self.sandbox.terminal("start_pairing", "front-bar")
        asked = self.terminal, "action_pair", shown["pairing_code"]
        for variable, value, word in (
            (PAIRING_API_KEY, f"{KEY}\u200b", "characters"),
            (SIGNING_SECRET_PART_A, "#part-a", "comment"),
            (PAIRING_API_URL_VARIABLE, f"{self.sandbox.url}?a=b", "address"),
        ):
            with (
                self.subTest(variable=variable),
                patch.dict(os.environ, {variable: value}),
            ):
                error = self.rpc(*asked, user=user)["error"]
                self.assertEqual(error["code"], "no_credentials")
                self.assertIn(f"{variable} has", error["message"])
                self.assertIn(word, error["message"])
        self.assertFalse(self.sandbox.requests_to("/v1/progress-pairing"))
        self.assertEqual(self.rpc(*asked, user=user)["state"], "confirming")

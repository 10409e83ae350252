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

import logging
import os
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..sci import client, connections, errors
from ..server.causes import OF_THE_SERVER, cause_text
from ..server.sentences import error_view
from .common import SciCommon

OURS = "odoo.addons.pos_mx51_sci"


@contextmanager
def unusable_proxy(address):
    """What is for this machine goes through this proxy, which the environment names."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    with (
        patch.dict(os.environ, {**kept, "HTTP_PROXY": address}, clear=True),
        patch.object(connections, "is_loopback", return_value=False),
    ):
        yield


@tagged("post_install", "-at_install")
class TestCauses(TransactionCase):
    """Each cause of a failed request has a sentence, for whom it concerns."""

    def error(self, reason):
        error = errors.NoAnswer("x", sent=False)
        error.reason, error.host, error.http_status = reason, "sci.example", 502
        return error

    def env_of(self, *groups):
        user = self.env["res.users"].create(
            {"name": "x", "login": f"sci_{len(groups)}"}
        )
        user.group_ids += self.env["res.groups"].union(*map(self.env.ref, groups))
        return self.env(user=user.id)

    def test_every_reason_has_a_sentence(self):
        env = self.env(user=self.env.ref("base.user_admin").id)
        texts = [cause_text(env, self.error(reason)) for reason in errors.REASONS]
        self.assertTrue(all(texts))
        self.assertEqual(len(set(texts)), len(texts))

    def test_what_concerns_the_server_is_for_its_administrator(self):
        env = self.env_of("point_of_sale.group_pos_user")
        for reason in OF_THE_SERVER:
            text = cause_text(env, self.error(reason))
            self.assertNotIn("sci.example", text)
            self.assertIn("administrator", text)

    def test_a_certificate_says_what_helps(self):
        env = self.env(user=self.env.ref("base.user_admin").id)
        for reason, helps in (
            ("certificate", "Set REQUESTS_CA_BUNDLE to a file"),
            ("certificate_expired", "has expired. Please check this server's clock"),
            ("certificate_not_yet", "not valid yet. Please check this server's clock"),
            ("certificate_host", "a proxy or firewall answers in its place"),
            ("proxy_certificate", "Set REQUESTS_CA_BUNDLE to a file"),
        ):
            self.assertIn(helps, cause_text(env, self.error(reason)))
            self.assertIn(reason, OF_THE_SERVER)

    def test_it_is_the_hint_below_the_required_text(self):
        env = self.env(user=self.env.ref("base.user_admin").id)
        view = error_view(env, self.error("certificate"))
        self.assertEqual(view["message"], errors.NETWORK_TEXT)
        self.assertIn("sci.example", view["hint"])
        self.assertIn("REQUESTS_CA_BUNDLE", view["hint"])
        self.assertEqual(cause_text(env, errors.NoAnswer("x")), "")


class TestCausesOfPayments(SciCommon):
    """What is known of the cause is kept with the row, shown and logged."""

    def setUp(self):
        super().setUp()
        self.pair()

    def hint(self, view, user):
        flow = self.rpc(self.row(view), "_flow", user=user)
        return flow.view(view["id"])["error"]["hint"]

    def test_an_administrator_reads_more_than_a_cashier(self):
        self.terminal.sudo().api_base_url = "http://127.0.0.1:1"
        with self.assertLogs(f"{OURS}.ledger.flow", logging.WARNING) as log:
            view = self.start()
        self.assertIn("no_answer", log.output[0])
        self.assertIn("unreachable, 127.0.0.1:1", log.output[0])
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["message"], errors.NETWORK_TEXT)
        self.assertIn("Ask your administrator", view["error"]["hint"])
        administrator = self._user("administrator", "point_of_sale.group_pos_user")
        administrator.group_ids += self.env.ref("base.group_system")
        self.assertIn("127.0.0.1:1 does not accept", self.hint(view, administrator))
        self.assertNotIn("127.0.0.1", self.hint(view, self.cashier))

    def test_an_administrator_reads_which_variable_sets_an_unusable_proxy(self):
        self.mute("ledger.flow")
        with unusable_proxy("ftp://user:word@proxy.example"):
            view = self.start()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(self.row(view).error_cause["reason"], "proxy")
        administrator = self._user("administrator", "point_of_sale.group_pos_user")
        administrator.group_ids += self.env.ref("base.group_system")
        hint = self.hint(view, administrator)
        self.assertIn("proxy that is set in HTTP_PROXY.", hint)
        self.assertNotIn("word", hint)
        self.assertNotIn("HTTP_PROXY", self.hint(view, self.cashier))

    def test_what_something_in_between_has_answered(self):
        for path in ("/v1/pairing-info", "/v1/transactions/"):
            page = {"status": 401, "body": "<html>Log in</html>"}
            self.sandbox.fault(path, "status", method="GET", **page)
        with self.assertLogs(OURS, logging.INFO) as log:
            refused = self.start()
            view = self.start("payment-2")
            polled = self.poll(view)
        for shown in (refused, polled):
            self.assertIn("instead of it (HTTP 401)", shown["error"]["hint"])
        said = [line for line in log.output if "HTTP 401 interposed" in line]
        self.assertEqual(len(said), 2)

    def test_a_refusal_of_the_service_needs_no_look_at_the_server(self):
        self.sandbox.terminal("unpair")
        with self.assertNoLogs(f"{OURS}.ledger.flow", logging.WARNING):
            view = self.start()
        self.assertFalse(self.row(view).error_cause)

    def test_an_unpairing_that_was_refused_says_why(self):
        self.sandbox.control("settings", clock_offset=300)
        self.addCleanup(client._clock_offsets.clear)
        with self.assertLogs(client.__name__, logging.WARNING):
            view = self.rpc(self.terminal, "action_unpair")
        self.assertEqual(view["state"], "paired")
        self.assertIn("clock", view["error"]["hint"])
        self.assertIn("still paired", view["error"]["hint"])

    def test_the_cause_of_an_unknown_outcome_is_kept(self):
        page = {"status": 502, "body": "<html>Bad gateway</html>"}
        self.sandbox.fault("/v1/transactions$", "status", method="POST", **page)
        with self.assertLogs(f"{OURS}.ledger.flow", logging.WARNING):
            view = self.start()
        self.assertEqual(view["status"], "unknown")
        self.assertEqual(self.row(view).error_cause["http_status"], 502)

import logging
import tempfile
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError

from ..pairing import claims
from ..sci import client
from ..server import credentials
from .common import SciCommon
from .sandbox_process import PART_A

NETWORK = "Please check network and terminal connections and try again"


class TestPairing(SciCommon):
    def progress(self, code=None, nickname="Front Bar"):
        code = code or self.sandbox.terminal("start_pairing")["pairing_code"]
        return self.rpc(self.terminal, "action_pair", code, nickname)

    def test_code_confirmation_test_paired(self):
        view = self.progress()
        shown = self.sandbox.get("terminals/front-bar")
        self.assertEqual(view["state"], "confirming")
        self.assertEqual(view["confirmation_code"], shown["confirmation_code"])
        self.assertFalse(view["error"])

        view = self.rpc(self.terminal, "action_test")
        self.assertEqual(view["state"], "confirming")
        self.assertEqual(view["error"]["message"], "Not confirmed on the terminal yet.")

        self.sandbox.terminal("confirm")
        view = self.rpc(self.terminal, "check_pairing")
        self.assertEqual((view["state"], view["confirmed"]), ("confirming", True))

        view = self.rpc(self.terminal, "action_test")
        self.assertEqual((view["state"], view["error"]), ("paired", False))
        self.assertFalse(view["confirmation_code"])
        self.assertTrue(view["paired_at"] and view["last_checked_at"])

    def test_every_field_of_the_answer_is_kept(self):
        self.pair()
        shown = self.sandbox.get("terminals/front-bar")
        terminal = self.terminal.sudo()
        self.assertEqual(terminal.pairing_id, shown["pairing_id"])
        self.assertEqual(terminal.tid, shown["tid"])
        self.assertEqual(terminal.terminal_nickname, shown["nickname"])
        self.assertEqual(terminal.pairing_nickname, "Front Bar")
        self.assertEqual(terminal.api_base_url, self.sandbox.url)
        self.assertTrue(terminal.key_id.startswith("kid_"))
        self.assertEqual(len(terminal.signing_secret_part_b), 32)
        self.assertEqual(len(terminal.confirmation_code), 4)

    def test_both_spellings_of_the_base_url(self):
        self.sandbox.control("settings", base_url_field="sci_api_base_url")
        self.pair()
        self.assertEqual(self.terminal.api_base_url, self.sandbox.url)

    def test_a_code_keeps_its_leading_zeros_and_loses_its_blanks(self):
        self.progress(" 012 345 ")
        (request,) = self.sandbox.requests_to("/progress-pairing")
        self.assertEqual(request["request_body"]["pairing_code"], "012345")

    def test_every_documented_error_shows_the_api_s_text_and_a_way_on(self):
        fault = {"path": "/v1/progress-pairing", "action": "status"}
        for status, code in (
            (400, "invalid_request"),
            (401, "api_key_invalid"),
            (401, "api_key_missing"),
            (403, "pairing_route_forbidden"),
            (403, "test_api_key_forbidden_for_live_pairing"),
            (422, "pairing_not_initial"),
        ):
            message = f"Words of the API about {code}"
            body = {"error": {"code": code, "message": message}}
            self.sandbox.fault(**fault, status=status, body=body)
            with self.subTest(code=code):
                view = self.progress("123456")
                self.assertEqual(view["state"], "unpaired")
                self.assertEqual(view["error"]["code"], code)
                self.assertEqual(view["error"]["message"], message)
                self.assertTrue(view["error"]["hint"])
                self.assertEqual(self.terminal.last_error, message)

    def test_a_wrong_code_is_told_in_mx51_s_words(self):
        view = self.progress("999999")
        self.assertEqual(
            view["error"]["message"], "Pairing not found: Pairing not found"
        )
        self.assertEqual(view["state"], "unpaired")

    def test_real_errors_of_the_sandbox(self):
        for tenant, code in (
            ("forbidden", "pairing_route_forbidden"),
            ("live", "test_api_key_forbidden_for_live_pairing"),
        ):
            self.sandbox.terminal("config", tenant=tenant)
            with self.subTest(code=code):
                self.assertEqual(self.progress()["error"]["code"], code)
        with self.sandbox.environment(MX51_SCI_PAIRING_API_KEY="wrong"):
            self.assertEqual(self.progress("1")["error"]["code"], "api_key_invalid")

    def test_network_failure(self):
        for action in ("drop_before", "garbage"):
            self.sandbox.fault("/v1/progress-pairing", action)
            view = self.progress()
            self.assertEqual(view["error"]["message"], NETWORK)
            self.assertEqual(view["state"], "unpaired")

    def test_a_clock_that_is_off_is_told(self):
        self.pair()
        self.assertEqual(self.terminal.clock_offset, 0)
        self.sandbox.control("settings", clock_offset=300)
        self.addCleanup(client._clock_offsets.clear)
        with self.assertLogs(client.__name__, logging.WARNING):
            view = self.rpc(self.terminal, "action_test")
        self.assertEqual(view["state"], "paired")
        self.assertAlmostEqual(self.terminal.clock_offset, 300, delta=3)

    def test_the_next_success_clears_the_error(self):
        self.progress("999999")
        self.assertFalse(self.progress()["error"])
        self.assertFalse(self.terminal.last_error)

    def test_an_answer_that_leads_to_a_plain_http_host_is_not_taken(self):
        answer = {
            "pairing_id": "pid_1",
            "key_id": "kid_1",
            "confirmation_code": "1234",
            "signing_secret_part_b": "b",
            "spi_cloud_api_base_url": "http://sci-api.bank.example",
        }
        self.sandbox.fault(
            "/v1/progress-pairing", "status", status=200, body={"data": answer}
        )
        self.assertEqual(self.progress("123456")["error"]["code"], "bad_answer")
        self.assertEqual(self.terminal.state, "unpaired")

    def test_cancel_leaves_no_half_pairing(self):
        self.progress()
        view = self.rpc(self.terminal, "action_cancel_pairing")
        self.assertEqual(view["state"], "unpaired")
        self.assertEqual(len(self.sandbox.requests_to("/v1/unpair")), 1)
        self.assertFalse(self.terminal.sudo().signing_secret_part_b)

    def wait_in_vain(self):
        """As long as a confirmation is waited for."""
        terminal = self.terminal.sudo()
        terminal.confirming_since -= claims.CONFIRMATION_TIME

    def test_a_rejected_confirmation_ends(self):
        """mx51 says nothing of it: the pairing is not active, as before."""
        self.progress()
        self.sandbox.terminal("reject")
        view = self.rpc(self.terminal, "check_pairing")
        self.assertEqual((view["state"], view["error"]), ("confirming", False))
        self.terminal.sudo().confirming_since -= claims.CONFIRMATION_TIME / 2
        view = self.rpc(self.terminal, "check_pairing")
        self.assertEqual(view["state"], "confirming")
        self.wait_in_vain()
        view = self.rpc(self.terminal, "check_pairing", user=self.cashier)
        self.assertEqual(view["state"], "confirming", "whoever may only look")
        view = self.rpc(self.terminal, "check_pairing")
        self.assertEqual(view["state"], "unpaired")
        error = view["error"]
        self.assertEqual(
            error["message"], "The code was not confirmed on the terminal."
        )
        self.assertIn("Start the pairing again", error["hint"])
        self.assertFalse(self.terminal.sudo().signing_secret_part_b)
        self.assertFalse(self.terminal.pairing_id)
        for method in ("pairing_view", "check_pairing"):
            again = self.rpc(self.terminal, method)
            self.assertEqual(again["error"], error, "another screen")
        self.pair()
        self.assertFalse(self.terminal.last_error)

    def test_nobody_confirms(self):
        """What is left of the pairing is removed, in one request, whatever becomes of
        it; nobody can confirm it any more."""
        for fault in (None, "drop_before"):
            self.sandbox.control("reset")
            self.progress()
            self.wait_in_vain()
            if fault:
                self.sandbox.fault("/v1/unpair", fault)
            with self.subTest(fault=fault):
                view = self.rpc(self.terminal, "action_test")
                self.assertEqual(view["state"], "unpaired")
                self.assertEqual(view["error"]["code"], "not_confirmed")
                self.assertEqual(len(self.sandbox.requests_to("/v1/unpair")), 1)
                shown = self.sandbox.get("terminals/front-bar")["screen"]
                self.assertEqual(shown, "confirm_pairing" if fault else "idle")

    def test_what_was_confirmed_waits_for_the_test(self):
        self.progress()
        self.sandbox.terminal("confirm")
        self.wait_in_vain()
        view = self.rpc(self.terminal, "check_pairing")
        self.assertEqual((view["state"], view["confirmed"]), ("confirming", True))
        self.assertEqual(self.rpc(self.terminal, "action_test")["state"], "paired")

    def test_a_newer_pairing_is_not_ended_with_the_old_one(self):
        self.progress()
        self.wait_in_vain()
        env, number = self.env(su=True), self.terminal.id
        self.assertFalse(claims.claim_unconfirmed(env, number, "pid_older"))
        pairing_id = self.terminal.pairing_id
        self.assertTrue(claims.claim_unconfirmed(env, number, pairing_id))

    def test_unpair_erases_the_secret(self):
        self.pair()
        view = self.rpc(self.terminal, "action_unpair")
        self.assertEqual((view["state"], view["error"]), ("unpaired", False))
        self.assertFalse(self.terminal.sudo().signing_secret_part_b)
        self.assertFalse(self.terminal.pairing_id)
        self.assertFalse(self.sandbox.get("terminals/front-bar")["paired"])

    def test_unpair_of_what_is_gone_already(self):
        self.pair()
        self.sandbox.terminal("unpair")
        view = self.rpc(self.terminal, "action_unpair")
        self.assertEqual((view["state"], view["error"]), ("unpaired", False))

    def test_unpair_without_an_answer_stays_paired_and_may_be_forgotten(self):
        self.pair()
        self.sandbox.fault("/v1/unpair", "drop_after")
        view = self.rpc(self.terminal, "action_unpair")
        self.assertEqual(view["state"], "paired")
        self.assertEqual(view["error"]["message"], NETWORK)
        self.assertTrue(view["can_forget"])
        view = self.rpc(self.terminal, "action_forget")
        self.assertEqual(view["state"], "unpaired")
        self.assertEqual(len(self.sandbox.requests_to("/v1/unpair")), 1)

    def test_a_pairing_cannot_be_forgotten_without_trying_to_unpair(self):
        self.pair()
        self.assertEqual(self.rpc(self.terminal, "action_forget")["state"], "paired")

    def test_unpaired_outside_is_noticed_when_the_screen_opens(self):
        self.pair()
        self.age_pairing()
        self.sandbox.terminal("unpair")
        view = self.rpc(self.terminal, "check_pairing", user=self.cashier)
        self.assertEqual(view["state"], "unpaired")
        self.assertEqual(view["error"]["message"], "No active pairings found")
        self.assertIn("Start a new pairing on the terminal", view["error"]["hint"])
        # the secret stays for transactions that still wait for an answer
        self.assertTrue(self.terminal.sudo().signing_secret_part_b)

    def test_a_loss_right_after_pairing_is_not_believed(self):
        self.pair()
        self.sandbox.terminal("unpair")
        view = self.rpc(self.terminal, "action_test")
        self.assertEqual(view["state"], "paired")
        self.assertEqual(view["error"]["message"], "No active pairings found")

    def test_no_answer_is_not_a_loss(self):
        self.pair()
        self.age_pairing()
        # Twice: a GET is repeated once when a kept connection turns out to be cut.
        self.sandbox.fault("/v1/pairing-info", "drop_before", method="GET", times=2)
        view = self.rpc(self.terminal, "action_test")
        self.assertEqual(view["state"], "paired")
        self.assertEqual(view["error"]["message"], NETWORK)

    def test_a_pairing_again_gets_a_new_secret(self):
        self.pair()
        first = self.terminal.sudo().signing_secret_part_b
        self.rpc(self.terminal, "action_unpair")
        self.pair()
        self.assertNotEqual(self.terminal.sudo().signing_secret_part_b, first)

    def test_a_paired_terminal_is_not_paired_over(self):
        self.pair()
        view = self.progress("123456")
        self.assertEqual(view["state"], "paired")
        self.assertIn("Unpair it first", view["error"]["message"])
        self.assertEqual(len(self.sandbox.requests_to("/progress-pairing")), 1)

    def test_a_request_on_its_way_is_not_sent_a_second_time(self):
        self.terminal.sudo().claimed_at = self.env.cr.now()
        view = self.progress()
        self.assertEqual(view["error"]["code"], "in_progress")
        self.assertFalse(self.sandbox.requests_to("/progress-pairing"))

    def test_pair_and_unpair_wait_for_the_last_payment(self):
        self.pair()
        self.start()
        view = self.rpc(self.terminal, "action_unpair")
        self.assertEqual(view["state"], "paired")
        self.assertEqual(view["error"]["code"], "unresolved_transaction")
        self.assertFalse(self.sandbox.requests_to("/v1/unpair"))

    def test_without_credentials_the_administrator_reads_what_to_set(self):
        names = (credentials.PAIRING_API_KEY, credentials.SIGNING_SECRET_PART_A)
        with self.sandbox.environment(**dict.fromkeys(names, "")):
            self.manager.group_ids += self.env.ref("base.group_system")
            for_admin = self.rpc(self.terminal, "pairing_view")["credentials_error"]
            for_cashier = self.rpc(self.terminal, "pairing_view", user=self.cashier)
            view = self.progress("123456")
        for name in names:
            self.assertIn(name, for_admin)
        self.assertEqual(
            for_cashier["credentials_error"],
            "Ask your administrator to finish the SCI set-up.",
        )
        self.assertEqual(view["error"]["code"], "no_credentials")
        self.assertFalse(self.sandbox.requests_to("/progress-pairing"))

    def test_credentials_from_the_configuration_file(self):
        path = self._write_configuration()
        values = {
            credentials.PAIRING_API_KEY: "",
            credentials.SIGNING_SECRET_PART_A: "",
        }
        with (
            patch.dict(credentials.config.options, {"config": path}),
            self.sandbox.environment(**values),
        ):
            for name in values:
                del credentials.os.environ[name]
            self.assertEqual(
                credentials.pairing_credentials(), (self.sandbox.url, "key-of-the-file")
            )
            self.assertEqual(credentials.signing_secret("-b"), "part-of-the-file-b")

    def _write_configuration(self):
        file = tempfile.NamedTemporaryFile("w", suffix=".conf")
        self.addCleanup(file.close)
        file.write(
            "[options]\nworkers = 0\n[mx51_sci]\npairing_api_key = key-of-the-file\n"
            "signing_secret_part_a = part-of-the-file\n"
        )
        file.flush()
        return file.name

    def test_only_managers_pair(self):
        for method, args in (
            ("action_pair", ["123456"]),
            ("action_test", []),
            ("action_cancel_pairing", []),
            ("action_unpair", []),
            ("action_forget", []),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self.rpc(self.terminal, method, *args, user=self.cashier)
        self.assertFalse(self.sandbox.get("exchanges"))

    def test_a_paired_terminal_cannot_be_deleted(self):
        self.pair()
        with self.assertRaises(ValidationError):
            self.terminal.unlink()

    def test_one_terminal_may_have_several_pairings(self):
        self.sandbox.control("settings", pairing_replaces=False)
        second = self.terminal.copy({"name": "Front Bar again"})
        self.pair()
        self.pair(second)
        self.assertEqual(second.tid, self.terminal.tid)
        self.assertNotEqual(second.pairing_id, self.terminal.pairing_id)
        self.assertEqual(self.rpc(self.terminal, "action_test")["state"], "paired")

    def test_the_sandbox_is_marked(self):
        view = self.rpc(self.terminal, "pairing_view")
        self.assertTrue(view["sandbox"])
        self.assertEqual(view["sandbox_page"], self.sandbox.url + "/")
        with self.sandbox.environment(MX51_SCI_PAIRING_API_URL="https://a.example"):
            self.assertFalse(self.rpc(self.terminal, "pairing_view")["sandbox"])

    def test_registers_learn_of_a_pairing_while_they_sell(self):
        self.register.open_ui()
        self.register.current_session_id.set_opening_control(0, "")
        with patch.object(type(self.register), "_notify", autospec=True) as notify:
            self.pair()
        self.assertIn((self.register.id, "MX51_SCI_TERMINALS", {}), _calls(notify))

    def test_terminals_change_while_a_session_is_open(self):
        self.register.open_ui()
        other = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.method.sci_terminal_ids = other
        self.register.sci_terminal_id = other
        view = self.rpc(
            self.terminal, "pos_terminals", self.register.id, user=self.cashier
        )
        self.assertEqual(view["sci_terminal_id"], other.id)
        self.assertEqual(view["methods"], {self.method.id: other.ids})

    def test_part_a_is_nowhere_in_the_database(self):
        self.pair()
        self.env.cr.execute("SELECT to_jsonb(t)::text FROM pos_sci_terminal t")
        self.assertNotIn(PART_A, str(self.env.cr.fetchall()))


def _calls(notify):
    return [(call.args[0].id, *call.args[1:]) for call in notify.call_args_list]

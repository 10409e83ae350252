import json
import logging
from unittest.mock import patch

from ..sci.client import SciApi
from ..sci.errors import InvalidRequest, NoValidSignatures
from .common import SciCommon

STEPS = "odoo.addons.pos_mx51_sci.ledger.steps"


class TestActionFramework(SciCommon):
    """Buttons of a form: once per version, to the pairing's own origin only."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.mute("ledger.steps")
        self.pair()

    def asked_for_signature(self):
        view = self.start()
        self.present("signature")
        while view["status"] != "AWAITING_POS":
            view = self.poll(view)
        return view

    def submit(self, view, key, inputs=None, user=None):
        return self.rpc(
            self.row(view),
            "sci_submit",
            view["version"],
            key,
            inputs or {},
            user=user or self.cashier,
        )

    def button(self, view, word):
        form = view["pos_instructions"]["action_form"]
        return next(
            element["key"]
            for row in form["layout"]
            for element in row["elements"]
            if word in element["key"]
        )

    def posts(self):
        return [
            exchange
            for exchange in self.sandbox.get("exchanges")
            if exchange["method"] == "POST" and "/v1/transactions/" in exchange["path"]
        ]

    def played(self, **fields):
        """A row whose form is ``fields``."""
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        view = self.poll(view)
        self.sandbox.control(f"transactions/{self.row(view).sci_id}/play", **fields)
        return self.poll(view)

    def form(self, **properties):
        return {
            "pos_instructions": {
                "action_form": {"layout": [], "properties": properties, "details": {}}
            }
        }

    def test_signature_approved(self):
        view = self.asked_for_signature()
        self.assertIn("SIGN", view["merchant_receipt"].upper())
        view = self.submit(view, self.button(view, "approve"))
        self.assertEqual(self.follow(view)["financial_status"], "APPROVED")

    def test_signature_declined(self):
        view = self.asked_for_signature()
        view = self.submit(view, self.button(view, "decline"))
        self.assertEqual(self.follow(view)["financial_status"], "DECLINED")

    def test_a_button_is_posted_once_per_version(self):
        view = self.asked_for_signature()
        key = self.button(view, "approve")
        self.sandbox.fault("/signature|/v1/transactions/.+", "drop_after")
        first = self.submit(view, key)
        self.assertEqual(first["error"]["code"], "no_answer")
        self.submit(view, key)
        self.assertEqual(len(self.posts()), 1)
        self.assertEqual(self.follow(first)["financial_status"], "APPROVED")

    def test_a_press_that_mx51_refused_may_be_made_again(self):
        view = self.asked_for_signature()
        key = self.button(view, "approve")
        body = {"error": {"code": "device_not_connected", "message": "Off"}}
        self.sandbox.fault(
            "/v1/transactions/.+", "status", method="POST", status=424, body=body
        )
        after = self.submit(view, key)
        self.assertEqual(after["error"]["code"], "device_not_connected")
        self.submit(view, key)
        self.assertEqual(self.follow(view)["financial_status"], "APPROVED")

    def test_after_a_person_has_spoken_no_button_is_posted(self):
        view = self.asked_for_signature()
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET override_outcome = 'no',"
            " override_at = now(), override_user_id = %s, override_reason = 'x'"
            " WHERE id = %s",
            [self.manager.id, view["id"]],
        )
        after = self.submit(view, self.button(view, "approve"))
        self.assertEqual(after["error"]["code"], "not_submitted")
        self.assertFalse(self.posts())

    def test_a_button_of_an_older_form_sends_nothing(self):
        view = self.asked_for_signature()
        self.submit({**view, "version": view["version"] - 1}, "approve_signature")
        self.submit(view, "no_such_button")
        self.assertFalse(self.posts())

    def test_a_later_form_may_use_the_same_key_to_cancel(self):
        path = "/v1/transactions/x/cancel"
        view = self.played(**self.form(go={"type": "button", "submit_url": path}))
        before = {**view, "version": view["version"] - 1}
        after = self.submit(before, "go")
        self.assertEqual(after["error"]["code"], "not_submitted")
        self.assertFalse(after["cancel_requested"])
        self.assertFalse(self.posts())

    def test_the_browser_learns_which_button_cancels(self):
        asks = {"type": "button", "submit_url": "/v1/transactions/x/cancel"}
        view = self.played(**self.form(go=asks, on={**asks, "submit_url": "/v1/x"}))
        shown = view["pos_instructions"]["action_form"]["properties"]
        self.assertEqual(
            shown["go"], {"type": "button", "submit": True, "cancel": True}
        )
        self.assertIs(shown["on"]["cancel"], False)

    def test_every_input_goes_along_by_name(self):
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        view = self.poll(view)
        self.sandbox.control(f"transactions/{self.row(view).sci_id}/certification")
        view = self.poll(view)
        form = view["pos_instructions"]["action_form"]
        names = [
            element["name"]
            for element in form["properties"].values()
            if element["type"] == "input"
        ]
        self.submit(view, self.button(view, "submit"), {names[0]: "first", "x": "y"})
        body = self.posts()[-1]["request_body"]
        self.assertEqual(body, {**dict.fromkeys(names, ""), names[0]: "first"})

    def test_a_button_that_leads_elsewhere_sends_nothing(self):
        for url in (
            "https://evil.example/v1/x",
            self.sandbox.url.replace("127.0.0.1", "localhost") + "/v1/x",
            self.sandbox.url.replace("//", "//user:pass@") + "/v1/x",
            "javascript:alert(1)",
            "/v1/x",
            "https://[evil/x",
            {"url": "x"},
            7,
        ):
            self.sandbox.control("reset")
            self.terminal.sudo().state = "unpaired"
            self.env["pos.sci.transaction"].search([]).sudo().given_up = True
            self.pair()
            with self.subTest(url=url):
                self.setup_number = getattr(self, "setup_number", 0) + 1
                view = self.start(f"payment-{self.setup_number}")
                self.sandbox.get("wait", terminal="front-bar", screen="present_card")
                view = self.poll(view)
                self.sandbox.control(
                    f"transactions/{self.row(view).sci_id}/play",
                    **self.form(go={"type": "button", "submit_url": url}),
                )
                view = self.poll(view)
                self.assertNotIn("evil", json.dumps(view))
                after = self.submit(view, "go")
                self.assertFalse(self.posts())
                self.assertEqual(after["status"], "PENDING")

    def test_a_button_that_leads_elsewhere_says_so_and_is_logged_once(self):
        url = "https://evil.example/v1/x"
        view = self.played(**self.form(go={"type": "button", "submit_url": url}))
        with self.assertLogs(STEPS, logging.WARNING) as log:
            errors = [self.submit(view, "go")["error"] for _press in "ab"]
        for error in errors:
            self.assertEqual(error["code"], "not_ours")
            self.assertIn("leads away", error["message"])
            self.assertIn("Use another button", error["hint"])
            self.assertNotIn("evil", json.dumps(error))
        self.assertEqual(len(log.output), 1)
        self.assertIn("submit_url leads to evil.example", log.output[0])

    def test_what_to_do_about_a_press_that_was_refused(self):
        view = self.asked_for_signature()
        clock = NoValidSignatures("No valid signatures found", 401)
        clock.reason = "clock"
        for refusal, hint in (
            (clock, "The clock of the server was wrong"),
            # What mx51's pairing guide says of it is about codes on the terminal.
            (InvalidRequest("Invalid request", 400), ""),
        ):
            with patch.object(SciApi, "submit_action", side_effect=refusal):
                error = self.submit(view, self.button(view, "approve"))["error"]
            self.assertEqual(error["message"], refusal.text)
            self.assertEqual(error["hint"].split(".")[0], hint)

    def test_forms_of_no_documented_shape_do_not_stop_the_payment(self):
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        for instructions in (
            {"action_form": []},
            {"action_form": {"properties": []}},
            {"action_form": {"properties": {"a": None, "b": 5, "c": {}}}},
            {"action_form": {"layout": "x", "properties": {"a": {"type": "input"}}}},
            {"auto_actions": {"a": 1}},
            [],
            "x",
            5,
        ):
            view = self.poll(view)
            self.sandbox.control(
                f"transactions/{self.row(view).sci_id}/play",
                pos_instructions=instructions,
            )
            with self.subTest(instructions=instructions):
                view = self.poll(view)
                self.assertEqual(view["status"], "PENDING")
                self.assertEqual(self.submit(view, "a")["status"], "PENDING")
        self.sandbox.terminal("card", outcome="approve")
        self.assertEqual(self.follow(view)["financial_status"], "APPROVED")

    def test_a_flood_in_a_message_is_cut(self):
        view = self.played(message="<b>" + "x" * 900_000)
        self.assertLess(len(view["message"]), 3000)

import json

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import SciCommon


class TestPayment(SciCommon):
    """Purchases: ``docs/ledger.md`` "Start" and "Events"."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()

    # -- the story -----------------------------------------------------------------

    def test_approved(self):
        view = self.start()
        self.assertEqual((view["status"], view["version"]), ("PENDING", 1))
        self.assertTrue(view["unresolved"])
        self.present()
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "APPROVED")
        self.assertEqual(view["message"], "(000) APPROVED")
        self.assertTrue(view["paid"] and not view["unresolved"])
        self.assertEqual(view["result_amounts"]["purchase_amount"], 1250)
        self.assertIn("12.50", view["customer_receipt"])
        self.assertIn("12.50", view["merchant_receipt"])
        (charge,) = self.sandbox.get("charges")
        self.assertEqual(charge["transaction_id"], self.row(view).sci_id)

    def test_the_pairing_is_checked_before_and_only_then_is_sent(self):
        self.start()
        calls = [
            (exchange["method"], exchange["path"])
            for exchange in self.sandbox.get("exchanges")
            if exchange["signature"] == "valid" or exchange["path"].startswith("/v1/t")
        ]
        self.assertEqual(
            calls[-2:], [("GET", "/v1/pairing-info"), ("POST", "/v1/transactions")]
        )

    def test_the_request_is_the_documented_one(self):
        self.terminal.write(
            {"print_merchant_receipt": True, "pos_auto_print_signature_receipt": False}
        )
        self.start(amount=1005)
        (request,) = self.upstream()
        self.assertEqual(
            request["request_body"],
            {
                "purchase_details": {
                    "purchase_amount": 1005,
                    # The register takes no tip and leaves no surcharge to the terminal.
                    "tip_amount": 0,
                    "surcharge_amount": 0,
                },
                "print_merchant_receipt": True,
                "prompt_customer_receipt": False,
                "verify_signature_on_terminal": False,
                "pos_auto_print_signature_receipt": False,
            },
        )

    def test_declined_then_tried_again(self):
        view = self.start()
        self.present("decline", response_code="051")
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "DECLINED")
        self.assertIn("051", view["message"])
        self.assertFalse(view["paid"] or view["unresolved"])
        again = self.start(attempt=2)
        self.assertNotEqual(again["id"], view["id"])
        self.assertEqual(again["status"], "PENDING")
        self.assertEqual(len(self.upstream()), 2)

    def test_versions_that_skip(self):
        self.sandbox.control("settings", version_step=3)
        view = self.start()
        self.present()
        view = self.follow(view)
        self.assertEqual(view["financial_status"], "APPROVED")
        asked = [
            int(exchange["path"].split("min_version=")[1])
            for exchange in self.sandbox.get("exchanges")
            if "min_version" in exchange["path"]
        ]
        self.assertTrue(set(asked) <= {2, 5, 8, 11}, asked)

    # -- what sends nothing --------------------------------------------------------

    def test_the_same_attempt_is_never_sent_twice(self):
        view = self.start()
        self.assertEqual(self.start()["id"], view["id"])
        self.present("decline", response_code="051")
        self.follow(view)
        late = self.start()
        self.assertEqual(late["id"], view["id"])
        self.assertEqual(late["financial_status"], "DECLINED")
        self.assertEqual(len(self.upstream()), 1)

    def test_retry_sends_nothing_while_the_last_attempt_lives_or_is_paid(self):
        view = self.start()
        self.assertEqual(self.start(attempt=2)["id"], view["id"])
        self.present()
        self.follow(view)
        self.assertEqual(self.start(attempt=2)["id"], view["id"])
        self.assertEqual(len(self.upstream()), 1)

    def test_an_attempt_cannot_be_left_out(self):
        with self.assertRaises(UserError):
            self.start(attempt=2)
        self.assertFalse(self.upstream())

    def test_another_request_under_the_same_attempt_gets_the_row(self):
        view = self.start()
        for changes in (
            {"amount": 1300},
            {"order_uuid": "another-order"},
            {"terminal_id": self.terminal.copy().id},
        ):
            other = self.start(**changes)
            with self.subTest(changes=changes):
                self.assertEqual(other["id"], view["id"])
                self.assertEqual(other["error"]["code"], "different_request")
                self.assertEqual(other["amounts"], {"purchase_amount": 1250})
        self.assertEqual(len(self.upstream()), 1)

    def test_amounts_that_are_none(self):
        for number, amount in enumerate((0, -1250, 12.5, "1250", True, None, 10**12)):
            view = self.start(f"payment-{number}x", amount=amount)
            with self.subTest(amount=amount):
                self.assertEqual(view["status"], "not_sent")
                self.assertEqual(view["error"]["code"], "wrong_amount")
        self.assertFalse(self.upstream())

    def test_another_currency(self):
        other = self.env.ref("base.AUD") | self.env.ref("base.JPY")
        self.terminal.sudo().currency_id = (other - self.terminal.currency_id)[0]
        view = self.start()
        self.assertEqual(view["error"]["code"], "wrong_currency")
        self.assertFalse(self.upstream())

    def test_a_terminal_serves_one_payment_at_a_time(self):
        self.start()
        second_register = self._register("Bistro")
        view = self.start("payment-2", config_id=second_register.id)
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], "terminal_busy")
        self.assertEqual(
            view["error"]["message"], "Front Bar is taking a payment on register Bar."
        )
        self.assertEqual(len(self.upstream()), 1)

    def test_the_terminal_beside_another_register_is_nobody_else_s_usual_one(self):
        beside = self._register("Bistro")
        beside.sci_terminal_id = self.terminal
        self.assertEqual(self.start()["error"]["code"], "terminal_required")
        self.assertEqual(self.start(terminal_id=self.terminal.id)["status"], "PENDING")

    def test_which_terminal(self):
        bistro = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.method.sci_terminal_ids |= bistro
        view = self.start()
        self.assertEqual(view["error"]["code"], "terminal_required")
        self.assertFalse(view["id"])
        self.assertEqual(self.start(terminal_id=self.terminal.id)["status"], "PENDING")
        self.register.sci_terminal_id = bistro
        view = self.start("payment-2")
        self.assertEqual(view["terminal_name"], "Bistro")
        self.assertEqual(view["error"]["code"], "not_paired")
        self.assertEqual(view["error"]["message"], "No active pairings found")

    def test_no_credentials(self):
        with self.sandbox.environment(MX51_SCI_SIGNING_SECRET_PART_A=""):
            view = self.start()
        self.assertEqual(view["error"]["code"], "no_credentials")
        self.assertEqual(view["status"], "not_sent")

    def test_order_with_an_undecided_payment(self):
        self.sandbox.fault("/v1/transactions$", "drop_after")
        self.start()
        view = self.start("payment-2", order_uuid="order-of-payment-1")
        self.assertEqual(view["error"]["code"], "order_unresolved")

    # -- what mx51 says before anything is charged ---------------------------------

    def test_unpaired_in_the_middle_of_the_day(self):
        self.age_pairing()
        self.sandbox.terminal("unpair")
        view = self.start()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["message"], "No active pairings found")
        self.assertEqual(view["error"]["hint"], "Nothing was charged.")
        self.assertEqual(self.terminal.state, "unpaired")
        self.assertFalse(self.upstream())

    def test_within_a_minute_of_pairing_a_loss_is_not_believed(self):
        self.sandbox.terminal("unpair")
        view = self.start()
        self.assertEqual(view["error"]["message"], "No active pairings found")
        self.assertEqual(self.terminal.state, "paired")

    def test_terminal_off(self):
        self.sandbox.terminal("power", on=False)
        view = self.start()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], "device_not_connected")
        self.assertIn(
            "Please check network and terminal connections", view["error"]["message"]
        )

    def test_busy_with_somebody_else(self):
        body = {"error": {"code": "TRANSACTION_REFUSED", "message": "Terminal busy"}}
        self.sandbox.fault("/v1/transactions$", "status", status=409, body=body)
        view = self.start()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], "transaction_refused")
        self.assertIn("press Retry", view["error"]["hint"])
        self.assertEqual(view["error"]["message"], "Terminal busy")

    def test_no_answer_to_the_check_sends_nothing(self):
        # Twice: a GET is repeated once when a kept connection turns out to be cut.
        self.sandbox.fault("/v1/pairing-info", "drop_before", method="GET", times=2)
        self.mute("ledger.flow")
        view = self.start()
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], "no_answer")
        self.assertFalse(self.upstream())

    # -- no answer is never a result -----------------------------------------------

    def test_no_usable_answer_to_the_create(self):
        for number, fault in enumerate(
            (
                {"action": "drop_before"},
                {"action": "drop_after"},
                {"action": "garbage"},
                {"action": "truncated"},
                {"action": "status", "status": 500},
                {"action": "status", "status": 502, "body": "<html>"},
                {"action": "status", "status": 404, "body": "Route not found"},
                {"action": "status", "status": 200, "body": {"data": {"id": "x"}}},
            )
        ):
            if self.sandbox.get("terminals/front-bar")["transaction"]:
                self.sandbox.terminal("cancel")
            before = len(self.upstream())
            self.sandbox.fault("/v1/transactions$", **fault)
            with self.subTest(fault=fault):
                view = self.start(f"payment-{number}u")
                self.assertEqual(view["status"], "unknown")
                self.assertTrue(view["unresolved"] and not view["paid"])
                again = self.start(f"payment-{number}u", attempt=2)
                self.assertEqual(again["id"], view["id"])
                self.assertEqual(len(self.upstream()), before + 1)

    def test_an_answer_that_had_an_id_at_least_can_be_asked_about(self):
        sci_id = "11111111-2222-3333-4444-555555555555"
        self.sandbox.fault(
            "/v1/transactions$", "status", status=200, body={"data": {"id": sci_id}}
        )
        view = self.start()
        self.assertEqual((view["status"], self.row(view).sci_id), ("unknown", sci_id))
        self.assertEqual(view["error"]["code"], "bad_answer")
        data = {
            "id": sci_id,
            "version": 5,
            "status": "FINALISED",
            "result_financial_status": "APPROVED",
        }
        self.sandbox.fault(
            sci_id, "status", method="GET", status=200, body={"data": data}
        )
        self.assertTrue(self.poll(view)["paid"])

    def test_an_answer_that_is_not_whole_is_a_sign_of_life(self):
        view = self.start()
        self.age(view, "silent_since", 50)
        body = {"data": {"version": 3}}
        self.sandbox.fault(
            "/v1/transactions/", "status", method="GET", status=200, body=body
        )
        view = self.poll({**view, "version": self.row(view).version})
        self.assertLess(view["silent_for"], 5)
        self.assertFalse(view["error"])

    def test_who_always_asks_from_the_beginning_hears_the_end(self):
        view = self.start()
        self.present()
        self.sandbox.get("wait", transaction=self.row(view).sci_id, status="FINALISED")
        self.age(view, "followed_at", 2)
        self.assertTrue(self.poll({**view, "version": 0})["paid"])

    def test_a_finished_order_is_not_charged_again(self):
        self.register.open_ui()
        order = self.env["pos.order"].create(
            {
                "uuid": "order-of-payment-1",
                "session_id": self.register.current_session_id.id,
                "amount_tax": 0,
                "amount_total": 0,
                "amount_paid": 0,
                "amount_return": 0,
            }
        )
        order.state = "paid"
        self.assertEqual(self.start()["error"]["code"], "order_finished")
        self.assertFalse(self.upstream())

    def test_the_plain_call_asks_and_never_waits(self):
        view = self.start()
        self.present()
        self.sandbox.get("wait", transaction=self.row(view).sci_id, status="FINALISED")
        self.assertTrue(self.look(view)["paid"])
        (poll,) = self.polls()
        self.assertTrue(poll.endswith("min_version=1"), "what exists is not held")

    def test_a_browser_that_lags_behind_does_not_make_us_ask_all_the_time(self):
        view = self.start()
        for _call in range(3):
            self.look({**view, "version": 0})
        self.assertEqual(self.polls(), [])
        self.age(view, "followed_at", 1)
        self.look({**view, "version": 0})
        self.assertEqual(len(self.polls()), 1)

    def look(self, view):
        return self.rpc(self.row(view), "sci_poll", view["version"], user=self.cashier)

    def polls(self):
        return [
            exchange["path"]
            for exchange in self.sandbox.get("exchanges")
            if "min_version" in exchange["path"]
        ]

    def test_a_row_is_found_without_naming_its_terminal(self):
        view = self.start(terminal_id=self.terminal.id)
        self.method.sci_terminal_ids = False
        self.assertEqual(self.start()["id"], view["id"])

    def test_silence_changes_nothing(self):
        view = self.start()
        for action, times in (("drop_before", 2), ("garbage", 1)):
            self.sandbox.fault("/v1/transactions/", action, method="GET", times=times)
            after = self.poll({**view, "version": self.row(view).version})
            self.assertEqual(after["status"], "PENDING")
            self.assertIn(after["error"]["code"], ("no_answer", "bad_answer"))
        self.present()
        self.assertEqual(self.follow(view)["financial_status"], "APPROVED")

    def test_a_terminal_that_is_off_meanwhile_is_a_sign_of_life(self):
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        view = self.poll(view)
        self.sandbox.terminal("power", on=False)
        self.age(view, "silent_since", 50)
        after = self.poll(view)
        self.assertEqual(after["error"]["code"], "device_not_connected")
        self.assertLess(after["silent_for"], 5)
        self.assertEqual(after["status"], "PENDING")

    def test_answers_that_go_back_are_ignored(self):
        view = self.start()
        self.present()
        view = self.follow(view)
        row = self.row(view)
        before = row.read()
        with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE pos_sci_transaction SET financial_status = 'DECLINED'"
                    " WHERE id = %s",
                    [row.id],
                )
        self.assertEqual(row.read(), before)

    # -- the view ------------------------------------------------------------------

    def test_the_browser_sees_no_url_and_the_form_in_its_order(self):
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        view = self.poll(view)
        self.assertNotIn("submit_url", json.dumps(view))
        self.assertNotIn(self.sandbox.url, json.dumps(view))
        form = view["pos_instructions"]["action_form"]
        self.assertTrue(form["properties"]["cancel_transaction"]["submit"])
        stored = json.loads(self.row(view).sudo().pos_instructions)["action_form"][
            "details"
        ]
        self.assertEqual(list(form["details"]), list(stored))

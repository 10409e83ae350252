import itertools
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ..ledger import settlement
from ..sci.client import SciApi
from .common import SciCommon


class TestSettlement(SciCommon):
    """Totals of a terminal: sent once, followed to the end (``docs/protocol.md`` 5)."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()

    def settle(self, method="action_settle", user=None):
        action = self.rpc(self.terminal, method, user=user)
        return self.env["pos.sci.settlement"].browse(action["res_id"])

    def sent(self):
        return [
            exchange["request_body"]
            for exchange in self.sandbox.requests_to("/v1/settlements")
        ]

    def sale(self, payment="payment-1"):
        view = self.start(payment)
        self.present()
        return self.follow(view)

    def never_ending(self):
        """A settlement that is still going on when the manager stops waiting."""
        self.sandbox.control("settings", processing_delay=3600)
        with patch.object(settlement, "WAIT", 0):
            return self.settle()

    def sweep(self):
        self.env["pos.sci.transaction"]._cron_sweep()
        self.env.invalidate_all()

    def make_older(self, row, seconds):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_sci_settlement SET sent_at = sent_at"
            " - make_interval(secs => %s) WHERE id = %s",
            [seconds, row.id],
        )
        self.env.invalidate_all()

    def test_a_settlement_closes_the_day(self):
        self.sale()
        row = self.settle()
        self.assertEqual((row.status, row.financial_status), ("FINALISED", "APPROVED"))
        self.assertEqual(row.message, "(000) APPROVED")
        self.assertIn("12.50", row.receipt)
        self.assertEqual(row.pairing_id, self.terminal.pairing_id)
        self.assertEqual(row.create_uid, self.manager)
        self.assertEqual(self.sent(), [{"type": "SETTLEMENT"}])
        self.assertNotIn("12.50", self.settle("action_settlement_enquiry").receipt)

    def test_an_enquiry_closes_nothing(self):
        self.sale()
        for _time in range(2):
            row = self.settle("action_settlement_enquiry")
            self.assertEqual(row.kind, "enquiry")
            self.assertIn("12.50", row.receipt)
        self.assertEqual(self.sent(), [{"type": "ENQUIRY"}] * 2)

    def test_it_is_written_down_before_it_leaves(self):
        of_terminal = [("terminal_id", "=", self.terminal.id)]
        create, seen = SciApi.create_settlement, []

        def looked_at(api, kind, date):
            self.env.invalidate_all()
            rows = self.env["pos.sci.settlement"].search(of_terminal)
            seen.append(rows.status)
            return create(api, kind, date)

        with patch.object(SciApi, "create_settlement", looked_at):
            self.settle()
        self.assertEqual(seen, ["sending"])

    def test_without_a_usable_answer_it_is_not_sent_again(self):
        faults = (
            {"action": "drop_before"},
            {"action": "drop_after"},
            {"action": "garbage"},
            {"action": "status", "status": 500},
        )
        methods = ("action_settle", "action_settlement_enquiry")
        for number, (method, fault) in enumerate(itertools.product(methods, faults), 1):
            self.sandbox.fault("/v1/settlements$", **fault)
            with self.subTest(method=method, fault=fault):
                row = self.settle(method)
                self.assertEqual(row.status, "unknown")
                self.rpc(row, "action_check")
                self.sweep()
                self.assertEqual(row.status, "unknown")
                self.assertEqual(len(self.sent()), number)
                if self.sandbox.get("terminals/front-bar")["transaction"]:
                    self.sandbox.get("wait", terminal="front-bar", screen="result")

    def test_what_mx51_refuses_was_not_sent(self):
        self.sandbox.terminal("power", on=False)
        row = self.settle()
        self.assertEqual(row.status, "not_sent")
        self.assertIn("not connected", row.message)

    def test_a_terminal_without_its_pairing(self):
        self.age_pairing()
        self.sandbox.terminal("unpair")
        with self.assertRaisesRegex(UserError, "No active pairings found"):
            self.settle()
        self.assertEqual(self.terminal.state, "unpaired")
        with self.assertRaisesRegex(UserError, "No active pairings found"):
            self.settle()
        self.assertFalse(self.sent())

    def test_no_credentials(self):
        with self.sandbox.environment(MX51_SCI_SIGNING_SECRET_PART_A=""):
            with self.assertRaises(UserError):
                self.settle()
        self.assertFalse(self.sent())

    def test_what_an_administrator_may_do_about_it(self):
        self.manager.group_ids += self.env.ref("base.group_system")
        terminal = self.terminal.sudo()
        terminal.api_base_url = terminal.api_base_url.replace("http:", "https:")
        with patch.dict("os.environ", REQUESTS_CA_BUNDLE="/nowhere"):
            with self.assertRaisesRegex(UserError, "network.*REQUESTS_CA_BUNDLE"):
                self.settle()
            shown = self.rpc(self.terminal, "action_test_all", user=self.manager)
        self.assertIn("REQUESTS_CA_BUNDLE", shown["params"]["message"])
        self.assertFalse(self.sent())

    def test_a_terminal_that_takes_a_payment(self):
        self.start()
        with self.assertRaisesRegex(UserError, "is taking a payment on register Bar"):
            self.settle()
        self.assertFalse(self.sent())

    def test_a_terminal_that_is_being_unpaired(self):
        self.terminal.sudo().claimed_at = self.env.cr.now()
        with self.assertRaisesRegex(UserError, "being paired or unpaired"):
            self.settle()
        self.assertFalse(self.sent())

    def test_one_at_a_time(self):
        row = self.never_ending()
        self.assertEqual(row.status, "PENDING")
        with self.assertRaisesRegex(UserError, "busy with its totals"):
            self.settle("action_settlement_enquiry")
        self.assertEqual(len(self.sent()), 1)

    def test_its_end_is_found_later(self):
        for find in (
            lambda row: self.rpc(row, "action_check"),
            lambda _row: self.sweep(),
        ):
            self.sandbox.control("settings", processing_delay=3)
            with (
                patch.object(settlement, "WAIT", 0),
                patch.object(settlement, "HOLD", 0.1),
            ):
                row = self.settle()
            self.assertEqual(row.status, "PENDING")
            self.sandbox.get("wait", transaction=row.sci_id, status="FINALISED")
            find(row)
            find(row)
            self.assertEqual(row.financial_status, "APPROVED")

    def test_a_request_that_died(self):
        row = self.never_ending()
        row.sudo().status = "sending"
        self.make_older(row, 20)
        self.sweep()
        self.assertEqual(row.status, "sending")
        self.make_older(row, 11)
        self.sweep()
        self.assertEqual(row.status, "unknown")

    def test_one_that_does_not_end_keeps_nobody_waiting(self):
        row = self.never_ending()
        self.make_older(row, 290)
        with self.assertRaisesRegex(UserError, "busy with its totals"):
            self.settle("action_settlement_enquiry")
        self.make_older(row, 600)
        shown = self.rpc(self.terminal, "pos_terminals", self.register.id)
        self.assertFalse(shown["terminals"][0]["doing"])
        self.rpc(row, "action_check")
        self.assertEqual(row.status, "unknown")

    def test_a_person_may_settle_anew(self):
        row = self.never_ending()
        self.make_older(row, 310)
        self.sandbox.fault("/v1/settlements$", action="drop_before")
        again = self.settle()
        self.assertEqual((row.status, again.status), ("unknown", "unknown"))
        self.assertEqual(len(self.sent()), 2)

    def test_its_end_is_found_for_a_day(self):
        row = self.never_ending()
        self.make_older(row, 23 * 3600)
        play = f"transactions/{row.sci_id}/play"
        for played in (
            {"message": "Still at it"},
            {"status": "FINALISED", "result_financial_status": "APPROVED"},
        ):
            self.sweep()
            self.assertEqual((row.status, row.financial_status), ("unknown", False))
            self.sandbox.control(play, **played)
        self.make_older(row, 7200)
        self.sweep()
        self.assertEqual(row.status, "unknown", "that was too long ago")
        self.make_older(row, -7200)
        self.sweep()
        self.assertEqual(row.financial_status, "APPROVED")

    def test_why_its_end_is_not_known(self):
        row = self.never_ending()
        for status, code, said in (
            (404, "transaction_not_found", "Gone"),
            (424, "device_not_connected", "not connected"),
        ):
            error = {"code": code, "message": "Gone"}
            self.sandbox.fault(
                "/v1/settlements/",
                "status",
                method="GET",
                status=status,
                body={"error": error},
            )
            self.rpc(row, "action_check")
            self.assertIn(said, row.message)
            self.assertEqual(row.status, "PENDING", "it may have settled")
        self.assertEqual(len(self.sent()), 1)

    def test_a_settlement_of_an_earlier_pairing_keeps_nobody_waiting(self):
        """Nobody can ask for its end any more; the terminal works for the new one."""
        row = self.never_ending()
        self.rpc(self.terminal, "action_unpair")
        self.sandbox.control("reset")
        self.pair()
        shown = self.rpc(self.terminal, "pos_terminals", self.register.id)
        self.assertFalse(shown["terminals"][0]["doing"])
        view = self.sale()
        self.assertEqual(view["financial_status"], "APPROVED")
        later = self.settle()
        self.assertEqual(later.financial_status, "APPROVED")
        self.assertEqual(later.transaction_ids, self.row(view))
        self.assertEqual((row.status, row.financial_status), ("unknown", False))
        self.assertIn("unpaired before", row.message)
        self.assertFalse(row.transaction_ids)

    def test_the_sweep_ends_a_settlement_of_an_earlier_pairing(self):
        row = self.never_ending()
        self.rpc(self.terminal, "action_unpair")
        self.sweep()
        self.assertEqual(row.status, "unknown")

    def test_the_sweep_writes_in_the_shops_language(self):
        row = self.never_ending()
        row.sudo().pairing_id = "an earlier one"
        self.let_speak(self.manager, "fr_FR")
        self.company.sci_keeper_ids = self.manager
        self.env.flush_all()
        self.sweep()
        text = "The terminal was unpaired before it had ended."
        self.assertEqual(row.message, self.said_in("fr_FR", text))

    def triggers(self):
        cron = self.env.ref("pos_mx51_sci.ir_cron_sweep")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_the_sweep_stops_at_the_first_silence_and_runs_again(self):
        self.sandbox.control("settings", poll_hold=0.2)
        self.never_ending()
        other = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(other, "bistro")
        first, self.terminal = self.terminal, other
        self.never_ending()
        other.sudo().api_base_url = first.api_base_url
        self.env.flush_all()
        before = self.triggers()
        known = self.asked()
        self.sandbox.fault("/v1/settlements/", "hang", "GET", seconds=1.5, times=0)
        self.sweep()
        self.assertEqual(len(set(self.asked()[len(known) :])), 1)
        self.assertEqual(self.triggers(), before + 1)
        self.sandbox.clear_faults()
        known = self.asked()
        self.sweep()
        self.assertEqual(len(set(self.asked()[len(known) :])), 2)
        self.assertEqual(self.triggers(), before + 1)

    def asked(self):
        """Settlements that mx51 was asked about, in this order."""
        return [
            exchange["path"].split("?")[0]
            for exchange in self.sandbox.get("exchanges")
            if exchange["method"] == "GET" and "/settlements/" in exchange["path"]
        ]

    def test_managers_only(self):
        for method in ("action_settle", "action_settlement_enquiry"):
            with self.assertRaises(AccessError):
                self.settle(method, user=self.cashier)
        row = self.settle()
        with self.assertRaises(AccessError):
            row.with_user(self.cashier).read(["receipt"])
        with self.assertRaises(AccessError):
            self.rpc(row, "action_check", user=self.cashier)
        other = self.env["res.company"].create({"name": "Another shop"})
        group = "point_of_sale.group_pos_manager"
        stranger = self._user("stranger", group, other)
        with self.assertRaises(AccessError):
            self.settle(user=stranger)
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["receipt"])
        self.assertEqual(len(self.sent()), 1)

    def test_nobody_writes_it(self):
        row = self.settle()
        for change in (
            lambda mine: mine.write({"receipt": "x"}),
            lambda mine: mine.unlink(),
            lambda mine: mine.create({"kind": "enquiry"}),
        ):
            with self.assertRaises(AccessError):
                change(row.with_user(self.manager))

"""One run of the scheduled action is bounded, and takes rows in turn."""

import time
import uuid

from ..ledger import sweep
from ..ledger.flow import SciFlow
from ..sci import connections
from .common import SciCommon
from .network import Nameserver

ROWS = 6
#: Seconds: three slow answers and not a fourth.
SECONDS = sweep.ROW_NEEDS + 2.5


class TestSweep(SciCommon):
    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.ids = [self._waiting() for _number in range(ROWS)]

    def _waiting(self):
        """A row that mx51 is asked about, on a terminal of its own."""
        self.env.cr.execute(
            """
            INSERT INTO pos_sci_transaction (payment_uuid, attempt, order_uuid, kind,
                amounts, company_id, currency_id, exponent, terminal_id, pairing_id,
                config_id, payment_method_id, status, sent_at, version, create_date,
                sci_id, silent_since, followed_at, given_up)
            SELECT %s, 1, %s, kind, amounts, company_id, currency_id, exponent, %s,
                pairing_id, config_id, payment_method_id, status, sent_at, 1,
                create_date, %s, silent_since, followed_at - interval '1 min', FALSE
              FROM pos_sci_transaction WHERE id = %s RETURNING id
            """,
            [
                *(str(uuid.uuid4()), str(uuid.uuid4()), self._twin().id),
                *(str(uuid.uuid4()), self.view["id"]),
            ],
        )
        return self.env.cr.fetchone()[0]

    def _twin(self):
        """A terminal with the same pairing."""
        terminal = self.terminal.sudo().copy()
        columns = "state, pairing_id, key_id, api_base_url, signing_secret_part_b"
        self.env.cr.execute(
            f"UPDATE pos_sci_terminal SET ({columns}, paired_database) ="
            f" (SELECT {columns}, paired_database FROM pos_sci_terminal WHERE id = %s)"
            " WHERE id = %s",
            [self.terminal.id, terminal.id],
        )
        return terminal

    def sweep(self, seconds=sweep.TURN):
        self.env.flush_all()
        self.env.invalidate_all()
        turn = SciFlow(self.env).sweep(seconds)
        self.env.invalidate_all()
        return turn

    def asked(self):
        """Transaction ids that mx51 was asked about, in this order."""
        ids = self.env["pos.sci.transaction"].browse(self.ids).mapped("sci_id")
        asked = [
            exchange["path"].split("?")[0].rpartition("/")[2]
            for exchange in self.sandbox.get("exchanges")
            if exchange["method"] == "GET"
        ]
        return [sci_id for sci_id in asked if sci_id in ids]

    def triggers(self):
        cron = self.env.ref("pos_mx51_sci.ir_cron_sweep")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_what_is_answered_is_done_in_one_run(self):
        before = self.triggers()
        self.assertFalse(self.sweep().is_cut)
        self.assertEqual(len(set(self.asked())), ROWS)
        self.assertEqual(self.triggers(), before)

    def test_a_run_ends_in_time_and_the_next_goes_on_where_it_ended(self):
        self.sandbox.fault("/v1/transactions/", "delay", "GET", seconds=0.9, times=0)
        before, began = self.triggers(), time.monotonic()
        self.assertTrue(self.sweep(SECONDS).is_cut)
        self.assertLess(time.monotonic() - began, SECONDS)
        first = self.asked()
        self.assertLess(0, len(first))
        self.assertLess(len(first), ROWS)
        self.assertEqual(self.triggers(), before + 1)
        while self.sweep(SECONDS).is_cut:
            pass
        self.assertEqual(len(self.asked()), len(set(self.asked())))
        self.assertEqual(len(self.asked()), ROWS)

    def test_after_the_first_silence_the_rest_waits_for_the_next_run(self):
        self.sandbox.fault("/v1/transactions/", "hang", "GET", seconds=2, times=0)
        self.assertTrue(self.sweep().is_cut)
        self.assertTrue(self.sweep().is_cut)
        asked = set(self.asked())
        self.assertEqual(len(asked), 2)
        self.sandbox.clear_faults()
        self.sweep()
        self.assertEqual(len(set(self.asked())), ROWS)

    def test_a_silent_cancel_is_a_silence_too(self):
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET cancel_requested_at = sent_at"
            " WHERE id = ANY(%s)",
            [self.ids],
        )
        self.sandbox.fault("/cancel$", "hang", "POST", seconds=2, times=0)
        self.assertTrue(self.sweep().is_cut)
        self.assertFalse(self.asked())
        self.assertEqual(len(self.sandbox.requests_to("/cancel")), 1)

    def test_what_fails_at_once_is_no_silence(self):
        self.sandbox.fault("/v1/transactions/", "drop_before", "GET", times=0)
        self.assertFalse(self.sweep().is_cut)
        self.assertEqual(len(set(self.asked())), ROWS)

    def test_a_name_that_nobody_finds_takes_a_run_no_time(self):
        nameserver, began = Nameserver(self.addCleanup), time.monotonic()
        terminals = self.env["pos.sci.terminal"].sudo().search([])
        terminals.api_base_url = "http://localhost:1"
        self.assertTrue(self.sweep().is_cut)
        self.assertLess(time.monotonic() - began, connections.CONNECT_TIMEOUT + 1.5)
        self.assertEqual(len(nameserver.asked), 1)

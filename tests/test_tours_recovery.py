from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.pos_mx51_sci.ledger import transitions

from .common_tours import SciTourCommon


@tagged("post_install", "-at_install")
class TestToursOfRecovery(SciTourCommon):
    """Reloads, silence and contradictions: each payment ends rightly, charged once."""

    def setUp(self):
        super().setUp()
        # Faults are logged; here they are wanted.
        muted = mute_logger("odoo.addons.pos_mx51_sci.ledger.flow")
        muted.__enter__()
        self.addCleanup(muted.__exit__)
        self.pair()
        self.shorten("override_after", 4)

    def shorten(self, field, seconds):
        """Less time than a merchant may set, for the sake of the test."""
        shorter = patch.object(type(self.terminal), field, seconds)
        shorter.start()
        self.addCleanup(shorter.stop)

    # -- reload at each state ------------------------------------------------------

    def test_reload_before_the_terminal_asks(self):
        self.sell("pos_mx51_sci.reload_before_the_terminal_asks")
        self.assert_charged(510, 510)
        self.assertEqual(self.rows().mapped("attempt"), [1, 1])
        self.assert_sold("Card")

    def test_reload_at_the_terminal_and_at_the_form(self):
        self.sell("pos_mx51_sci.reload_at_the_terminal_and_at_the_form")
        self.assert_charged(510)
        self.assertEqual(len(self.rows()), 1)
        self.assert_sold("Card")

    def test_reload_at_the_question(self):
        self.sell("pos_mx51_sci.reload_at_the_question")
        self.assert_charged(510, 510)
        self.assertEqual(self.rows().mapped("override_outcome"), ["yes", False])
        self.assert_sold("Card")

    # -- contradiction -------------------------------------------------------------

    def test_an_approval_after_a_no_is_not_charged_again(self):
        self.sell("pos_mx51_sci.contradicted")
        self.assert_charged(510)
        row = self.rows()
        self.assertEqual(
            (row.override_outcome, row.financial_status), ("no", "APPROVED")
        )
        self.assertEqual(self.assert_sold("Card"), row.pos_order_id)
        review = self.env["pos.sci.review"].search([])
        self.assertEqual((review.kind, review.state), ("contradicted", "open"))
        self.assertIn("but the bank approved", review.text)

    # -- a terminal is lost, another one sells -------------------------------------

    def test_one_terminal_is_unpaired_while_the_other_sells(self):
        bistro = self.add_bistro()
        other = self.main_pos_config.copy(
            {
                "name": "Bistro",
                "payment_method_ids": self.card.ids,
                "sci_terminal_id": bistro.id,
            }
        )
        with patch.object(transitions, "MISSING_AFTER", 1):
            self.sell("pos_mx51_sci.loses_its_terminal")
        self.assert_sold("Cash")
        self.sell("pos_mx51_sci.sells_on_bistro", register=other)
        self.assert_sold("Card")
        self.assert_charged(510)
        self.assertEqual(self.terminal.state, "unpaired")
        self.assertEqual(bistro.state, "paired")
        self.assertNotEqual(self.terminal.api_base_url, bistro.api_base_url)

    # -- nobody is trapped ---------------------------------------------------------

    def test_dead_terminal(self):
        self.shorten("override_after_cancel", 2)
        self.sell("pos_mx51_sci.dead_terminal")
        self.assert_paid_in_cash()

    def test_dead_mx51(self):
        self.sell("pos_mx51_sci.dead_mx51")
        self.assert_paid_in_cash()

    def assert_paid_in_cash(self):
        """After a payment that was never sent and one that got no answer."""
        self.assert_charged()
        self.assertEqual(self.rows().mapped("status"), ["not_sent", "PENDING"])
        self.assertEqual(self.rows().mapped("override_outcome"), [False, "no"])
        self.assertEqual(self.assert_sold("Cash").amount_total, 5.10)

    @mute_logger(f"{__name__}.TestToursOfRecovery.test_dead_odoo.browser")
    def test_dead_odoo(self):
        self.sell("pos_mx51_sci.dead_odoo")
        self.assert_charged(510)
        orders = self.env["pos.order"].search([], limit=2, order="id")
        self.assertEqual(
            orders.payment_ids.payment_method_id.mapped("name"), ["Card", "Cash"]
        )
        self.assertEqual(self.rows().order_uuid, orders[0].uuid)
        self.assertEqual(orders[1].state, "paid")

    def test_dead_mx51_and_odoo(self):
        self.sell("pos_mx51_sci.dead_mx51_and_odoo")
        self.assert_charged()
        self.assertEqual(self.rows().override_outcome, "no")
        self.assert_sold("Cash")

    # -- two tabs ------------------------------------------------------------------

    def test_two_tabs_charge_once_and_press_once(self):
        self.sell("pos_mx51_sci.two_tabs")
        self.assert_charged(510)
        self.assert_sold("Card")
        self.assertEqual(len(self.sandbox.requests_to("/v1/transactions")), 1)
        self.assertEqual(len(self.sandbox.requests_to("/signature/approve")), 1)

from odoo.tests import tagged

from .common_tours import PATIENCE, SciTourCommon


@tagged("post_install", "-at_install")
class TestToursDialog(SciTourCommon):
    """The transaction dialog: its forms, receipts, and the question at the end."""

    def setUp(self):
        super().setUp()
        self.pair()

    def with_signature(self, person):
        person.present("signature")

    def with_lost_answer(self, person):
        person.present("unknown")

    def with_certification_form(self, person):
        person.see("present_card")
        sci_id = self.sandbox.get("terminals/front-bar")["transaction"]["id"]
        self.sandbox.control(f"transactions/{sci_id}/certification")
        self.sandbox.get(
            "wait",
            transaction=sci_id,
            message="Certification form received",
            timeout=PATIENCE,
        )
        person.touch("card", outcome="approve")

    def submitted(self):
        """The bodies of what buttons sent."""
        return [
            exchange["request_body"]
            for exchange in self.sandbox.get("exchanges")
            if exchange["method"] == "POST" and "/actions/" in exchange["path"]
        ]

    def test_signature_approved(self):
        self.sell("pos_mx51_sci.signature_approved", self.with_signature)
        self.assert_sold("Card")
        self.assert_charged(510)
        self.assertEqual(len(self.submitted()), 1)

    def test_signature_declined(self):
        self.sell("pos_mx51_sci.signature_declined", self.with_signature)
        self.assert_sold("Cash")
        self.assertEqual(self.rows().financial_status, "DECLINED")

    def test_certification_form(self):
        self.sell("pos_mx51_sci.certification", self.with_certification_form)
        self.assert_sold("Card")
        self.assert_charged(510)
        self.assertEqual(
            self.submitted(), [{"input_name_1": "first value", "input_name_2": ""}]
        )

    def test_override_yes(self):
        self.sell("pos_mx51_sci.override_yes", self.with_lost_answer)
        self.assert_sold("Card")
        self.assertEqual(self.rows().override_outcome, "yes")
        self.assertEqual(self.rows().override_reason, "The terminal shows approved")

    def test_override_no(self):
        self.sell("pos_mx51_sci.override_no", self.with_lost_answer)
        self.assert_sold("Cash")
        self.assertEqual(self.rows().override_outcome, "no")

    def test_aside_and_back(self):
        self.sell("pos_mx51_sci.aside_and_back")
        self.assert_sold("Card")
        self.assert_charged(510)

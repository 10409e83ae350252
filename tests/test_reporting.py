from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from ..ledger import figures
from .common_day import DayCommon


class TestReporting(DayCommon):
    """What people find and add up of the ledger."""

    def test_results(self):
        approved = self.approved()
        declined = self.start("declined")
        self.present("decline")
        self.follow(declined)
        unknown = self.approved("lost", outcome="unknown")
        running = self.start("running")
        for view, result, paid, code in (
            (approved, "approved", 12.5, "000"),
            (declined, "declined", 0, "051"),
            (unknown, "unknown", 0, "UNKNOWN"),
            (running, "running", 0, False),
        ):
            with self.subTest(result=result):
                row = self.row(view)
                self.assertEqual((row.result, row.paid_amount), (result, paid))
                self.assertEqual(row.response_code, code)
                self.assertEqual(row.cashier, self.cashier.name)
        self.rpc(self.row(unknown), "sci_override", True, "Slip", user=self.cashier)
        row = self.row(unknown)
        self.assertEqual((row.result, row.paid_amount), ("by_hand", 12.5))
        label = dict(row._fields["result"]._description_selection(self.env))
        self.assertEqual(label[row.result], "Paid (by hand)")

    def test_a_refusal_is_not_sent(self):
        self.start()
        view = self.start("second")
        self.assertEqual(view["error"]["code"], "terminal_busy")
        self.assertEqual(self.row(view).result, "not_sent")

    def test_tip_and_surcharge_are_measures(self):
        self.tipped_and_surcharged()
        groups = self.env["pos.sci.transaction"]._read_group(
            [("company_id", "=", self.company.id)],
            ["create_date:day", "terminal_id", "cashier", "kind", "response_code"],
            ["tip_amount:sum", "surcharge_amount:sum", "paid_amount:sum"],
        )
        self.assertEqual(groups[0][-3:], (1, 0.27, 13.77))

    def test_rows_from_before(self):
        view = self.approved()
        names = ["result", "paid_amount", "response_code", "cashier"]
        before = self.row(view).read(names)
        self.env.cr.execute("UPDATE pos_sci_transaction SET result = NULL")
        self.env.invalidate_all()
        figures.fill_in(self.env)
        after = self.row(view).read(names)
        self.assertEqual(after, before)

    def test_one_sentence_and_a_timeline(self):
        row = self.row(self.approved())
        self.assertEqual(row.summary, "Purchase of AUD 12.50 at Front Bar: approved.")
        self.assertIn("Sent to Front Bar", row.timeline)
        self.assertLess(
            row.timeline.index("Started by"), row.timeline.index("(000) APPROVED")
        )

    def test_what_became_of_a_cancel(self):
        view = self.start()
        self.assertNotIn("ancel", self.row(view).timeline)
        off = {"status": 424, "body": {"error": {"code": "device_not_connected"}}}
        for fault, more, said in (
            ("status", off, "was refused or could not be sent"),
            ("drop_after", {}, "got no answer"),
            (None, {}, "was accepted"),
        ):
            if fault:
                self.sandbox.fault("/cancel$", fault, method="POST", **more)
            self.rpc(self.row(view), "sci_cancel", user=self.cashier)
            pressed, became = self.row(view).timeline.splitlines()[-2:]
            self.assertIn("Cancel was pressed", pressed)
            self.assertIn(f"The cancel request {said}", became)

    def test_a_cancel_whose_end_was_not_kept(self):
        view = self.start()
        names = "cancel_requested_at", "cancel_sent_at"
        values = {name: fields.Datetime.now() for name in names}
        row = self.row(view)
        row.sudo().write({**values, "cancel_result": False})
        self.assertIn("The cancel request was sent", row.timeline)
        self.env.flush_all()
        self.age(view, "cancel_sent_at", 60)
        self.assertIn("The cancel request got no answer", row.timeline)
        row.sudo().write({"status": "FINALISED", "financial_status": "CANCELLED"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("The cancel request was sent", row.timeline)

    def test_a_cancel_that_had_nothing_to_reach(self):
        row = self.row(self.start())
        row.sudo().write(
            {"status": "not_sent", "cancel_requested_at": fields.Datetime.now()}
        )
        self.assertIn("Cancel was pressed", row.timeline)
        self.assertNotIn("cancel request", row.timeline)

    def test_it_leads_to_its_order_at_the_register(self):
        self.leave_drafts()
        row = self.row(self.approved())
        self.assertFalse(row.can_refund)
        uuid = row.order_uuid
        self.assertIn(f"payment/{uuid}", row.action_open_order()["url"])
        row = self.row(self.approved("payment-2"))
        order = self.order("payment-2")
        self.assertTrue(row.can_refund)
        self.assertIn(f"sci_order={order.uuid}", row.action_open_order()["url"])
        self.lose("payment-1")
        with self.assertRaises(UserError):
            self.env["pos.sci.transaction"].search(
                [("payment_uuid", "=", "payment-1")]
            ).action_open_order()

    def test_a_receipt_by_mail(self):
        row = self.row(self.approved()).with_user(self.cashier)
        context = row.action_email()["context"]
        Mail = self.env["pos.sci.receipt.mail"].with_user(self.cashier)
        form = Form(Mail.with_context(**context))
        form.email = "nobody"
        wizard = form.save()
        with self.assertRaises(UserError):
            wizard.action_send()
        form = Form(Mail.with_context(**context))
        form.email = "mia@example.com"
        known = self.env["mail.mail"].search([])
        form.save().action_send()
        mail = self.env["mail.mail"].search([]) - known
        self.assertEqual(mail.email_to, "mia@example.com")
        self.assertIn("APPROVED", mail.body_html)

    def test_payments_that_were_not_paid_do_not_count(self):
        view = self.start("declined")
        self.present("decline")
        self.follow(view)
        self.approved()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "point_of_sale.action_pos_payment_form"
        )
        of_company = [("company_id", "=", self.company.id)]
        domain = [*safe_eval(action["domain"]), *of_company]
        found = self.env["pos.payment"].search(domain)
        self.assertEqual(found.mapped("uuid"), ["payment-1"])
        self.assertEqual(found.card_no, "4242")
        paid = self.row(view).search([("payment_uuid", "=", "payment-1")])
        self.assertEqual(found.transaction_id, paid.sci_id)

    # -- reviews -------------------------------------------------------------------

    def test_each_review_says_what_to_do(self):
        self.approved(outcome="approve", approved_amount=1000)
        item = self.items()
        for kind, _label in item._fields["kind"].selection:
            item.sudo().kind = kind
            with self.subTest(kind=kind):
                self.assertTrue(item.advice)

    def test_a_review_leads_to_what_is_to_be_done(self):
        view = self.start()
        self.rpc(self.session, "sci_close_anyway", [view["id"]])
        item = self.items()
        self.assertTrue(item.can_resolve)
        self.assertIn("/payment/", self.rpc(item, "action_open_order")["url"])
        self.assertEqual(
            self.rpc(item, "action_resolve")["res_model"], "pos.sci.resolve"
        )

    def test_it_is_fine(self):
        self.approved(outcome="approve", approved_amount=1000)
        item = self.items()
        self.rpc(item, "action_fine")
        self.assertEqual((item.state, item.reviewed_by_id), ("done", self.manager))
        self.assertTrue(item.note)

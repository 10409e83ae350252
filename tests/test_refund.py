from .common import SciCommon


class TestRefund(SciCommon):
    """Refunds are limited by the card payment they belong to."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()

    def sale(self, payment="sale", amount=1250, **card):
        view = self.start(payment, amount=amount)
        self.present(**card)
        return self.follow(view)

    def refund(self, amount, payment="refund-1", original="sale", user=None, **changes):
        return self.start(
            payment,
            kind="refund",
            amounts={"refund_amount": amount},
            original_payment_uuid=original,
            user=user,
            **changes,
        )

    def finish(self, view, outcome="approve"):
        self.present(outcome)
        return self.follow(view)

    def test_a_refund(self):
        self.sale()
        view = self.finish(self.refund(1250))
        self.assertEqual(view["financial_status"], "APPROVED")
        self.assertEqual(view["result_amounts"]["refund_amount"], 1250)
        request = self.upstream()[-1]["request_body"]
        self.assertEqual(request["refund_details"], {"refund_amount": 1250})
        row = self.row(view)
        self.assertEqual((row.amount, row.result_amount), (-12.5, -12.5))
        self.assertEqual(row.original_id.payment_uuid, "sale")

    def test_parts_up_to_the_sale_and_no_further(self):
        self.sale()
        self.finish(self.refund(1000))
        view = self.refund(251, "refund-2")
        self.assertEqual(view["error"]["code"], "refund_limit")
        self.assertIn("2.50", view["error"]["message"])
        self.finish(self.refund(250, "refund-3"))
        self.assertEqual(self.refund(1, "refund-4")["status"], "not_sent")
        self.assertEqual(len(self.upstream()), 3)

    def test_a_refund_that_may_be_taking_counts_a_declined_one_does_not(self):
        self.sale()
        self.finish(self.refund(1250), "decline")
        view = self.refund(1250, "refund-2")
        self.assertEqual(view["status"], "PENDING")
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second, "bistro")
        view = self.refund(1, "refund-3", terminal_id=second.id)
        self.assertEqual(view["error"]["code"], "refund_limit")

    def test_all_that_was_charged_is_refundable_but_cash(self):
        self.mute("ledger.posting")
        self.register.sci_cashout = True
        amounts = {"purchase_amount": 1000, "cashout_amount": 5000}
        view = self.start("sale", kind="purchase_with_cashout", amounts=amounts)
        self.finish(view)
        self.assertEqual(self.refund(1001)["error"]["code"], "refund_limit")
        self.assertEqual(self.refund(1000, "refund-2")["status"], "PENDING")

    def test_a_surcharge_and_a_tip_are_refundable(self):
        self.let_terminal_ask(surcharge_rate=200, tip_prompt=True)
        view = self.start("sale", amount=1000)
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=300)
        self.present()
        view = self.follow(view)
        results = view["result_amounts"]
        self.assertEqual(results["tip_amount"], 300)
        whole = 1000 + results["surcharge_amount"] + 300
        self.assertGreater(whole, 1300)
        self.assertEqual(self.refund(whole + 1)["error"]["code"], "refund_limit")
        self.assertEqual(self.refund(whole, "refund-2")["status"], "PENDING")

    def test_of_a_sale_a_person_has_answered_for(self):
        self.sandbox.fault("/v1/transactions$", "drop_before")
        view = self.start("sale")
        self.age(view, "sent_at", 61)
        self.rpc(self.row(view), "sci_override", True, "Saw the receipt")
        self.assertEqual(self.refund(1251)["error"]["code"], "refund_limit")
        self.assertEqual(self.refund(1250, "refund-2")["status"], "PENDING")

    def test_a_refund_given_up_counts_until_it_was_declined(self):
        self.finish(self.start("sale"))
        view = self.refund(1250)
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.fault("/v1/transactions/", "drop_before", method="GET", times=0)
        self.age(view, "followed_at", 31)
        self.age(view, "sent_at", 25 * 3600)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.assertTrue(self.row(view).given_up)
        again = self.refund(1250, attempt=2)
        self.assertEqual(again["error"]["code"], "refund_limit")
        self.sandbox.clear_faults()
        self.sandbox.terminal("card", outcome="decline")
        self.follow(view)
        self.assertEqual(self.refund(1250, attempt=3)["status"], "PENDING")

    def test_of_a_payment_that_was_charged_twice(self):
        view = self.start("sale")
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.sandbox.terminal("online", on=False)
        self.rpc(self.row(view), "sci_cancel")
        self.age(view, "cancel_requested_at", 21)
        self.rpc(self.row(view), "sci_override", False, "No receipt")
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second, "bistro")
        again = self.start("sale", attempt=2, terminal_id=second.id)
        self.sandbox.get("wait", terminal="bistro", screen="present_card")
        self.sandbox.terminal("card", "bistro", outcome="approve")
        self.assertTrue(self.follow(again)["paid"])
        self.sandbox.terminal("card", outcome="approve")
        self.sandbox.get("wait", terminal="front-bar", screen="result")
        self.sandbox.terminal("online", on=True)
        self.assertTrue(self.follow(view)["paid"])
        originals = []
        for number in range(2):
            refund = self.finish(self.refund(1250, f"refund-{number}"))
            originals.append(self.row(refund).original_id.id)
        self.assertEqual(sorted(originals), [view["id"], again["id"]])
        self.assertEqual(self.refund(1, "more")["error"]["code"], "refund_limit")

    def test_of_a_sale_in_another_currency(self):
        self.sale()
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env.cr.execute(
            "UPDATE pos_config SET currency_id = %s WHERE id = %s",
            [yen.id, self.register.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.refund(1)["error"]["code"], "wrong_currency")

    def test_of_a_sale_that_was_not_paid_or_not_made_here(self):
        self.finish(self.start("sale"), "decline")
        self.assertEqual(self.refund(1)["error"]["code"], "refund_limit")
        view = self.refund(1, "refund-2", original="nowhere")
        self.assertEqual(view["error"]["code"], "refund_limit")

    def test_without_a_sale_managers_only_and_only_where_set_up(self):
        free = {"original": None}
        for number, (allowed, user, status) in enumerate(
            (
                (False, self.manager, "not_sent"),
                (True, self.cashier, "not_sent"),
                (True, self.manager, "PENDING"),
            )
        ):
            self.register.sci_free_refund = allowed
            view = self.refund(500, f"free-{number}", user=user, **free)
            self.assertEqual(view["status"], status)
        self.assertEqual(len(self.upstream()), 1)

    def test_kinds_that_a_register_is_not_set_up_for(self):
        for kind, amounts in (
            ("cashout", {"cashout_amount": 2000}),
            ("purchase_with_cashout", {"purchase_amount": 1, "cashout_amount": 2}),
            ("moto", {"moto_amount": 500}),
        ):
            view = self.start(f"a-{kind}", kind=kind, amounts=amounts)
            self.assertEqual(view["error"]["code"], "wrong_kind")
        self.register.write({"sci_cashout": True, "sci_moto": True})
        view = self.start("moto", kind="moto", amounts={"moto_amount": 500})
        self.assertEqual(view["status"], "PENDING")
        self.assertEqual(
            self.upstream()[-1]["request_body"]["moto_details"],
            {"moto_amount": 500, "surcharge_amount": 0},
        )

from .test_dues import DuesCommon


class TestRefundSales(DuesCommon):
    """The server finds the sale that a refund order takes back (``docs/ledger.md``
    "Refunds")."""

    def sell(self, cents=8000, uuid="sale", **details):
        """A sale that a card has paid."""
        order = self.draft(cents / 100, [(f"card-{uuid}", cents / 100)], uuid)
        self.approve(self.ask(f"card-{uuid}", cents, uuid, **details))
        return order

    def give_back(self, amount, sale=None, uuid="refund", goods=0, cards=()):
        """A draft order that takes goods of ``sale`` back, and may sell others."""
        lines = [(f"back-{uuid}", amount, sale and sale.lines[:1])]
        if goods:
            lines.append((f"goods-{uuid}", goods))
        cards = cards or [(f"card-{uuid}", amount + goods)]
        return self.sync(self.payload(uuid, lines, cards))

    def refund(self, minor, uuid="refund", user=None, **changes):
        values = self.values(
            f"card-{uuid}",
            order_uuid=uuid,
            kind="refund",
            amounts={"refund_amount": minor},
            **changes,
        )
        return self.send(values, user or self.cashier)

    def offer(self, uuid="refund", *args, user=None):
        Transaction = self.env["pos.sci.transaction"]
        return self.rpc(
            Transaction,
            "sci_refundable",
            self.register.id,
            uuid,
            *args,
            user=user or self.cashier,
        )

    # -- which sale ----------------------------------------------------------------

    def test_the_only_card_payment_need_not_be_named(self):
        self.give_back(-80, self.sell())
        view = self.refund(8000)
        self.assertEqual(view["status"], "PENDING")
        self.assertEqual(self.row(view).original_id.payment_uuid, "card-sale")

    def test_one_of_several_has_to_be(self):
        sale = self.draft(80, [("one", 50), ("two", 30)], "sale")
        self.approve(self.ask("one", 5000, "sale"))
        self.approve(self.ask("two", 3000, "sale"))
        self.give_back(-80, sale, cards=[("card-refund", -30)])
        left = {it["payment_uuid"]: it["left"] for it in self.offer()["payments"]}
        self.assertEqual(left, {"one": 5000, "two": 3000})
        self.assert_refused(self.refund(3000), "original_required")
        view = self.refund(3000, attempt=2, original_payment_uuid="two")
        self.assertEqual(view["status"], "PENDING")

    def test_a_payment_of_another_sale(self):
        self.sell(uuid="other")
        self.give_back(-80, self.sell())
        view = self.refund(8000, original_payment_uuid="card-other")
        self.assert_refused(view, "refund_limit", "not found")

    def test_an_exchange(self):
        self.give_back(-80, self.sell(), goods=50)
        self.assertEqual(self.offer()["due"], 3000)
        self.assertEqual(self.refund(3000)["status"], "PENDING")

    def test_no_more_than_is_to_be_paid_back(self):
        cards = [("card-refund", -80)]
        self.give_back(-80, self.sell(), goods=50, cards=cards)
        self.assert_refused(self.refund(8000), "wrong_amount", "30.00")

    def test_a_part_of_an_unfinished_order_is_given_back(self):
        self.draft(100, [("part", 50), ("card-order", -50)], "order")
        self.approve(self.ask("part", 5000, "order"))
        (payment,) = self.offer("order")["payments"]
        self.assertEqual((payment["payment_uuid"], payment["left"]), ("part", 5000))
        view = self.refund(5000, "order", original_payment_uuid="part")
        self.assertEqual(view["status"], "PENDING")
        self.approve(view)
        self.assertEqual(self.due("order"), 10000)
        self.assertFalse(self.offer("order")["payments"])

    # -- refunded once -------------------------------------------------------------

    def test_a_refunded_sale_is_not_refunded_freely(self):
        self.register.sci_free_refund = True
        sale = self.sell()
        self.give_back(-80, sale)
        self.approve(self.refund(8000))
        self.give_back(-80, sale, "again")
        for user in (self.manager, self.cashier):
            refusal = self.offer("again", user=user)["refusal"]
            self.assertEqual(refusal["code"], "all_refunded")
        view = self.refund(8000, "again", self.manager)
        self.assert_refused(view, "all_refunded", "All of this")

    def test_what_went_back_freely_counts(self):
        """As before a server knew which sale a refund takes back."""
        sale = self.sell()
        self.give_back(-80, sale)
        view = self.refund(8000)
        self.approve(view)
        self.env.cr.execute(
            "ALTER TABLE pos_sci_transaction DISABLE TRIGGER pos_sci_transaction_guard"
        )
        self.row(view).sudo().original_id = False
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE pos_sci_transaction ENABLE TRIGGER pos_sci_transaction_guard"
        )
        self.give_back(-80, sale, "again")
        self.assert_refused(self.refund(8000, "again"), "all_refunded")

    # -- no card payment to go back to ---------------------------------------------

    def test_what_is_true_and_who_may(self):
        paid_otherwise = self.draft(80, uuid="cash sale")
        self.give_back(-80, paid_otherwise, "by-cash")
        self.give_back(-80, None, "no-sale")
        for uuid, code in (
            ("by-cash", "sale_not_by_card"),
            ("no-sale", "no_sale_named"),
        ):
            for number, (allowed, text) in enumerate(
                ((False, "another payment method"), (True, "A manager may")), 1
            ):
                self.register.sci_free_refund = allowed
                with self.subTest(code=code, allowed=allowed):
                    view = self.refund(8000, uuid, attempt=number)
                    self.assert_refused(view, code, text)
                    offer = self.offer(uuid)
                    self.assertEqual(
                        offer["refusal"]["message"], view["error"]["message"]
                    )
                    self.assertFalse(offer["payments"])
            self.assertFalse(self.offer(uuid, user=self.manager)["refusal"])
            view = self.refund(8000, uuid, self.manager, attempt=3)
            self.assertEqual(view["status"], "PENDING")
            self.approve(view)

    def test_an_order_that_is_not_saved_yet(self):
        sale = self.sell()
        offer = self.offer("not saved", sale.lines.ids)
        self.assertIs(offer["due"], False)
        self.assertEqual(offer["payments"][0]["left"], 8000)

    def test_arguments_that_are_none(self):
        self.sell()
        for uuid, lines in (
            *((None, None), ("x\x00", []), ("x", [None, "1", -1]), (7, "sale")),
            ("x", {"a": 1}),
        ):
            with self.subTest(uuid=uuid, lines=lines):
                self.assertFalse(self.offer(uuid, lines)["payments"])

    # -- what the terminal added ---------------------------------------------------

    def test_a_tip_goes_back_too(self):
        self.let_terminal_ask(tip_prompt=True)
        sale = self.draft(10, [("card-sale", 10)], "sale")
        view = self.ask("card-sale", 1000, "sale")
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.approve(view)
        self.give_back(-11, sale)
        self.assertEqual(self.offer()["payments"][0]["left"], 1100)
        self.assertEqual(self.refund(1100)["status"], "PENDING")

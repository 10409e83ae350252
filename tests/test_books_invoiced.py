from .test_books import ROUNDINGS, Stories

_PLAIN, ALL_METHODS, ONLY_CASH = ROUNDINGS


class TestBooksInvoiced(Stories):
    """The same with invoices: at the sale, later in the session, and after it."""

    def sell(self, **order):
        order["customer"] = self.customer
        self.part_payments(**order)
        self.surcharge(**order)
        self.cash_out(**order)
        self.with_cash_and_change(**order)
        self.with_a_name(**order)

    def sell_invoiced(self):
        self.sell(invoice=True)

    def invoice(self):
        for order in self.pos_session.order_ids.filtered("lines"):
            order.with_context(generate_pdf=False).action_pos_order_invoice()
        self.env.invalidate_all()

    def test_at_the_sale_and_at_its_refund(self):
        self.refunding = True
        self.in_each_rounding(self.sell_invoiced, self.close)

    def test_later_in_the_session(self):
        stories = self.sell, self.invoice, self.close
        self.in_each_rounding(*stories, roundings=[ALL_METHODS])

    def test_after_the_session(self):
        self.is_late = True
        stories = self.sell, self.close, self.invoice
        self.in_each_rounding(*stories, roundings=[ONLY_CASH])

    def test_the_way_an_invoice_goes(self):
        """A return that names no sale, and an exchange for something dearer."""
        self.open_new_session(0)
        invoiced = {"customer": self.customer, "invoice": True}
        back = self.cart([(self.coffee, -5), (self.cake, 1)], **invoiced)
        self.charge(back, "refund", {"refund": -self.due(back.amount_total, self.card)})
        dearer = self.cart([(self.cake, -1), (self.coffee, 5)], **invoiced)
        dearer.is_refund = True
        due = self.due(dearer.amount_total, self.card)
        self.charge(dearer, "purchase", {"purchase": due})
        moves = (back | dearer).account_move
        self.assertEqual(moves.mapped("move_type"), ["out_refund", "out_invoice"])
        self.close()
        self.assert_books(self.pos_session)

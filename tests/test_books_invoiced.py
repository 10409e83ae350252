from .test_books import ROUNDINGS, Stories

#: Of which an invoice later than the sale makes a difference.
LATER = (None, ROUNDINGS[1], ROUNDINGS[-1])


class TestBooksInvoiced(Stories):
    """The same with invoices: at the sale, later in the session, and after it."""

    def sell_invoiced(self):
        self.sell_everything(customer=self.customer, invoice=True)

    def sell_named(self):
        order = {"customer": self.customer}
        self.part_payments(**order)
        self.surcharge(**order)
        self.cash_out(**order)
        self.with_cash_and_change(**order)
        self.with_a_name()

    def invoice(self):
        for order in self.pos_session.order_ids.filtered("lines"):
            order.with_context(generate_pdf=False).action_pos_order_invoice()
        self.env.invalidate_all()

    def test_at_the_sale_and_at_its_refund(self):
        self.refunding = True
        self.in_each_rounding(self.sell_invoiced, self.close)

    def test_later_in_the_session(self):
        stories = self.sell_named, self.invoice, self.close
        self.in_each_rounding(*stories, roundings=LATER)

    def test_after_the_session(self):
        self.is_late = True
        stories = self.sell_named, self.close, self.invoice
        self.in_each_rounding(*stories, roundings=LATER)

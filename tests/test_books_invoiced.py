from .test_books import Stories


class TestBooksInvoiced(Stories):
    """The same with invoices: at the sale, later in the session, and after it."""

    def sell_invoiced(self):
        self.sell_everything(customer=self.customer, invoice=True)

    def sell_named(self):
        self.sell_everything(customer=self.customer)

    def invoice(self):
        for order in self.pos_session.order_ids.filtered("lines"):
            order.with_context(generate_pdf=False).action_pos_order_invoice()
        self.env.invalidate_all()

    def test_at_the_sale_and_at_its_refund(self):
        self.refunding = True
        self.in_each_rounding(self.sell_invoiced, self.close)

    def test_later_in_the_session(self):
        self.in_each_rounding(self.sell_named, self.invoice, self.close)

    def test_after_the_session(self):
        self.is_late = True
        self.in_each_rounding(self.sell_named, self.close, self.invoice)

from .common_books import BooksCommon

#: ``(step, method, only cash)`` of the register's cash rounding, or nothing.
ROUNDINGS = (
    None,
    (0.05, "HALF-UP", False),
    (0.05, "HALF-UP", True),
)


class Stories(BooksCommon):
    """What is sold in each of the sessions of the tests below."""

    #: Whether all lines of each sale are given back.
    refunding = False

    def purchase(self, **order):
        self.sale("purchase", **order)

    def part_payments(self, **order):
        order = self.cart([(self.coffee, 1), (self.cake, 1)], **order)
        self.charge(order, "purchase", {"purchase": 500})
        rest = self.due(order.amount_total, self.card) - 500
        self.charge(order, "purchase", {"purchase": rest}, method=self.plain)

    def tip(self, **order):
        self.sale("purchase", {"tip": 105}, **order)

    def surcharge(self, **order):
        self.sale("purchase", {"surcharge": 17}, **order)

    def tip_and_surcharge_over_the_phone(self, **order):
        self.sale("moto", {"surcharge": 9}, **order)
        self.sale("purchase", {"tip": 100, "surcharge": 16}, self.plain, **order)

    def cash_out(self, **order):
        self.sale("purchase_with_cashout", cash=5000, **order)
        order = self.cart([], **order)
        self.charge(order, "cashout", {"cashout": 2000})

    def with_cash_and_change(self, **order):
        """The cashier validates, the customer gets change."""
        order = self.cart([(self.coffee, 2)], **order)
        due = self.due(order.amount_total, self.card)
        self.charge(order, "purchase", {"purchase": 1000}, {"surcharge": 11})
        rest = due - 1000
        self.lay_down(order, self.cash_pm1, 2000)
        change = (self.due(rest / 100, self.cash_pm1) - 2000) / 100
        self.save(order, state="paid", amount_return=change)

    def with_a_name(self, **order):
        order["customer"] = self.customer
        self.sale("purchase", {"surcharge": 17}, self.named, **order)

    def sale(self, kind, added=None, method=None, cash=0, **order):
        method = method or self.card
        order = self.cart([(self.coffee, 1), (self.cake, 1)], **order)
        due = self.due(order.amount_total, method)
        asked = {"moto" if kind == "moto" else "purchase": due, "cashout": cash}
        row = self.charge(order, kind, asked, added, method)
        if self.refunding:
            self.give_back(order, row, method)

    def give_back(self, sale, row, method):
        """All lines of the sale, with what the terminal had added."""
        refund = self.env["pos.order"].browse(sale.refund()["res_id"])
        self.save(refund, to_invoice=sale.to_invoice, partner_id=sale.partner_id.id)
        asked = {"refund": -self.due(refund.amount_total, method)}
        self.charge(refund, "refund", asked, method=method, original=row)

    def sell_everything(self, **order):
        self.purchase(**order)
        self.part_payments(**order)
        self.tip(**order)
        self.surcharge(**order)
        self.tip_and_surcharge_over_the_phone(**order)
        self.cash_out(**order)
        self.with_cash_and_change(**order)
        self.with_a_name(**order)

    def in_each_rounding(self, *stories, roundings=ROUNDINGS):
        """A session each, with these stories in it."""
        for rounding in roundings:
            with self.subTest(rounding=rounding), self.env.cr.savepoint() as point:
                if rounding:
                    self.round_cash(*rounding)
                self.open_new_session(0)
                for story in stories:
                    story()
                self.assert_books(self.pos_session)
                point.rollback()
                self.env.invalidate_all()


class TestBooks(Stories):
    """Sessions of card payments, to their journal items (``docs/ledger.md``
    "Books")."""

    def test_sales_and_their_refunds(self):
        self.refunding = True
        self.in_each_rounding(self.sell_everything, self.close)

    def test_taxes_of_what_a_terminal_added(self):
        self.open_new_session(0)
        self.surcharge()
        line = self.pos_session.order_ids.lines.filtered("sci_line_kind")
        self.assertEqual(line.price_subtotal_incl, 0.17)
        self.assertEqual(line.price_subtotal, 0.16)
        self.close()
        self.assert_books(self.pos_session)
        taxes = self.pos_session.move_id.line_ids.filtered("tax_line_id")
        self.assertAlmostEqual(
            sum(taxes.mapped("balance")), -self.pos_session.order_ids.amount_tax
        )

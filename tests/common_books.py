from odoo.tests import tagged
from odoo.tools import float_round

from odoo.addons.point_of_sale.tests.common import TestPoSCommon

from ..ledger import amounts, finishing, rows, start, transitions
from ..ledger.request import StartRequest
from ..ledger.states import PAID
from ..sci.messages import Transaction
from ..server.odoo_adapter import card_methods


class BooksAgree:
    """What a closed session leaves in the books, compared."""

    #: Whether the invoices are made after the session.
    is_late = False

    def count_cash(self, session):
        """Count what is in the drawer, and close."""
        cash = session.order_ids.payment_ids.filtered("payment_method_id.is_cash_count")
        if session.cash_journal_id:
            session.post_closing_cash_details(sum(cash.mapped("amount")))
        answer = session.close_session_from_ui()
        self.assertTrue(answer["successful"], answer)
        self.env.invalidate_all()
        self.assertEqual(session.state, "closed")

    def assert_books(self, session):
        """Bank, ledger, orders and journal items of the closed session agree."""
        for order in session.order_ids:
            self.assert_order(order)
        moves = session._get_related_account_moves()
        orders = session.order_ids
        moves |= orders.account_move | orders.payment_ids.account_move_id
        taken_out = [("reversed_pos_order_id", "in", orders.ids)]
        moves |= moves.search(taken_out)
        self.assertFalse(moves.filtered(lambda move: move.state != "posted"))
        receivables = moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertTrue(receivables)
        for line in receivables:
            if self.is_late and line.partner_id and not line.move_id.is_invoice():
                # Odoo does not reconcile what it takes out of a closed session with
                # payments of "Identify customer"; together they are 0, see below.
                continue
            self.assertEqual(line.amount_residual, 0, (line.name, line.balance))
        for (_account, _partner), lines in receivables.grouped(
            lambda line: (line.account_id, line.partner_id)
        ).items():
            self.assertAlmostEqual(sum(lines.mapped("balance")), 0)
        self.assert_bank(session)
        self.assertFalse(self.env["pos.sci.review"].search([]))

    def assert_order(self, order):
        self.assertIn(order.state, ("done", "paid"), order.uuid)
        config = order.config_id
        rounding = config.cash_rounding and config.rounding_method.rounding
        off = abs(order.amount_paid - order.amount_total)
        self.assertLess(off, rounding or 0.001, order.uuid)
        if order.account_move:
            self.assertEqual(order.account_move.amount_residual, 0, order.uuid)

    def assert_bank(self, session):
        """Of each card method and terminal, and of the drawer."""
        env = self.env(su=True)
        found = rows.of_orders(env, session.order_ids.mapped("uuid"))
        found = found.filtered(PAID.holds)
        payments = session.order_ids.payment_ids
        for row in found:
            (line,) = payments.filtered(
                lambda line, row=row: line.uuid == row.payment_uuid
            )
            self.assertAlmostEqual(line.amount, amounts.money(row))
        for method in card_methods(session.config_id):
            of_method = found.filtered_domain([("payment_method_id", "=", method.id)])
            of_bank = sum(map(amounts.money, of_method))
            lines = payments.filtered_domain([("payment_method_id", "=", method.id)])
            booked = env["account.payment"].search(
                [
                    ("pos_session_id", "=", session.id),
                    ("pos_payment_method_id", "=", method.id),
                ]
            )
            in_bank = booked.move_id.line_ids.filtered(
                lambda line: line.account_id.account_type != "asset_receivable"
            )
            self.assertAlmostEqual(sum(lines.mapped("amount")), of_bank)
            self.assertAlmostEqual(sum(in_bank.mapped("balance")), of_bank)
        cash = payments.filtered("payment_method_id.is_cash_count")
        in_drawer = sum(session.statement_line_ids.mapped("amount"))
        self.assertAlmostEqual(in_drawer, sum(cash.mapped("amount")))


@tagged("post_install", "-at_install")
class BooksCommon(BooksAgree, TestPoSCommon):
    """Orders that the ledger has brought into a session, and what the session leaves in
    the books. Nothing is sent: the bank's answers are made up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_default_pos_receivable_account_id.reconcile = True
        cls.config = cls.basic_config
        Terminal = cls.env["pos.sci.terminal"]
        cls.bar = Terminal.create({"name": "Bar"})
        cls.bistro = Terminal.create({"name": "Bistro"})
        cls.card = cls._card(cls.bank_pm1, "Card", cls.bar)
        cls.named = cls._card(cls.bank_split_pm1, "Card with a name", cls.bistro)
        cls.plain = cls._card(cls.bank_pm1, "Card without an account", cls.bistro)
        cls.plain.outstanding_account_id = False
        methods = cls.cash_pm1 | cls.card | cls.named | cls.plain
        cls.config.payment_method_ids = methods
        cls.coffee = cls._product("Coffee", 11.37, "tax10")
        cls.cake = cls._product("Cake", 0.93, "tax7")
        cls.env.ref("pos_mx51_sci.product_surcharge").taxes_id = cls.taxes["tax7"]

    @classmethod
    def _card(cls, method, name, terminal):
        values = {
            "name": name,
            "payment_method_type": "terminal",
            "use_payment_terminal": "mx51_sci",
            "sci_terminal_ids": terminal.ids,
        }
        return method.copy(values)

    @classmethod
    def _product(cls, name, price, tax):
        taxes = cls.taxes[tax].ids
        product = cls.create_product(name, cls.categ_basic, price, 1, taxes)
        product.write({"is_storable": False, "type": "service"})  # no stock to move
        return product

    def setUp(self):
        super().setUp()
        self.count = 0

    def round_cash(self, step, method="HALF-UP", only_cash=False):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": f"{step} {method}",
                "rounding": step,
                "rounding_method": method,
                "strategy": "add_invoice_line",
                "profit_account_id": self.sale_account.id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        self.config.write(
            {
                "cash_rounding": True,
                "rounding_method": rounding.id,
                "only_round_cash_method": only_cash,
            }
        )

    def due(self, total, method):
        """What is asked for, in minor units, of the register's rounding."""
        rounding = self.config.cash_rounding and self.config.rounding_method
        is_cash_only = self.config.only_round_cash_method and not method.is_cash_count
        if rounding and not is_cash_only:
            total = float_round(
                total,
                precision_rounding=rounding.rounding,
                rounding_method=rounding.rounding_method,
            )
        return round(total * 100)

    # -- orders ----------------------------------------------------------------------

    def cart(self, goods, customer=False, invoice=False):
        """A draft without payments."""
        self.count += 1
        uuid = f"order-{self.pos_session.id}-{self.count}"
        data = self.create_ui_order_data(
            [(product, qty) for product, qty in goods],
            customer=customer,
            is_invoiced=invoice,
            payments=[],
            uuid=uuid,
            pos_order_ui_args={"state": "draft", "access_token": uuid},
        )
        self.env["pos.order"].sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", uuid)])

    def lay_down(self, order, method, minor):
        """Sync a payment line.

        :return: its uuid
        """
        self.count += 1
        uuid = f"payment-{self.pos_session.id}-{self.count}"
        line = {"uuid": uuid, "amount": minor / 100, "payment_method_id": method.id}
        self.save(order, payment_ids=[(0, 0, line)])
        return uuid

    def save(self, order, **values):
        payload = {
            "uuid": order.uuid,
            "access_token": order._ensure_access_token(),
            "session_id": self.pos_session.id,
            "state": "draft",
            "amount_total": order.amount_total,
            "amount_return": 0,
            "lines": [],
            "payment_ids": [],
            "to_invoice": order.to_invoice,
            **values,
        }
        self.env["pos.order"].sync_from_ui([payload])
        self.env.invalidate_all()

    def charge(self, order, kind, asked, got=None, method=None, original=None):
        """A card payment that the bank has approved; the server finishes the order if
        nothing else is due."""
        env, method = self.env(su=True), method or self.card
        asked = {f"{name}_amount": minor for name, minor in asked.items() if minor}
        got = {f"{name}_amount": minor for name, minor in (got or {}).items() if minor}
        on_line = {k: v for k, v in asked.items() if k != "surcharge_amount"}
        payment = self.lay_down(order, method, amounts.signed_total(on_line))
        request = StartRequest.from_values(
            self.env,
            {
                "payment_uuid": payment,
                "attempt": 1,
                "order_uuid": order.uuid,
                "config_id": self.config.id,
                "payment_method_id": method.id,
                "terminal_id": False,
                "kind": kind,
                "amounts": asked,
            },
        )
        original = original or env["pos.sci.transaction"]
        terminal = method.sci_terminal_ids
        values = start._values(request, self.config, terminal, original)
        row_id = rows.insert(env, {**values, "status": "draft"})
        transitions.mark_sending(env, row_id)
        answer = Transaction(
            id=f"id-{row_id}",
            version=1,
            status="FINALISED",
            financial_status="APPROVED",
            result_amounts={**asked, **got},
        )
        transitions.created(env, row_id, answer)
        finishing.finish(env, order.id)
        self.env.invalidate_all()
        return env["pos.sci.transaction"].browse(row_id)

    # -- books -----------------------------------------------------------------------

    def close(self):
        """Count the cash and close."""
        self.count_cash(self.pos_session)

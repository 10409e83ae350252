from ..ledger import dues, rows
from .common import SciCommon


class DuesCommon(SciCommon):
    """Two terminals, so that two payments of an order can be in progress."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(self.second, "bistro")

    def ask(self, payment, minor, order="order-1", kind="purchase", **changes):
        changes.setdefault("amounts", {f"{kind}_amount": minor})
        return self.send(
            self.values(payment, order_uuid=order, kind=kind, **changes), self.cashier
        )

    def approve(self, view, virtual="front-bar"):
        self.sandbox.get("wait", terminal=virtual, screen="present_card")
        self.sandbox.terminal("card", virtual, outcome="approve")
        return self.follow(view)

    def assert_refused(self, view, code, text=""):
        self.assertEqual(view["status"], "not_sent")
        self.assertEqual(view["error"]["code"], code)
        self.assertIn(text, view["error"]["message"])

    def due(self, uuid="order-1"):
        self.env.invalidate_all()
        order = self.env["pos.order"].search([("uuid", "=", uuid)])
        return dues.of_order(order, rows.of_orders(self.env, [uuid]))


class TestDues(DuesCommon):
    """The server decides what may be charged (``docs/ledger.md`` "Due"). Without its
    check in ``refusals.refusal_of`` each of these charges a card."""

    # -- the order and the line are on the server ----------------------------------

    def test_an_order_that_is_not_saved(self):
        self.assert_refused(self.ask("card", 1250), "order_missing", "not saved")
        self.assertFalse(self.upstream())

    def test_a_line_that_is_not_saved(self):
        self.draft(12.5, [("other", 12.5)])
        self.assert_refused(self.ask("card", 1250), "order_missing")
        self.assertFalse(self.upstream())

    def test_a_line_of_another_order(self):
        self.draft(12.5)
        self.draft(12.5, [("card", 12.5)], "order-2")
        self.assert_refused(self.ask("card", 1250), "order_missing")

    def test_a_line_of_another_method(self):
        self.draft(12.5, [("card", 12.5)])
        other = self.method.copy({"sci_terminal_ids": self.terminal.ids})
        self.env.cr.execute(
            "INSERT INTO pos_config_pos_payment_method_rel VALUES (%s, %s)",
            [self.register.id, other.id],
        )
        view = self.ask("card", 1250, payment_method_id=other.id)
        self.assert_refused(view, "order_missing")

    def test_a_register_that_may_not_act_on_the_order(self):
        self.draft(12.5, [("card", 12.5)])
        stranger = self._register("Bistro")
        refused = self.ask("card", 1250, config_id=stranger.id)
        self.assert_refused(refused, "order_missing")
        stranger.trusted_config_ids = self.register
        view = self.ask("card", 1250, attempt=2, config_id=stranger.id)
        self.assertEqual(view["status"], "PENDING")

    def test_a_register_that_the_orders_trusts(self):
        self.draft(12.5, [("card", 12.5)])
        friend = self._register("Bistro")
        self.register.trusted_config_ids = friend
        view = self.ask("card", 1250, config_id=friend.id)
        self.assertEqual(view["status"], "PENDING")

    def test_an_order_of_another_company(self):
        order = self.draft(12.5, [("card", 12.5)])
        other = self.env["res.company"].create({"name": "Next door"})
        self.env.cr.execute(
            "UPDATE pos_order SET company_id = %s WHERE id = %s", [other.id, order.id]
        )
        self.assert_refused(self.ask("card", 1250), "order_missing")

    # -- no more than is due -------------------------------------------------------

    def test_more_than_the_order(self):
        self.draft(12.5, [("card", 99)])
        self.assert_refused(self.ask("card", 9900), "wrong_amount", "Only")
        self.assertFalse(self.upstream())

    def test_what_another_card_may_still_pay(self):
        self.draft(12.5, [("one", 12.5), ("two", 12.5)])
        self.assertEqual(self.ask("one", 1250)["status"], "PENDING")
        view = self.ask("two", 1250, terminal_id=self.second.id)
        self.assert_refused(view, "nothing_due")
        self.assertEqual(len(self.upstream()), 1)

    def test_what_another_card_has_paid(self):
        order = self.draft(12.5, [("one", 12.5), ("two", 12.5)])
        self.approve(self.ask("one", 1250))
        self.assertEqual(order.state, "paid")
        self.assert_refused(self.ask("two", 1250), "order_finished")

    def test_what_another_card_has_paid_of_an_order_that_is_a_draft_yet(self):
        self.leave_drafts()
        self.draft(12.5, [("one", 12.5), ("two", 12.5)])
        self.approve(self.ask("one", 1250))
        self.assert_refused(self.ask("two", 1250), "nothing_due")
        self.assertEqual(self.due(), 0)

    def test_a_declined_card_pays_nothing(self):
        self.draft(12.5, [("one", 12.5), ("two", 12.5)])
        view = self.ask("one", 1250)
        self.present("decline")
        self.follow(view)
        self.assertEqual(self.ask("two", 1250)["status"], "PENDING")

    def test_what_was_given_up_may_still_pay(self):
        self.draft(12.5, [("one", 12.5), ("two", 12.5)])
        view = self.ask("one", 1250)
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET given_up = TRUE WHERE id = %s", [view["id"]]
        )
        view = self.ask("two", 1250, terminal_id=self.second.id)
        self.assert_refused(view, "nothing_due")

    def test_parts(self):
        self.draft(100, [("one", 50), ("two", 60), ("three", 50)])
        self.approve(self.ask("one", 5000))
        self.assert_refused(self.ask("two", 6000), "wrong_amount", "50.00")
        self.assertEqual(self.ask("three", 5000)["status"], "PENDING")

    def test_parts_with_a_surcharge_at_the_same_time(self):
        self.register.sci_surcharge_rate = 1.5
        self.draft(100, [("one", 50), ("two", 50)])
        amounts = {"purchase_amount": 5000, "surcharge_amount": 75}
        self.assertEqual(self.ask("one", 0, amounts=amounts)["status"], "PENDING")
        view = self.ask("two", 0, amounts=amounts, terminal_id=self.second.id)
        self.assertEqual(view["status"], "PENDING")

    def test_what_was_paid_otherwise(self):
        cash = self.env["pos.payment.method"].create(
            {
                "name": "Cash",
                "journal_id": self.company_data["default_journal_cash"].id,
            }
        )
        self.register.payment_method_ids += cash
        payload = self.payload(lines=[("line", 12.5)], cards=[("card", 12.5)])
        line = self._card("cash", 10, payment_method_id=cash.id)
        payload["payment_ids"].append((0, 0, {**line, "payment_status": False}))
        self.sync(payload)
        self.assertEqual(self.due(), 250)
        self.assert_refused(self.ask("card", 1250), "wrong_amount", "2.50")

    def test_digits_below_the_minor_unit(self):
        self.register.currency_id.sudo().rounding = 0.001
        self.draft(12.505, [("card", 12.505)])
        for number, minor in enumerate((1250, 1251, 12505), 1):
            view = self.ask("card", minor, attempt=number)
            self.assert_refused(view, "wrong_amount", "decimals")
        self.assertFalse(self.upstream())

    def test_a_retry_looks_again(self):
        self.leave_drafts()
        self.draft(12.5, [("one", 12.5), ("two", 12.5)])
        view = self.ask("one", 1250)
        self.present("decline")
        self.follow(view)
        self.approve(self.ask("two", 1250))
        self.assert_refused(self.ask("one", 1250, attempt=2), "nothing_due")

    def test_a_refund_order_is_no_sale(self):
        self.draft(-12.5, [("card", 12.5)])
        self.assert_refused(self.ask("card", 1250), "nothing_due")

    def test_a_sale_is_no_refund(self):
        self.register.sci_free_refund = True
        self.draft(12.5, [("card", -12.5)])
        values = self.values(
            "card", order_uuid="order-1", kind="refund", amounts={"refund_amount": 1250}
        )
        self.assert_refused(self.send(values, self.manager), "nothing_due", "paid back")

    # -- cash-outs -----------------------------------------------------------------

    def test_cash_that_was_handed_out_pays_nothing(self):
        self.mute("ledger.posting")
        self.register.sci_cashout = True
        self.draft(0, [("card", 50)])
        view = self.ask("card", 5000, kind="cashout")
        self.assertEqual(view["status"], "PENDING")
        self.approve(view)
        order = self.draft(12.5, [("food", 12.5)])
        self.assertEqual((len(order.payment_ids), self.due()), (2, 1250))
        self.assertEqual(self.ask("food", 1250)["status"], "PENDING")

    def test_a_purchase_with_cashout_takes_what_is_due(self):
        self.mute("ledger.posting")
        self.register.sci_cashout = True
        self.draft(12.5, [("card", 63), ("right", 62.5)])
        amounts = {"purchase_amount": 1300, "cashout_amount": 5000}
        kind = {"kind": "purchase_with_cashout", "amounts": amounts}
        self.assert_refused(self.ask("card", 0, **kind), "wrong_amount", "12.50")
        amounts["purchase_amount"] = 1250
        self.approve(self.ask("right", 0, **kind))
        self.assertEqual(self.due(), 0)

    def test_a_cashout_does_not_go_with_a_refund(self):
        self.register.sci_cashout = True
        self.draft(-12.5, [("card", 50)])
        view = self.ask("card", 5000, kind="cashout")
        self.assert_refused(view, "wrong_amount", "cannot go together")

    # -- settings as they are now --------------------------------------------------

    def test_the_surcharge_is_the_registers_rate_now(self):
        self.register.sci_surcharge_rate = 1.5
        self.draft(12.5, [("card", 12.5)])
        right = {"purchase_amount": 1250, "surcharge_amount": 19}
        for attempt, surcharge in enumerate((None, 18, 20), 1):
            amounts = {"purchase_amount": 1250, "surcharge_amount": surcharge or 0}
            if surcharge is None:
                del amounts["surcharge_amount"]
            view = self.ask("card", 0, attempt=attempt, amounts=amounts)
            self.assert_refused(view, "wrong_surcharge")
        self.register.sci_surcharge_rate = 0
        view = self.ask("card", 0, attempt=4, amounts=right)
        self.assert_refused(view, "wrong_surcharge")
        self.register.sci_surcharge_rate = 1.5
        view = self.ask("card", 0, attempt=5, amounts=right)
        self.assertEqual(view["status"], "PENDING")
        self.assertEqual(len(self.upstream()), 1)

    def test_no_surcharge_on_cash(self):
        self.register.write({"sci_cashout": True, "sci_surcharge_rate": 2})
        self.draft(0, [("card", 50)])
        amounts = {"cashout_amount": 5000, "surcharge_amount": 100}
        view = self.ask("card", 0, kind="cashout", amounts=amounts)
        self.assert_refused(view, "wrong_surcharge")

    def test_settings_reach_an_open_register(self):
        settings = self.terminal.pos_terminals(self.register.id)["settings"]
        self.assertEqual(settings["exponent"], 2)
        self.assertFalse(settings["sci_moto"] or settings["sci_surcharge_rate"])
        self.open_session()
        for name, value in (
            *(("sci_moto", True), ("sci_cashout", True), ("sci_free_refund", True)),
            *(("sci_override_by_managers", True), ("sci_close_after", 7)),
            *(("sci_surcharge_rate", 1.5), ("iface_tipproduct", True)),
        ):
            told = self.bus_messages()
            self.register.write({name: value})
            self.assertEqual(self.bus_messages(), told + 1, name)
            settings = self.terminal.pos_terminals(self.register.id)["settings"]
            self.assertEqual(settings[name], value)

    def bus_messages(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        told = [("message", "like", "MX51_SCI_TERMINALS")]
        return self.env["bus.bus"].sudo().search_count(told)

    # -- cash rounding -------------------------------------------------------------

    def test_rounding_of_all_payments(self):
        self.register.write(
            {
                "cash_rounding": True,
                "only_round_cash_method": False,
                "rounding_method": self.env["account.cash.rounding"]
                .create(
                    {
                        "name": "0.05",
                        "rounding": 0.05,
                        "rounding_method": "HALF-UP",
                        "strategy": "add_invoice_line",
                        "profit_account_id": self.company_data[
                            "default_account_revenue"
                        ].id,
                        "loss_account_id": self.company_data[
                            "default_account_expense"
                        ].id,
                    }
                )
                .id,
            }
        )
        order = self.draft(12.48, [("exact", 12.48), ("more", 12.55), ("card", 12.5)])
        self.assertEqual(self.due(), 1250)
        self.assert_refused(self.ask("more", 1255), "wrong_amount", "12.50")
        self.approve(self.ask("card", 1250))
        self.assertEqual(self.due(), 0)
        self.assertTrue(order)

    def test_a_deposit_on_the_customers_account(self):
        """Enterprise's ``pos_settle_due`` sells nothing."""
        customer = self.env["res.partner"].create({"name": "Ada"})
        cards = [("card", 12.5), ("another", 12.5)]
        order = self.draft(0, cards, partner_id=customer.id)
        self.assert_refused(self.ask("card", 1250), "nothing_due")
        self.env.registry._init_modules.add("pos_settle_due")
        self.addCleanup(self.env.registry._init_modules.discard, "pos_settle_due")
        view = self.approve(self.ask("card", 1250, attempt=2))
        self.assertTrue(view["paid"])
        self.age(view, "followed_at", 21)
        self.env["pos.sci.transaction"]._cron_sweep()
        self.assertEqual(order.state, "draft", "the register says what it is for")
        self.assert_refused(self.ask("another", 1250), "nothing_due")
        order.partner_id = False
        self.assert_refused(self.ask("another", 1250, attempt=2), "nothing_due")

    def test_a_deposit_with_a_surcharge_stays_one(self):
        self.env.registry._init_modules.add("pos_settle_due")
        self.addCleanup(self.env.registry._init_modules.discard, "pos_settle_due")
        self.register.sci_surcharge_rate = 2
        customer = self.env["res.partner"].create({"name": "Ada"})
        order = self.draft(0, [("card", 12.5)], partner_id=customer.id)
        amounts = {"purchase_amount": 1250, "surcharge_amount": 25}
        view = self.approve(self.ask("card", 1250, amounts=amounts))
        self.assertTrue(view["paid"])
        self.assertEqual(order.lines.mapped("sci_line_kind"), ["surcharge"])
        self.assertTrue(dues.is_deposit(order))
        self.assertEqual(order.state, "draft")
        self.assertFalse(self.env["pos.sci.review"].search([]))

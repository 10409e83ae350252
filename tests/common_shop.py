from .common import SciCommon


class ShopCommon(SciCommon):
    """Two companies under one roof, before EFTPOS is set up: the bar has two registers
    for one terminal, the bakery next door one for its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dollars = cls.env.ref("base.AUD")
        dollars.active = True
        cls.bakery_company = cls.setup_other_company(
            name="Bakery", currency_id=dollars.id
        )["company"]
        cls._sell_in(cls.company, dollars)
        cls._sell_in(cls.bakery_company, dollars)
        # What the other tests begin with is made here by the screen.
        cls.register.payment_method_ids = False
        cls.terminal.unlink()
        cls.method.unlink()
        cls.bar = cls.register
        journal = cls.company_data["default_journal_cash"]
        cls.cash = cls.env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": journal.id}
        )
        cls.bar.payment_method_ids = cls.cash
        group = "point_of_sale.group_pos_manager"
        cls.baker = cls._user("baker", group, cls.bakery_company)
        seller = "point_of_sale.group_pos_user"
        cls.bakery_cashier = cls._user("seller", seller, cls.bakery_company)
        cls.owner = cls._user("owner", group)
        cls.owner.company_ids |= cls.bakery_company
        Register = cls.env["pos.config"]
        empty = {"payment_method_ids": False}
        cls.bistro = Register.create({"name": "Bistro", **empty})
        next_door = Register.with_company(cls.bakery_company)
        cls.bakery = next_door.create({"name": "Bakery", **empty})

    @classmethod
    def _sell_in(cls, company, currency):
        company.currency_id = currency
        cls.env["product.pricelist"].sudo().search(
            [("company_id", "=", company.id)]
        ).currency_id = currency

    def set_up(self, name, virtual, user):
        """A terminal through *Set up EFTPOS*, as its manager.

        :return: ``(terminal, overview)``
        """
        screen = self.env["pos.sci.set.up"]
        number = self.rpc(screen, "name_terminal", name, user=user)
        terminal = self.env["pos.sci.terminal"].browse(number)
        code = self.sandbox.terminal("start_pairing", virtual)["pairing_code"]
        self.rpc(terminal, "action_pair", code, name, user=user)
        self.sandbox.terminal("confirm", virtual)
        view = self.rpc(terminal, "action_test", user=user)
        self.assertEqual(view["state"], "paired")
        return terminal, self.rpc(screen, "paired", number, user=user)

    def installed(self):
        """Both companies set up, registers ticked and opened."""
        screen = self.env["pos.sci.set.up"]
        self.terminal, _view = self.set_up("Bar", "front-bar", self.manager)
        tick = (self.terminal.id, self.bistro.id, True)
        self.bar_view = self.rpc(screen, "tick", *tick)
        self.oven, self.bakery_view = self.set_up("Bakery", "bistro", self.baker)
        self.method = self.bar.payment_method_ids - self.cash
        self.bakery_method = self.bakery.payment_method_ids
        self.sessions = {
            register: self.open_session(register)
            for register in (self.bar, self.bistro)
        }
        self.bakery_session = self.open_session(self.bakery.with_user(self.baker))

    # -- a day ---------------------------------------------------------------------

    def sell_all_day(self):
        """Each kind of payment at the bar, one of them on the second card, and at the
        bistro one that nobody knows the result of until the cashier looks."""
        self.bar.write({"sci_cashout": True, "sci_moto": True})
        self.let_terminal_ask(tip_prompt=True, surcharge_rate=200)
        view = self.start("tipped")
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.present()
        self.follow(view)
        self.sandbox.terminal("config", tip_prompt=False, surcharge_rate=0)
        self.sell("second-card", amount=940, outcome="decline")
        self.sell("second-card", amount=940, attempt=2)
        self.sell(
            "refund",
            kind="refund",
            amounts={"refund_amount": 500},
            original_payment_uuid="tipped",
        )
        self.sell("cash", kind="cashout", amounts={"cashout_amount": 2000})
        self.sell("phone", kind="moto", amounts={"moto_amount": 3000})
        at_bistro = {"config_id": self.bistro.id}
        self.sell("dinner", amount=2550, **at_bistro)
        lost = self.sell("lost", amount=810, outcome="unknown_charged", **at_bistro)
        self.assertEqual(lost["financial_status"], "UNKNOWN")
        return lost

    def sell(self, *args, outcome="approve", **kwargs):
        view = self.start(*args, **kwargs)
        self.sandbox.get("wait", terminal="front-bar", accepts_card=True)
        self.sandbox.terminal("card", outcome=outcome)
        return self.follow(view)

    def sell_bread(self):
        """One sale of the bakery's, 8.00."""
        line = self._card("bread", 8, payment_method_id=self.bakery_method.id)
        register = self.bakery.with_user(self.baker)
        goods = [("line-of-bread", 8)]
        payload = self.payload("order-of-bread", goods, register=register)
        payload["payment_ids"] = [(0, 0, line)]
        self.sync(payload, user=self.bakery_cashier)
        view = self.send(self.bread(), user=self.bakery_cashier)
        self.sandbox.get("wait", terminal="bistro", screen="present_card")
        self.sandbox.terminal("card", "bistro", outcome="approve")
        while view["status"] != "FINALISED":
            flow = self.rpc(self.row(view), "_flow", user=self.bakery_cashier)
            view = flow.poll(view["id"], view["version"])
        self.env.invalidate_all()
        return view

    def bread(self, payment="bread", **changes):
        """A payment of the bakery's, as its register asks for it."""
        here = {
            "config_id": self.bakery.id,
            "payment_method_id": self.bakery_method.id,
        }
        return self.values(payment, amount=800, **{**here, **changes})

    # -- closing -------------------------------------------------------------------

    def entry(self, session):
        """What the closing popup shows of the bar's terminal."""
        (entry,) = self.rpc(session, "sci_day", user=self.cashier)
        return entry

    def behind(self, session, scope, name):
        args = (self.terminal.id, scope, name)
        return self.rpc(session, "sci_day_rows", *args, user=self.cashier)

    def ask(self, session, kind):
        number = self.rpc(session, "sci_settle", self.terminal.id, kind)
        return self.env["pos.sci.settlement"].browse(number)

    def close(self, session):
        cash = session.get_closing_control_data()["default_cash_details"]
        if cash:
            session.post_closing_cash_details(cash["amount"])
        self.assertTrue(session.close_session_from_ui()["successful"])
        self.assertEqual(session.state, "closed")

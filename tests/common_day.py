from .common_posting import PostingCommon


class DayCommon(PostingCommon):
    """A shop in Australia, whose dollars the terminals print."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dollars = cls.env.ref("base.AUD")
        dollars.active = True
        cls.company.currency_id = dollars
        cls.terminal.sudo().currency_id = dollars
        cls.env["product.pricelist"].search(
            [("company_id", "=", cls.company.id)]
        ).currency_id = dollars

    def settle(self, method="action_settle"):
        """Settle as a manager does in the terminal's form."""
        action = self.rpc(self.terminal, method)
        return self.env["pos.sci.settlement"].browse(action["res_id"])

    def tipped_and_surcharged(self):
        """12.50, a tip of 1.00 and 2 % of both, all of them at the terminal."""
        self.let_terminal_ask(tip_prompt=True, surcharge_rate=200)
        view = self.start()
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.present()
        self.sandbox.terminal("config", tip_prompt=False, surcharge_rate=0)
        return self.follow(view)

    def unknown_but_charged(self):
        view = self.start()
        self.present("unknown_charged")
        return self.follow(view)

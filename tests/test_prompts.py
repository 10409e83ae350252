from types import SimpleNamespace

from ..ledger.prompts import without_prompts
from .common import SciCommon, leave_it


class TestPrompts(SciCommon):
    """What a terminal is kept from asking or adding: ``ledger/prompts.py``. This one
    asks for a tip and adds 2 % wherever it may."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        self.pair()
        self.sandbox.terminal("config", tip_prompt=True, surcharge_rate=200)

    def sent(self):
        """The amounts of the last create request."""
        (block,) = (
            block
            for name, block in self.upstream()[-1]["request_body"].items()
            if name.endswith("_details")
        )
        return block

    def test_a_register_without_tips_and_surcharges(self):
        view = self.start()
        self.present()
        view = self.follow(view)
        self.assertEqual(view["amounts"], {"purchase_amount": 1250})
        self.assertEqual(
            {k: v for k, v in view["result_amounts"].items() if v},
            {"purchase_amount": 1250},
        )

    def test_a_register_that_leaves_both_to_the_terminal(self):
        leave_it(self.register)
        view = self.start()
        self.assertEqual(self.sent(), {"purchase_amount": 1250})
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.present()
        results = self.follow(view)["result_amounts"]
        self.assertEqual(
            (results["tip_amount"], results["surcharge_amount"]), (100, 27)
        )

    def test_no_second_tip(self):
        """The first card has paid a part and a tip: the second is not asked."""
        leave_it(self.register)
        self.draft(20, [("payment-1", 5), ("payment-2", 15)])
        first = self.send(self.values(amount=500, order_uuid="order-1"))
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=100)
        self.present()
        self.follow(first)
        self.send(self.values("payment-2", amount=1500, order_uuid="order-1"))
        self.assertEqual(self.sent(), {"purchase_amount": 1500, "tip_amount": 0})

    def test_no_tip_was_given_so_the_second_card_is_asked(self):
        leave_it(self.register)
        self.draft(20, [("payment-1", 5), ("payment-2", 15)])
        first = self.send(self.values(amount=500, order_uuid="order-1"))
        self.sandbox.get("wait", terminal="front-bar", screen="tip")
        self.sandbox.terminal("tip", amount=0)
        self.present()
        self.follow(first)
        self.send(self.values("payment-2", amount=1500, order_uuid="order-1"))
        self.assertEqual(self.sent(), {"purchase_amount": 1500})

    def test_the_shops_own_amounts_go_out_as_they_are(self):
        leave_it(self.register)
        self.register.sci_surcharge_rate = 2
        amounts = {"purchase_amount": 900, "tip_amount": 100, "surcharge_amount": 18}
        self.start(amounts=amounts)
        self.assertEqual(self.sent(), amounts)

    def test_each_kind_only_what_it_may_carry(self):
        """A refund carries neither, and only a purchase may carry a tip."""
        self.register.sci_moto = True
        self.start(kind="moto", amounts={"moto_amount": 1250})
        self.assertEqual(self.sent(), {"moto_amount": 1250, "surcharge_amount": 0})
        refund = SimpleNamespace(kind="refund", amounts={"refund_amount": 300})
        sent = without_prompts(refund, SimpleNamespace(config=self.register))
        self.assertEqual(sent, {"refund_amount": 300})

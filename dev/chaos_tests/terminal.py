"""The terminal at the counter, as the cashier and the customer of a sale use it."""

import contextlib


class Terminal:
    """The terminal of one sale.

    :param device: its name in the sandbox
    :param plan: :class:`.plans.Plan`
    """

    def __init__(self, installation, device, plan):
        self.installation, self.device, self.plan = installation, device, plan
        #: mx51's transactions of earlier attempts
        self._earlier = set()

    def begin_attempt(self):
        """All transactions until now are those of earlier attempts."""
        self._earlier = {it["id"] for it in self._transactions()}

    def touch(self, verb, **data):
        """Press something on it, if it shows that now."""
        with contextlib.suppress(AssertionError):
            self.installation.ask_sandbox("touch", verb, self.device, **data)

    def customer(self, outcome):
        """A customer who will do that; ``None`` for nobody."""
        customer = outcome and {
            "amount": self.plan.cents,
            "after": self.plan.after,
            "outcome": outcome,
        }
        self.touch("customer", **(customer or {}))

    def charged(self):
        """Whether the last transaction of this amount was charged; ``None`` while the
        terminal is still working on it."""
        new = [it for it in self._transactions() if it["id"] not in self._earlier]
        if not new:
            return False
        last = new[-1]["id"]
        device = self.installation.ask_sandbox("get", f"terminals/{self.device}")
        under_way = device["transaction"] and device["transaction"]["id"] == last
        if under_way and device["screen"] == "signature":
            self.touch("signature", approved=not self.plan.declines_signature)
            return None
        if under_way and device["screen"] not in ("result", "off"):
            self.touch("cancel")
            return None
        return any(self.installation.charged(it["id"]) > 0 for it in new)

    def _transactions(self):
        return self.installation.transactions(
            self.device, self.plan.kind, self.plan.cents
        )

"""What happens to which payment: decided by `--seed` alone, before anything runs.

The same seed is the same plan. It is no exact replay: processes and threads decide
among themselves which of two requests comes first.
"""

import itertools
import random
from dataclasses import dataclass, field

from testbed import doors

#: Moments of a sale at which something may happen.
STEPS = ("save", "start", "follow", "card", "paid")
#: What else somebody does to an order: Odoo's other doors, and a second payment from a
#: device with an old picture.
DOORS = (*doors.DOORS, "second_device", "second_device")

# (weight, fault) of each call to mx51, as `POST /control/faults` takes it.
_HTML = "<html>gateway</html>"
_BUSY = {"error": {"code": "too_many_requests", "message": "Too many requests"}}
_ANY = [
    (4, {"action": "drop_before"}),
    (4, {"action": "drop_after"}),
    (3, {"action": "truncated"}),
    (3, {"action": "garbage"}),
    (2, {"action": "garbage", "body": "[[]]"}),
    (1, {"action": "garbage", "body": '{"data": {"version": 9}}'}),
    (2, {"action": "status", "status": 500}),
    (2, {"action": "status", "status": 500, "act": True}),
    (2, {"action": "status", "status": 502, "body": _HTML}),
    (2, {"action": "status", "status": 502, "body": _HTML, "act": True}),
    (2, {"action": "status", "status": 429, "body": _BUSY}),
    (1, {"action": "status", "status": 429, "body": _HTML}),
    (2, {"action": "huge"}),
    (2, {"action": "slow_drip", "seconds": 2}),
    (2, {"action": "delay", "seconds": 1.5}),
    (2, {"action": "delay_after", "seconds": 1.5}),
]
CALLS = {
    "pairing-info": ("GET", "/v1/pairing-info", [*_ANY, (1, {"action": "hang"})]),
    "create": ("POST", r"/v1/transactions$", _ANY),
    "poll": (
        "GET",
        "/v1/transactions/",
        [*_ANY, *[(5, {"action": "old_version", "back": n}) for n in (1, 2, 9)]],
    ),
    "cancel": ("POST", "/cancel$", _ANY),
    "submit": ("POST", "/actions/", _ANY),
}
#: Past the addon's time limit for the call; rare, because they take so long.
PAST_THE_LIMIT = {
    "pairing-info": [{"action": "hang", "seconds": 10}],
    "create": [
        {"action": "hang", "seconds": 23, "act": True},
        {"action": "hang", "seconds": 23},
        {"action": "delay", "seconds": 22},
        {"action": "slow_drip", "seconds": 24},
    ],
    "poll": [{"action": "hang", "seconds": 23}, {"action": "delay", "seconds": 22}],
    "cancel": [{"action": "delay_after", "seconds": 12}],
    "submit": [{"action": "hang", "seconds": 12, "act": True}],
}
#: Disturbances of more than a single call, with their chance at each payment.
DISTURBANCES = {
    "kill": 0.05,
    "postgres": 0.012,
    "sandbox": 0.02,
    "power": 0.03,
    "flight": 0.03,
    "unpair": 0.03,
    "clock": 0.015,
    "versions": 0.02,
}
CUSTOMERS = {
    "approve": 70,
    "decline": 8,
    "signature": 8,
    "slow": 4,
    "cancel": 4,
    "unknown": 3,
    "unknown_charged": 3,
}


@dataclass
class Plan:
    """One sale: its customer, its cashier, and what goes wrong meanwhile."""

    number: int
    kind: str
    cents: int
    #: whether the cashier chooses the terminal of the next register
    neighbour: bool
    #: seconds that a customer takes to present the card
    after: float
    #: what the customer does at the terminal, by attempt
    customers: list
    #: for `POST /control/faults` of the sandbox, without the terminal
    faults: list
    #: see :class:`.front_end.Tab`
    cuts: dict
    #: {step: (what happens, seconds later, its own dice)}
    disturbances: dict = field(default_factory=dict)
    #: when the tab is reloaded: (step, seconds later)
    reload: tuple | None = None
    #: when it is closed for good: (step, seconds later)
    leave: tuple | None = None
    double_click: bool = False
    second_tab: bool = False
    #: after how many answers the cashier cancels
    cancels_after: int | None = None
    declines_signature: bool = False
    #: whether this cashier states wrong outcomes
    wrong: bool = False
    #: whether a start of the first attempt arrives after the end
    stale: bool = False
    #: how much of the amount is cash that is handed out, in cents
    cashout: int = 0
    #: what a terminal adds as a surcharge, in 1/100 percent
    surcharge_rate: int = 0
    #: [(step, seconds later, door, its own dice)]
    doors: list = field(default_factory=list)

    @property
    def amounts(self):
        """As mx51 is asked for them."""
        if self.kind == "purchase_with_cashout":
            goods = self.cents - self.cashout
            return {"purchase_amount": goods, "cashout_amount": self.cashout}
        return {f"{self.kind}_amount": self.cents}

    @property
    def patience(self):
        """Seconds before the cashier states the outcome of an unknown payment.

        In a shop the addon asks for a minute, which a run cannot afford; but a create
        that reaches mx51 late has to reach it within this time.
        """
        late = [
            fault["seconds"] + 4
            for fault in self.faults
            if fault["action"] == "delay" and fault["method"] == "POST"
        ]
        return max(late, default=0)


def plans(random_seed, calm=False):
    """The plan of each payment, for as many as there are.

    :param calm: only the faults of single calls, for 5 % of the payments
    """
    for number in itertools.count():
        plan = _plan(random.Random(f"{random_seed}/{number}"), number, calm)
        if not calm:
            # Dice of its own: the faults of `--seed` are what they were without doors.
            _unusual(random.Random(f"{random_seed}/{number}/doors"), plan)
        yield plan


def _plan(dice, number, calm):
    refund = not calm and number > 20 and dice.random() < 0.08
    plan = Plan(
        number=number,
        kind="refund" if refund else "purchase",
        # Each payment has an amount of its own: that is how charges are told apart.
        cents=1 + number if refund else 100_000 + number,
        after=dice.uniform(5, 20) if calm else 0.2,
        neighbour=not calm and dice.random() < 0.06,
        customers=["approve"] * 3 if calm else _customers(dice),
        faults=_faults(dice, 0.05 if calm else 0.45),
        cuts={},
    )
    return plan if calm else _unlucky(dice, plan)


def _unlucky(dice, plan):
    if dice.random() < 0.2:
        kind = dice.choice(("sync", "sync", "start", "start", "poll", "other"))
        cut = kind, dice.randrange(2)
        plan.cuts[cut] = dice.choice((0.02, 0.08, 0.2, 0.6)), False
    for what, chance in DISTURBANCES.items():
        if dice.random() < chance:
            seconds = dice.choice((0, 0.03, 0.1, 0.3, 1))
            plan.disturbances[dice.choice(STEPS)] = (what, seconds, dice.random())
    if dice.random() < 0.1:
        plan.reload = dice.choice(STEPS), dice.choice((0, 0.05, 0.2, 1))
    if dice.random() < 0.04:
        plan.leave = dice.choice(STEPS[1:]), dice.choice((0, 0.05, 0.2, 1))
    plan.double_click = dice.random() < 0.12
    plan.second_tab = dice.random() < 0.08
    if dice.random() < 0.1:
        plan.cancels_after = dice.choice((0, 1, 2))
    plan.declines_signature = dice.random() < 0.25
    plan.wrong = dice.random() < 0.12
    plan.stale = dice.random() < 0.08
    if dice.random() < 0.2:  # it takes as long as the time limit of the request
        plan.cuts = {cut: (seconds, True) for cut, (seconds, _) in plan.cuts.items()}
    return plan


def _unusual(dice, plan):
    if plan.kind == "purchase":
        if dice.random() < 0.1:
            plan.kind, plan.cashout = "purchase_with_cashout", 2000
        if dice.random() < 0.15:
            plan.surcharge_rate = 150
    if dice.random() < 0.4:
        for _door in range(dice.choice((1, 1, 2, 3))):
            step = dice.choice((*STEPS, "end"))
            seconds = dice.choice((0, 0.1, 0.4, 1))
            plan.doors.append((step, seconds, dice.choice(DOORS), dice.random()))


def _customers(dice):
    kinds = dice.choices(list(CUSTOMERS), list(CUSTOMERS.values()), k=2)
    return [*kinds, "approve"]


def _faults(dice, chance):
    found = []
    if dice.random() < chance:
        for _ in range(dice.choice((1, 1, 2, 3))):
            call = dice.choice(("create", "create", "poll", "poll", *CALLS))
            method, path, menu = CALLS[call]
            if dice.random() < 0.05:
                fault = dice.choice(PAST_THE_LIMIT[call])
            else:
                fault = dice.choices([f for _, f in menu], [w for w, _ in menu])[0]
            found.append({"method": method, "path": path, **fault})
            if call == "poll":
                found[-1]["skip"] = dice.randrange(4)
                if fault.get("seconds", 0) < 5:
                    found[-1]["times"] = dice.choice((1, 1, 2, 4))
    return found

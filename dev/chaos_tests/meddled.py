"""Sales whose orders somebody else changes meanwhile."""

import dataclasses
import functools
import random
import threading
import time
from collections import Counter, defaultdict

import requests
from testbed.doors import OF_MANAGERS, Colleague, NothingToDo
from testbed.rpc_client import Refused

from . import orders
from .cashier import LONGEST, MOST_DECLINED, Sale
from .front_end import NO_ANSWER

#: How often a cashier looks at how the order stands before a manager is called.
LOOKS = 8
#: How often the cashier presses Validate at each of these.
PRESSES = 2
#: Why there is no point in Retry.
FUTILE = ("nothing_due", "order_finished", "order_unresolved")
#: {door: {what came of it: how often}}
came_of = defaultdict(Counter)


class MeddledSale(Sale):
    """A sale whose cashier looks at the order as Odoo has it, once that is needed."""

    def __init__(self, *args):
        super().__init__(*args)
        self.others = []
        self._errands = []

    def wait(self):
        """Until all others have done what they wanted."""
        for errand in self._errands:
            errand.join()

    def on_another_device(self):
        """Another device knows the order as it was before the payment, and takes a
        part of it by card. Once for each sale: the amount tells the charges apart."""
        if self.others:
            return
        other = OtherDevice(self)
        self.others.append(other)
        watch = threading.Timer(LONGEST, other.close)
        watch.start()
        begun = time.monotonic()
        other.run()
        other.took = time.monotonic() - begun
        watch.cancel()

    def _step(self, step):
        is_first = step not in self._steps
        super()._step(step)
        for when, seconds, door, dice in self.plan.doors:
            if is_first and when == step:
                errand = threading.Timer(seconds, self._use, args=[door, dice])
                errand.start()
                self._errands.append(errand)

    def _use(self, door, dice_seed):
        """Somebody at one of the hosts uses a door."""
        dice = random.Random(dice_seed)
        client = dice.choice((self.shop.cashier, self.shop.manager))
        if door in OF_MANAGERS:
            client = self.shop.manager
        host = dice.choice(self.installation.hosts)
        try:
            if door == "second_device":
                self.on_another_device()
            else:
                call = functools.partial(client.call, at=host)
                Colleague(self, self.shop, call).use(door, dice_seed)
            came_of_it = "done"
        except NothingToDo:
            came_of_it = "nothing to do"
        except requests.RequestException:
            came_of_it = "no answer"
        except Refused as error:
            came_of_it = "no answer" if NO_ANSWER.match(error.name) else "refused"
            if came_of_it == "refused":
                self.refusals.append(f"{error.name}: {error} ({door})")
        came_of[door][came_of_it] += 1

    def _end(self, outcome):
        super()._end(outcome)
        self._step("end")
        return outcome

    # -- what the cashier does about it ------------------------------------------------

    def _after_failure(self, payment):
        super()._after_failure(payment)
        code = (payment.error or {}).get("code")
        if code == "order_missing":
            self.order.forget()
            orders.save_draft(self.order, self._current_tab, self.closed, PRESSES)
        elif code in FUTILE:
            self.declined = MOST_DECLINED

    def _pay_otherwise(self):
        self.order.remove_payment(self.payment_uuid)
        return self._finish("cash")

    def _validate(self, outcome):
        save = (self._current_tab, self.closed, PRESSES)
        if self.plan.number % 3 == 0 and outcome == "card":
            # The device knows of nothing.
            if orders.save_paid(self.order, *save):
                return outcome
        for _look in range(LOOKS):
            found = self._until_answered(self._look)
            if found is None:
                return ""
            if not found or found[0]["state"] != "draft":
                return "elsewhere"
            if not self._settle_rest(found[0]):
                return "for a manager"
            if orders.save_paid(self.order, *save):
                return outcome
            self.order.give_up_rest()
        return "" if self.closed.is_set() else "for a manager"

    def _settle_rest(self, found):
        """Take cash for what is due, or give it back. More than the order costs is paid
        out by one cashier, and by the next one left to a manager."""
        total, paid = found["amount_total"], found["amount_paid"]
        rest = round((total - paid) * 100)
        self.order.follow(round(total * 100))
        if rest and (rest > 0) == (total > 0):
            self.order.add_rest(self.shop.cash[self.config], rest)
        elif rest:
            self.order.change = rest
            return self.plan.number % 2 and total > 0
        return True


class OtherDevice(MeddledSale):
    """The same order on a device that has an old picture of it."""

    def __init__(self, sale):
        plan = dataclasses.replace(
            sale.plan,
            kind="purchase",
            cents=40_000 + sale.plan.number,
            neighbour=True,
            customers=["approve"] * 3,
            faults=[],
            cuts={},
            disturbances={},
            reload=None,
            leave=None,
            double_click=False,
            second_tab=False,
            cancels_after=None,
            wrong=False,
            stale=False,
            cashout=0,
            surcharge_rate=0,
            doors=[],
        )
        super().__init__(sale.installation, plan, sale.register)
        self.order = sale.order.picture()
        self.payment_uuid = self.order.add_payment(self.shop.method, plan.cents)

    def _order_faults(self):
        """The terminal is in somebody else's hands."""

    def _validate(self, outcome):
        if self.plan.number % 2 and outcome == "card":
            return outcome  # the rest is paid at the first device
        return super()._validate(outcome)

"""One sale: what its cashier and its customer do, and when."""

import contextlib
import copy
import threading
import time

from testbed.concurrency import meanwhile

from . import orders
from .front_end import NoAnswer, Payment, Refused, Tab
from .terminal import Terminal

#: How many attempts a cashier makes before the customer pays in cash.
ATTEMPTS = 12
#: The same, of attempts that were declined or cancelled.
MOST_DECLINED = 3
PAUSE = 0.5
#: Seconds after which a press on a button is taken to have had no effect.
NO_EFFECT = 6
#: Seconds that a payment takes at the most, including all faults.
LONGEST = 300
#: How often a cashier looks at the order again that Odoo does not accept, and how often
#: Validate is pressed each time: more than two minutes together.
LOOKS, PRESSES = 10, 30


class Sale:
    """A sale from the first product to the receipt.

    :param plan: :class:`.plans.Plan`
    :param register: number of the register
    :param original: the sale that a refund takes back
    """

    #: sales of other devices for the same order
    others = ()

    def __init__(self, installation, plan, register, original=None):
        self.installation, self.shop = installation, installation.shop
        self.plan, self.register = plan, register
        shop = self.shop
        self.config = shop.registers[register]
        #: number of the terminal, and its name in the sandbox
        self.place = (register + 1) % shop.count if plan.neighbour else register
        self.device = shop.devices[self.place]
        self.terminal = Terminal(installation, self.device, plan)
        self.original = original
        sign = -1 if plan.kind == "refund" else 1
        self.order = orders.Order(
            *(shop.sessions[self.config], shop.product),
            sign * (plan.cents - plan.cashout),
            takes_back=original.order.line_id if original else False,
        )
        self.payment_uuid = self.order.add_payment(shop.method, sign * plan.cents)
        self.attempt, self.declined = 1, 0
        #: whether the sale is over, or the browser was closed for good
        self.closed = threading.Event()
        self.tab, self._second_tabs = None, []
        self.outcome = None
        #: outcomes that the cashier has stated: [(row id, answer, truth)]
        self.answers = []
        #: why attempts failed, and what Odoo refused
        self.errors, self.refusals = [], []
        #: payments that have ended in a tab, as this tab has them
        self.ended = []
        #: seconds
        self.took = 0
        self._steps = set()
        self._attempts = set()
        #: when the button of a form was pressed, by row and version
        self._pressed = {}
        self._seen = 0

    def run(self):
        """Run until the order is paid, or the browser is closed for good."""
        self._order_faults()
        self._open_tab(self.plan.cuts)
        self._step("save")
        if not orders.save_draft(self.order, self._current_tab, self.closed):
            return self._end("not saved")
        while not self.closed.is_set():
            payment = self._pay()
            if self.closed.is_set():
                break
            if payment.paid:
                return self._finish("card")
            self.terminal.customer(None)
            self._after_failure(payment)
            if self.attempt > ATTEMPTS or self.declined >= MOST_DECLINED:
                return self._pay_otherwise()
        return self._end("left")

    def come_back(self):
        """Another browser opens the register, and goes on from what the server has."""
        self.closed.clear()
        self.plan.leave, self._second_tabs = None, []
        self._open_tab()
        rows = self._until_answered(lambda: self.tab.ask("resume", self.config))
        rows = [row for row in rows or () if row["payment_uuid"] == self.payment_uuid]
        if not rows:
            return self._end("customer gone")
        self.attempt = rows[-1]["attempt"]
        payment = self._payment()
        payment.resume(rows[-1])
        payment = self._reloaded(payment)
        return self._finish("card") if payment.paid else self._end("customer gone")

    # -- paying ------------------------------------------------------------------------

    def _pay(self):
        """Press Send or Retry; twice, if the plan says so."""
        if self.attempt not in self._attempts:
            self._attempts.add(self.attempt)
            self.terminal.begin_attempt()
        customers = self.plan.customers
        self.terminal.customer(customers[min(self.attempt, len(customers)) - 1])
        values = self._values()
        self._step("start")
        payment = self._payment()
        if self.plan.second_tab and not self._second_tabs:
            self._open_second_tab()
        presses = [payment]
        if self.plan.double_click:
            presses.append(self._payment(quiet=True))
        for press in [meanwhile(it.start, values) for it in presses]:
            press.result()
        payment = self._reloaded(payment)
        self.attempt = max(self.attempt, payment.attempt)
        return payment

    def _values(self):
        shop, plan = self.shop, self.plan
        values = {
            "payment_uuid": self.payment_uuid,
            "attempt": self.attempt,
            "order_uuid": self.order.uuid,
            "config_id": self.config,
            "payment_method_id": shop.method,
            "terminal_id": shop.terminals[self.place] if plan.neighbour else False,
            "kind": plan.kind,
            "amounts": plan.amounts,
        }
        if self.original:
            values["original_payment_uuid"] = self.original.payment_uuid
        return values

    def _payment(self, quiet=False, tab=None):
        react = None if quiet else self._react
        return Payment(
            *(tab or self.tab, self.payment_uuid, self.attempt),
            on_change=react,
            on_end=self.ended.append,
        )

    def _after_failure(self, payment):
        """Not paid, or not even started: remove the cause before the next attempt."""
        code = (payment.error or {}).get("code")
        if code == "refused":
            self.refusals.append(f"{payment.error['name']}: {payment.error['message']}")
        if payment.view:
            # Only a row that is resolved makes room for a new attempt.
            self.attempt = payment.view["attempt"] + 1
        final = payment.view and payment.view["financial_status"]
        if final or (payment.view and payment.view["overridden"]):
            self.declined += 1
        elif code == "device_not_connected":
            for verb in ("power", "online"):
                self.installation.ask_sandbox("touch", verb, self.device, on=True)
        elif code in ("not_paired", "no_active_pairings_found"):
            self.shop.pair_again(self.place, self.installation.hosts[0])
        elif code == "transaction_refused":
            self.terminal.touch("cancel")  # it asks for a card that nobody will present
        elif code in ("refund_limit", "wrong_amount", "different_request"):
            self.declined = MOST_DECLINED
        self.errors.append(code or final or "stated")
        self.closed.wait(PAUSE)

    def _pay_otherwise(self):
        sign = -1 if self.plan.kind == "refund" else 1
        self.order.remove_payment(self.payment_uuid)
        goods = self.plan.cents - self.plan.cashout
        self.order.add_payment(self.shop.cash[self.config], sign * goods)
        return self._finish("cash")

    def _finish(self, outcome):
        self._step("paid")
        if self.closed.is_set():
            return self._end("left")
        if outcome == "card" and self.plan.number % 2:
            self.order.change = -self.plan.cashout
        outcome = self._validate(outcome)
        if not outcome:
            return self._end("left" if self.closed.is_set() else "not saved")
        if self.plan.stale:
            with contextlib.suppress(NoAnswer, Refused):
                self._current_tab().ask("start", {**self._values(), "attempt": 1})
        return self._end(outcome)

    def _validate(self, outcome):
        """:return: the outcome of the sale; an empty string if it was not saved"""
        if outcome == "card" and self.plan.number % 4:  # as TakeOver does
            self._until_answered(lambda: self._newest(self._current_tab()))
        # An approval is in its order within two minutes, whoever waits for it.
        for _look in range(LOOKS):
            for found in (outcome == "card" and self._until_answered(self._look)) or ():
                self.order.follow(round(found["amount_total"] * 100))
            if orders.save_paid(self.order, self._current_tab, self.closed, PRESSES):
                return outcome
        return ""

    def _look(self):
        """How Odoo has the order: in a list, which is empty if it is gone."""
        return self._current_tab().call(
            "pos.order",
            "search_read",
            [["uuid", "=", self.order.uuid]],
            ["state", "amount_total", "amount_paid"],
        )

    def _end(self, outcome):
        self.outcome = outcome
        self.close()
        for thread in self._second_tabs:
            thread.join()
        return outcome

    def wait(self):
        """Until everybody else has done with its order."""

    def close(self):
        """The browser is closed."""
        self.closed.set()
        self.tab.close()

    # -- what the screen shows, and what the cashier does about it ---------------------

    def _react(self, payment):
        view = payment.view
        self._seen += 1
        self._step("follow")
        if view["version"] > 1:
            self._step("card")
        if self.tab.closed.is_set():
            return
        try:
            if self._seen - 1 == self.plan.cancels_after:
                payment.cancel()
            if view["status"] == "AWAITING_POS":
                self._sign(payment, view)
            if view["override_open"]:
                self._override(payment)
        except NoAnswer:
            self.errors.append("no answer of Odoo")
        except Refused as error:
            self.refusals.append(str(error))

    def _sign(self, payment, view):
        form_shown = view["id"], view["version"]
        pressed_at = self._pressed.get(form_shown)
        if pressed_at:
            if time.monotonic() > pressed_at + NO_EFFECT:
                payment.cancel()  # the way on, whatever became of the press
            return
        form = (view["pos_instructions"] or {}).get("action_form") or {}
        no = self.plan.declines_signature
        key = "decline_signature" if no else "approve_signature"
        if key not in form.get("properties", {}):
            return
        payment.submit(key)
        self._pressed[form_shown] = time.monotonic()

    def _override(self, payment):
        """Look at the terminal, then state the outcome."""
        view = payment.view
        if view["status"] == "unknown" and view["elapsed"] < self.plan.patience:
            return
        self.terminal.customer(None)
        truth = self.terminal.charged()
        if truth is None:
            return
        answer = not truth if self.plan.wrong else truth
        self.answers.append((view["id"], answer, truth))
        payment.override(answer, "looked at it")

    # -- faults ------------------------------------------------------------------------

    def _order_faults(self):
        self.terminal.touch("config", surcharge_rate=self.plan.surcharge_rate)
        for fault in self.plan.faults:
            self.installation.ask_sandbox(
                "post", "faults", terminal=self.device, **fault
            )

    def _step(self, step):
        """What the plan says about this step happens, once."""
        if step in self._steps:
            return
        self._steps.add(step)
        if step in self.plan.disturbances:
            self.installation.disturb(*self.plan.disturbances[step], self.device)
        if self.plan.leave and step == self.plan.leave[0]:
            threading.Timer(self.plan.leave[1], self.close).start()
        elif self.plan.reload and step == self.plan.reload[0]:
            threading.Timer(self.plan.reload[1], self.tab.close).start()

    # -- tabs --------------------------------------------------------------------------

    def _open_tab(self, cuts=None):
        self.tab = Tab(self.installation.front_end, self.shop.cashier.cookies, cuts)

    def _current_tab(self):
        """The tab, a new one after a reload."""
        if self.tab.closed.is_set() and not self.closed.is_set():
            self._open_tab()
        return self.tab

    def _reloaded(self, payment):
        """The payment after the reloads that its plan has for it."""
        while self.tab.closed.is_set() and not self.closed.is_set():
            payment = self._after_reload()
        return payment

    def _after_reload(self):
        """A new tab has the payment line and its attempt; the server has the rest."""
        self._open_tab()
        for _look in range(3):
            row = self._until_answered(lambda: self._last_row(self.tab))
            if row and row["attempt"] >= self.attempt:
                self.attempt = row["attempt"]
                payment = self._payment()
                payment.resume(row)
                return payment
            self.closed.wait(1)
        # "The payment was not started": the same attempt is made again.
        return self._payment()

    def _last_row(self, tab):
        uuid, found = self.payment_uuid, tab.ask("resume", self.config)
        rows = [row for row in found if row["payment_uuid"] == uuid]
        return rows[-1] if rows else self._newest(tab)

    def _newest(self, tab):
        found = tab.ask("find", [self.payment_uuid])
        return found and tab.ask("pollNow", found[-1]["id"], 0)

    def _until_answered(self, question):
        while not self.closed.is_set():
            try:
                return question()
            except (NoAnswer, Refused):
                self.closed.wait(PAUSE)
        return None

    def _open_second_tab(self):
        """It follows the payment too, and saves the order as well."""
        tab = Tab(self.installation.front_end, self.shop.cashier.cookies)

        def follow():
            self.closed.wait(0.5)
            row = self._until_answered(lambda: self._last_row(tab))
            if row and self._payment(quiet=True, tab=tab).resume(row):
                orders.save_paid(copy.deepcopy(self.order), lambda: tab, self.closed)

        def close():
            self.closed.wait()
            tab.close()

        for work in (follow, close):
            self._second_tabs.append(threading.Thread(target=work, daemon=True))
            self._second_tabs[-1].start()

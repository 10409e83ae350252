"""One sale: a cashier at a register, a customer at its terminal, and their luck."""

import copy
import threading
import time

from shop import meanwhile

from . import orders
from .browser import NoAnswer, Payment, Refused, Transport

#: How often a cashier presses Retry before the customer pays otherwise.
ATTEMPTS = 12
#: Of them, how often after the bank or the customer said no.
NO_MEANS_NO = 3
PAUSE = 0.5
#: Seconds after which a press on a button has had no effect.
NO_EFFECT = 6
#: Seconds that a payment takes at the most, all faults included.
LONGEST = 300


class Sale:
    """A sale from the first product to the receipt.

    :param plan: :class:`.plan.Plan`
    :param register: number of the register
    """

    def __init__(self, rig, plan, register, original=None):
        self.rig, self.plan, self.register = rig, plan, register
        mall = rig.mall
        self.config = mall.registers[register]
        self.place = (register + 1) % mall.count if plan.neighbour else register
        self.device = mall.devices[self.place]
        self.original = original
        sign = -1 if plan.kind == "refund" else 1
        self.order = orders.Order(
            mall.sessions[self.config], mall.product, sign * plan.cents
        )
        self.payment_uuid = self.order.add_payment(mall.method, sign * plan.cents)
        self.attempt, self.said_no = 1, 0
        self.closed = threading.Event()
        self.tabs = []
        self.outcome = None
        #: what the cashier has said about rows: [(row id, answer, truth)]
        self.answers = []
        #: why attempts failed; what Odoo itself refused
        self.errors, self.refusals = [], []
        self.took = 0
        self._steps = set()
        #: transactions of earlier attempts
        self._done, self._attempts = set(), set()
        #: when the button of a form was pressed, by row and version
        self._pressed = {}
        self._seen = 0

    def run(self):
        """Until the order is paid, or the browser is closed for good."""
        self._order_faults()
        self._open_tab(self.plan.cuts)
        self._step("save")
        if not orders.save_draft(self.order, self.transport, self.closed):
            return self._end("not saved")
        while not self.closed.is_set():
            payment = self._pay()
            if self.closed.is_set():
                break
            if payment.paid:
                return self._finish("card")
            self._customer(None)
            self._after_refusal(payment)
            if self.attempt > ATTEMPTS or self.said_no >= NO_MEANS_NO:
                return self._pay_otherwise()
        return self._end("left")

    def come_back(self):
        """Another browser opens the register: it knows what the server says."""
        self.closed.clear()
        self.plan.leave, self.tabs = None, []
        self._open_tab()
        rows = self._until_answered(lambda: self.transport.resume(self.config))
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
        """Press Send, or Retry; double, if the cashier is in a hurry."""
        if self.attempt not in self._attempts:
            self._attempts.add(self.attempt)
            self._done = {it["id"] for it in self._on_terminal()}
        customers = self.plan.customers
        self._customer(customers[min(self.attempt, len(customers)) - 1])
        values = self._values()
        self._step("start")
        payment = self._payment()
        if self.plan.second_tab and not self.tabs:
            self._open_second_tab()
        presses = [payment]
        if self.plan.double_click:
            presses.append(self._payment(quiet=True))
        self._unless_closed(lambda press: press.start(values), presses)
        payment = self._reloaded(payment)
        self.attempt = max(self.attempt, payment.attempt)
        return payment

    def _unless_closed(self, call, presses):
        """What is under way when a tab closes goes on, and nobody hears its answer."""
        pressed = [meanwhile(call, press) for press in presses]
        while not all(press.done() for press in pressed):
            if self.tab_closed.wait(0.05):
                return
        for press in pressed:
            press.result()

    def _values(self):
        mall, plan = self.rig.mall, self.plan
        values = {
            "payment_uuid": self.payment_uuid,
            "attempt": self.attempt,
            "order_uuid": self.order.uuid,
            "config_id": self.config,
            "payment_method_id": mall.method,
            "terminal_id": mall.terminals[self.place] if plan.neighbour else False,
            "kind": plan.kind,
            "amounts": {f"{plan.kind}_amount": plan.cents},
        }
        if self.original:
            values["original_payment_uuid"] = self.original
        return values

    def _payment(self, quiet=False):
        react = None if quiet else self._react
        return Payment(
            self.transport, self.payment_uuid, self.attempt, react, self.tab_closed
        )

    def _after_refusal(self, payment):
        """The row says no (or there is none): do something about it, then Retry."""
        code = (payment.error or {}).get("code")
        if code == "refused":
            self.refusals.append(payment.error["message"])
        if payment.view:
            # Only a row that is known to be resolved makes room for a new attempt.
            self.attempt = payment.view["attempt"] + 1
        final = payment.view and payment.view["financial_status"]
        if final or (payment.view and payment.view["overridden"]):
            self.said_no += 1
        elif code == "device_not_connected":
            for verb in ("power", "online"):
                self.rig.told("touch", verb, self.device, on=True)
        elif code in ("not_paired", "no_active_pairings_found"):
            self.rig.mall.mend(self.place, self.rig.hosts[0])
        elif code == "transaction_refused":
            self._touch("cancel")  # it asks for a card that nobody wants to present
        elif code in ("refund_limit", "wrong_amount", "different_request"):
            self.said_no = NO_MEANS_NO
        self.errors.append(code or final or "stated")
        self.closed.wait(PAUSE)

    def _pay_otherwise(self):
        sign = -1 if self.plan.kind == "refund" else 1
        self.order.remove_payment(self.payment_uuid)
        self.order.add_payment(self.rig.mall.cash, sign * self.plan.cents)
        return self._finish("cash")

    def _finish(self, outcome):
        self._step("paid")
        if self.closed.is_set():
            return self._end("left")
        if not orders.save_paid(self.order, self.transport, self.closed):
            return self._end("left" if self.closed.is_set() else "not saved")
        if self.plan.stale:
            try:
                self.transport.start({**self._values(), "attempt": 1})
            except (NoAnswer, Refused):
                pass
        return self._end(outcome)

    def _end(self, outcome):
        self.outcome = outcome
        self.closed.set()
        for tab in self.tabs:
            tab.join()
        return outcome

    # -- what the screen shows, and what the cashier does about it ---------------------

    def _react(self, payment):
        view = payment.view
        self._seen += 1
        self._step("follow")
        if view["version"] > 1:
            self._step("card")
        if self.tab_closed.is_set():
            return
        try:
            if self._seen - 1 == self.plan.cancels_after:
                payment.learn(self.transport.cancel(view["id"]))
            if view["status"] == "AWAITING_POS":
                self._sign(payment, view)
            if view["override_open"] and payment.phase == "following":
                self._override(payment)
        except NoAnswer:
            self.errors.append("no answer of Odoo")
        except Refused as error:
            self.refusals.append(str(error))

    def _sign(self, payment, view):
        form_shown = view["id"], view["version"]
        pressed_at = self._pressed.get(form_shown)
        if pressed_at:
            # Sent once, whatever became of it: Cancel is the way on.
            if time.monotonic() > pressed_at + NO_EFFECT:
                payment.learn(self.transport.cancel(view["id"]))
            return
        form = (view["pos_instructions"] or {}).get("action_form") or {}
        no = self.plan.declines_signature
        key = "decline_signature" if no else "approve_signature"
        if key not in form.get("properties", {}):
            return
        answer = self.transport.submit(view["id"], view["version"], key)
        self._pressed[form_shown] = time.monotonic()
        payment.learn(answer)

    def _override(self, payment):
        """Look at the virtual terminal first, then answer."""
        view = payment.view
        if view["status"] == "unknown" and view["elapsed"] < self.plan.patience:
            return
        self._customer(None)
        truth = self._look_at_terminal()
        if truth is None:
            return
        answer = not truth if self.plan.wrong else truth
        self.answers.append((view["id"], answer, truth))
        payment.learn(self.transport.override(view["id"], answer, "looked at it"))

    def _look_at_terminal(self):
        """Whether the last transaction of this amount was charged; ``None`` while the
        terminal is still about it."""
        new = [it for it in self._on_terminal() if it["id"] not in self._done]
        if not new:
            return False
        last = new[-1]["id"]
        device = self.rig.told("get", f"terminals/{self.device}")
        under_way = device["transaction"] and device["transaction"]["id"] == last
        if under_way and device["screen"] == "signature":
            self._touch("signature", approved=not self.plan.declines_signature)
            return None
        if under_way and device["screen"] not in ("result", "off"):
            self._touch("cancel")
            return None
        return any(self.rig.charged(it["id"]) > 0 for it in new)

    def _on_terminal(self):
        return self.rig.transactions(self.device, self.plan.kind, self.plan.cents)

    def _touch(self, verb, **data):
        try:
            self.rig.told("touch", verb, self.device, **data)
        except AssertionError:
            pass  # it does not ask for that now

    def _customer(self, outcome):
        customer = outcome and {
            "amount": self.plan.cents,
            "after": self.plan.after,
            "outcome": outcome,
        }
        self._touch("customer", **(customer or {}))

    # -- luck --------------------------------------------------------------------------

    def _order_faults(self):
        for fault in self.plan.faults:
            self.rig.told("post", "faults", terminal=self.device, **fault)

    def _step(self, step):
        """Something may strike here, once."""
        if step in self._steps:
            return
        self._steps.add(step)
        if step in self.plan.shocks:
            self.rig.strike(*self.plan.shocks[step], self.device)
        if self.plan.leave and step == self.plan.leave[0]:
            self._close_in(self.plan.leave[1], self.closed, self.tab_closed)
        elif self.plan.reload and step == self.plan.reload[0]:
            self._close_in(self.plan.reload[1], self.tab_closed)

    @staticmethod
    def _close_in(seconds, *events):
        for event in events:
            threading.Timer(seconds, event.set).start()

    # -- tabs --------------------------------------------------------------------------

    def _open_tab(self, cuts=None):
        self.tab_closed = threading.Event()
        cookies = self.rig.mall.cashier.cookies
        self.transport = Transport(self.rig.doors, cookies, cuts)

    def _reloaded(self, payment):
        """The same payment once no reload is in its way any more."""
        while self.tab_closed.is_set() and not self.closed.is_set():
            payment = self._after_reload()
        return payment

    def _after_reload(self):
        """A new tab knows the line and its attempt; the server knows the rest."""
        self._open_tab()
        for _look in range(3):
            row = self._until_answered(lambda: self._last_row(self.transport))
            if row and row["attempt"] >= self.attempt:
                self.attempt = row["attempt"]
                payment = self._payment()
                self._unless_closed(lambda tab, row=row: tab.resume(row), [payment])
                return payment
            self.closed.wait(1)
        # "The payment was not started": the same attempt is asked for again.
        return self._payment()

    def _last_row(self, transport):
        rows = [
            row
            for row in transport.resume(self.config)
            if row["payment_uuid"] == self.payment_uuid
        ]
        if rows:
            return rows[-1]
        found = transport.find(self.payment_uuid)
        return found and transport.poll(found[-1]["id"], 0)

    def _until_answered(self, question):
        while not self.closed.is_set():
            try:
                return question()
            except (NoAnswer, Refused):
                self.closed.wait(PAUSE)
        return None

    def _open_second_tab(self):
        """It follows what runs, and brings the order to Odoo as well."""
        transport = Transport(self.rig.doors, self.rig.mall.cashier.cookies)

        def follow():
            self.closed.wait(0.5)
            row = self._until_answered(lambda: self._last_row(transport))
            if not row or self.closed.is_set():
                return
            tab = Payment(
                transport, self.payment_uuid, row["attempt"], closed=self.closed
            )
            if tab.resume(row):
                orders.save_paid(copy.deepcopy(self.order), transport, self.closed)

        self.tabs.append(threading.Thread(target=follow, daemon=True))
        self.tabs[-1].start()

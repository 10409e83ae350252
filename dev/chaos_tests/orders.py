"""An order as the register has it, and as the register sends it to Odoo."""

import copy
import uuid
from datetime import datetime, timezone

from .front_end import NoAnswer, Refused

#: How often, and how many seconds apart, a cashier tries to save an order.
PATIENCE = 60
PAUSE = 0.5


class Order:
    """An order of one product, with its payments.

    :param takes_back: the id of the order line that it refunds
    """

    def __init__(self, session, product, cents, takes_back=False):
        self.uuid = str(uuid.uuid4())
        self.session = session
        self.cents = cents
        self.state = "draft"
        #: cash that the register gives as change, negative
        self.change = 0
        amount = cents / 100
        self._line = {
            "uuid": str(uuid.uuid4()),
            "product_id": product,
            "qty": 1 if cents > 0 else -1,
            "price_unit": abs(amount),
            "discount": 0,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "tax_ids": [],
            "refunded_orderline_id": takes_back,
        }
        self._lines, self._payments = [self._line], []
        #: the ids of what Odoo is known to have, by uuid
        self._ids = {}
        self._removed = []
        #: the uuid of a payment that settles the rest
        self._rest = None
        self.refusals = []

    @property
    def line_id(self):
        """The id of its line, once Odoo has it."""
        return self._ids[self._line["uuid"]]

    def add_payment(self, method, cents):
        payment = {
            "uuid": str(uuid.uuid4()),
            "amount": cents / 100,
            "payment_method_id": method,
            "name": _now(),
        }
        self._payments.append(payment)
        return payment["uuid"]

    def forget(self):
        """The device finds that Odoo does not have it any more."""
        self._ids.clear()

    def follow(self, cents):
        """The device takes over the lines that Odoo has, which cost this."""
        self._lines, self.cents = [], cents

    def picture(self):
        """The order on a device that knows it from before the payment."""
        old = copy.deepcopy(self)
        old._ids, old._lines, old._payments, old._removed = {}, [old._line], [], []
        old.cents = round(old._line["price_subtotal"] * 100)
        old.change, old.refusals, old.state = 0, [], "draft"
        return old

    def add_rest(self, method, cents):
        self._rest = self.add_payment(method, cents)

    def give_up_rest(self):
        """Without what was to be paid or given, which Odoo has not accepted."""
        self.change = 0
        if self._rest:
            self.remove_payment(self._rest)
            self._rest = None

    def remove_payment(self, payment_uuid):
        self._payments = [p for p in self._payments if p["uuid"] != payment_uuid]
        if payment_uuid in self._ids:
            self._removed.append([2, self._ids[payment_uuid]])

    def save(self, tab):
        """Send it to Odoo as it is now.

        :raises NoAnswer: nobody knows whether it arrived
        :raises Refused: Odoo does not accept it
        """
        answer = tab.save_order(self.serialized())
        self._removed = []
        for model in ("pos.order", "pos.order.line", "pos.payment"):
            for record in answer[model]:
                self._ids[record["uuid"]] = record["id"]

    def serialized(self):
        """As a device sends it."""
        paid = sum(round(payment["amount"] * 100) for payment in self._payments)
        return {
            "uuid": self.uuid,
            "state": self.state,
            "session_id": self.session,
            "amount_paid": paid / 100,
            "amount_return": self.change / 100,
            "amount_tax": 0,
            "amount_total": self.cents / 100,
            "access_token": self.uuid,
            "date_order": _now(),
            "fiscal_position_id": False,
            "lines": list(map(self._command, self._lines)),
            "payment_ids": [*map(self._command, self._payments), *self._removed],
        }

    def _command(self, record):
        known = self._ids.get(record["uuid"])
        return [1, known, dict(record)] if known else [0, 0, dict(record)]


def save_draft(order, open_tab, closed, patience=PATIENCE):
    """Try until Odoo has the order, as it must before its payment may start.

    :param open_tab: answers the tab that is open now
    :return: whether Odoo has it
    """
    return _save(order, open_tab, closed, patience)


def save_paid(order, open_tab, closed, patience=PATIENCE):
    order.state = "paid"
    return _save(order, open_tab, closed, patience)


def _save(order, open_tab, closed, patience):
    for _time in range(patience):
        if closed.is_set():
            return False
        try:
            order.save(open_tab())
            return True
        except NoAnswer:
            pass
        except Refused as error:
            order.refusals.append(str(error))
        closed.wait(PAUSE)
    return False


def _now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")

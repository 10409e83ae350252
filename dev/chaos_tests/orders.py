"""An order as the register has it, and as the register sends it to Odoo."""

import uuid
from datetime import datetime, timezone

from .front_end import NoAnswer, Refused

#: How often, and how many seconds apart, a cashier tries to save an order.
PATIENCE = 60
PAUSE = 0.5


class Order:
    """An order of one product, with its payments."""

    def __init__(self, session, product, cents):
        self.uuid = str(uuid.uuid4())
        self.session = session
        self.cents = cents
        self.state = "draft"
        amount = cents / 100
        self._line = {
            "uuid": str(uuid.uuid4()),
            "product_id": product,
            "qty": 1 if cents > 0 else -1,
            "price_unit": abs(amount),
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "tax_ids": [],
        }
        self._payments = []
        #: the ids of what Odoo is known to have, by uuid
        self._ids = {}
        self._removed = []
        self.refusals = []

    def add_payment(self, method, cents):
        payment = {
            "uuid": str(uuid.uuid4()),
            "amount": cents / 100,
            "payment_method_id": method,
            "name": _now(),
        }
        self._payments.append(payment)
        return payment["uuid"]

    def remove_payment(self, payment_uuid):
        self._payments = [p for p in self._payments if p["uuid"] != payment_uuid]
        if payment_uuid in self._ids:
            self._removed.append([2, self._ids[payment_uuid]])

    def save(self, tab):
        """Send it to Odoo as it is now.

        :raises NoAnswer: nobody knows whether it arrived
        :raises Refused: Odoo does not accept it
        """
        answer = tab.save_order(self._serialized())
        self._removed = []
        for model in ("pos.order", "pos.order.line", "pos.payment"):
            for record in answer[model]:
                self._ids[record["uuid"]] = record["id"]

    def _serialized(self):
        paid = sum(round(payment["amount"] * 100) for payment in self._payments)
        return {
            "uuid": self.uuid,
            "state": self.state,
            "session_id": self.session,
            "amount_paid": paid / 100,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": self.cents / 100,
            "access_token": self.uuid,
            "date_order": _now(),
            "fiscal_position_id": False,
            "lines": [self._command(self._line)],
            "payment_ids": [*map(self._command, self._payments), *self._removed],
        }

    def _command(self, record):
        known = self._ids.get(record["uuid"])
        return [1, known, dict(record)] if known else [0, 0, dict(record)]


def save_draft(order, open_tab, closed):
    """Try until Odoo has the order, as it must before its payment may start.

    :param open_tab: answers the tab that is open now
    :return: whether Odoo has it
    """
    return _save(order, open_tab, closed)


def save_paid(order, open_tab, closed):
    order.state = "paid"
    return _save(order, open_tab, closed)


def _save(order, open_tab, closed):
    for _time in range(PATIENCE):
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

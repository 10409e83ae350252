"""A card payment at a kiosk. What is charged, from what and on which terminal is the
server's to say; the kiosk asks for an order to be paid, and shows what becomes of it.
"""

from uuid import uuid4

from odoo.exceptions import UserError

from ..ledger import amounts, dues, lines, rows
from ..ledger.refusals import surcharge_of
from ..ledger.states import binds
from ..sci.currency import exponent_of

#: Seconds of silence after which a customer is sent to the staff.
PATIENCE = 25
#: What a customer may know of a row's public view.
_SHOWN = ("id", "version", "message", "held", "wait", "cancel_requested")


def prepare(order, method, known):
    """Put a payment line for what is due into the order, which is then locked, or take
    the one whose last attempt did not pay.

    :param known: id of the last row that the kiosk has seen; of a newer one it is told
        first, so a request that arrives twice starts nothing
    :return: the row that is unresolved, has paid or is newer, and ``None``; or no row,
        and the values of ``sci_start``
    :raises UserError: nothing is due, or the order is no draft
    """
    env, config = order.env, order.config_id
    env.flush_all()
    dues.serialise(env, order.uuid)
    order.invalidate_recordset()
    found = rows.of_orders(env, [order.uuid])
    newer = found.filtered(lambda row: row.id > known).sorted("id")
    live = found.filtered(binds)[:1] or newer[-1:]
    if live or order.state != "draft":
        if not live:
            raise UserError(env._("This order is finished already."))
        return live, None
    cards = lines.card_lines(order.payment_ids)
    if order.payment_ids - cards:
        # What a public request says of other payments is worth nothing.
        raise UserError(env._("Please pay at the counter."))
    line = cards.filtered(lambda it: it.payment_method_id == method)[:1]
    due = dues.left_to_charge(order, found, line.uuid)
    if not due:
        raise UserError(env._("Nothing is due any more."))
    amount = amounts.in_currency(due, exponent_of(config.currency_id.name))
    if not line:
        line = env["pos.payment"].create(
            {
                "uuid": str(uuid4()),
                "pos_order_id": order.id,
                "payment_method_id": method.id,
                "amount": amount,
                "payment_status": "pending",
            }
        )
    elif not lines.same(line.amount, amount):
        line.write({"amount": amount})
    tried = found.filtered(lambda row: row.payment_uuid == line.uuid)
    surcharge = surcharge_of(due, config.sci_surcharge_rate)
    return found.browse(), {
        "payment_uuid": line.uuid,
        "attempt": max(tried.mapped("attempt"), default=0) + 1,
        "order_uuid": order.uuid,
        "config_id": config.id,
        "payment_method_id": method.id,
        "terminal_id": False,
        "kind": "purchase",
        "amounts": {
            "purchase_amount": due,
            **({"surcharge_amount": surcharge} if surcharge else {}),
        },
    }


def last_row(order):
    """The row of the order that was written last, if any."""
    return rows.of_orders(order.env, [order.uuid]).sorted("id")[-1:]


def customer_view(env, view, tracking_number):
    """What the person at the kiosk may know of a public view: no form, no receipt,
    nothing of the terminal.

    ``state`` is one of ``waiting``, ``staff``, ``paid`` (and the order is finished),
    ``not_paid``; ``text`` says more, ``number`` is the order's once it is paid.
    """
    state = _state(view)
    error = view["error"] or {}
    texts = {
        "waiting": view["message"] or env._("Follow the terminal."),
        "staff": _staff_text(env, view),
        "paid": env._("Thank you. Your card payment is approved."),
        "not_paid": error.get("message") or view["message"],
    }
    return {
        **{name: view.get(name, False) for name in _SHOWN},
        "state": state,
        "text": texts[state] or env._("The payment was not made."),
        "number": state == "paid" and tracking_number,
    }


def _staff_text(env, view):
    if view["paid"]:
        return env._("Your card payment is approved. Please call our staff.")
    return env._("Please call our staff.")


def not_started_view(env):
    """The same where nothing has been sent for the order."""
    return {
        **dict.fromkeys(_SHOWN, False),
        "version": 0,
        "state": "not_paid",
        "text": env._("The payment was not made."),
        "number": False,
    }


def _state(view):
    if view["paid"]:
        # Of an order that could not be finished, the rest may be due.
        return "paid" if view["order_state"] in lines.FINISHED else "staff"
    if not view["unresolved"]:
        return "not_paid"
    needs_staff = (
        view["override_open"]
        or view["status"] in ("AWAITING_POS", "unknown", "FINALISED")
        or view["silent_for"] >= PATIENCE
    )
    return "staff" if needs_staff else "waiting"


def call_staff(env, row_id):
    """Say at the company's open registers that somebody at a kiosk needs help. The
    work of one short transaction."""
    row = rows.row(env, row_id)
    sessions = env["pos.session"].search(
        [("state", "=", "opened"), ("config_id.company_id", "=", row.company_id.id)]
    )
    order = rows.order_of(row)
    news = {
        "kiosk": row.config_id.name,
        "order": order.tracking_number or order.pos_reference or "",
        "amount": amounts.formatted(row),
    }
    for register in sessions.config_id - row.config_id:
        register._notify("MX51_SCI_STAFF_CALLED", news)

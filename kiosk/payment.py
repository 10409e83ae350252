"""A card payment at a kiosk. What is charged, from what and on which terminal is the
server's to say; the kiosk asks for an order to be paid, and shows what becomes of it.
"""

from uuid import uuid4

from ..ledger import amounts, dues, finishing, lines, rows
from ..ledger.refusals import surcharge_of
from ..ledger.states import binds
from ..sci.currency import exponent_of

#: Odoo's state of a payment line that has been sent to a terminal. Registers that show
#: the order look for its row then, and leave the line alone.
_SENT = "waiting"


class Refusal(Exception):
    """Nothing is charged, and nothing was written.

    :param sentence: key of :data:`~.view.STATES`
    """

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def prepare(order, register, method, known):
    """Put a payment line for what is due into the order, which is then locked, or take
    the one whose last attempt did not pay.

    :param register: the kiosk
    :param known: id of the last row that the kiosk has seen; of a newer one it is told
        first, so a request that arrives twice starts nothing
    :return: the row that is unresolved, has paid or is newer, and ``None``; or no row,
        and the values of ``sci_start``
    :raises Refusal: nothing is due, or it is no draft of this kiosk any more
    """
    env = order.env
    env.flush_all()
    dues.serialise(env, order.uuid)
    order.invalidate_recordset()
    found = rows.of_orders(env, [order.uuid])
    own = of_register(found, register)
    newer = own.filtered(lambda row: row.id > known)
    live = own.filtered(binds)[:1] or newer[:1]
    if live:
        return live, None
    if order.state in lines.FINISHED:
        raise Refusal("thanks")
    if order.state != "draft":
        raise Refusal("order_cancelled")
    if finishing.is_paid_online(env, order.id):
        raise Refusal("staff")
    cards = lines.card_lines(order.payment_ids)
    is_taken = order.config_id != register or order.payment_ids - cards
    if is_taken or found.filtered(binds):
        # A register has the order. Nor does a public request's word on other payments
        # count.
        raise Refusal("counter")
    line = cards.filtered(lambda it: it.payment_method_id == method)[:1]
    due = dues.left_to_charge(order, found, line.uuid)
    if not due:
        raise Refusal("counter")
    line = _sent_line(order, method, line, due)
    tried = found.filtered(lambda row: row.payment_uuid == line.uuid)
    surcharge = surcharge_of(due, register.sci_surcharge_rate)
    return found.browse(), {
        "payment_uuid": line.uuid,
        "attempt": max(tried.mapped("attempt"), default=0) + 1,
        "order_uuid": order.uuid,
        "config_id": register.id,
        "payment_method_id": method.id,
        "terminal_id": False,
        "kind": "purchase",
        "amounts": {
            "purchase_amount": due,
            **({"surcharge_amount": surcharge} if surcharge else {}),
        },
    }


def _sent_line(order, method, line, due):
    """The payment line for what is ``due``: ``line``, or a new one."""
    amount = amounts.in_currency(due, exponent_of(order.currency_id.name))
    values = {"payment_status": _SENT}
    if not line:
        return order.env["pos.payment"].create(
            {
                "uuid": str(uuid4()),
                "pos_order_id": order.id,
                "payment_method_id": method.id,
                "amount": amount,
                **values,
            }
        )
    if not lines.same(line.amount, amount):
        values["amount"] = amount
    line.write(values)
    return line


def release(env, order_uuid):
    """After a start that came to nothing, its line may be paid again. The work of one
    short transaction."""
    order = env["pos.order"].search([("uuid", "=", order_uuid)], limit=1)
    cards = lines.card_lines(order.payment_ids)
    sent = cards.filtered(lambda line: line.payment_status == _SENT)
    bound = lines.binding_rows(sent)
    sent.filtered(lambda line: line.uuid not in bound).write(
        {"payment_status": "retry"}
    )


def of_register(found, register):
    """The rows among these that this kiosk has begun, the newest first."""
    return found.filtered(lambda row: row.config_id == register).sorted(
        "id", reverse=True
    )


def last_row(env, register, order_uuid):
    """The row that this kiosk has begun last for an order, if any."""
    return of_register(rows.of_orders(env, [order_uuid]), register)[:1]


# -- telling the registers -------------------------------------------------------------


def announce_start(env, row_id):
    """Hint to the registers that may show the order: a card is being asked for. The
    work of one short transaction."""
    row = rows.row(env, row_id)
    for register in _open_registers(env, row):
        register._notify("MX51_SCI_TRANSACTION", {"id": row.id, "version": row.version})


def call_staff(env, row_id):
    """Say at the company's open registers that somebody at a kiosk needs help. The
    work of one short transaction."""
    row = rows.row(env, row_id)
    order = rows.order_of(row)
    news = {
        "kiosk": row.config_id.name,
        "order": order.tracking_number or order.pos_reference or "",
        "amount": amounts.formatted(row),
    }
    for register in _open_registers(env, row):
        register._notify("MX51_SCI_STAFF_CALLED", news)


def _open_registers(env, row):
    """The company's, but the kiosk itself."""
    sessions = env["pos.session"].search(
        [("state", "=", "opened"), ("config_id.company_id", "=", row.company_id.id)]
    )
    return sessions.config_id - row.config_id

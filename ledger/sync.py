"""What a register's sync may change in an order that the server has: its commands
without those that contradict the ledger.

A browser sends what it has in mind, which may be older than what the bank said. It is
not refused because of that, or the order could never be saved.
"""

from odoo.fields import Command

from ..server.odoo_adapter import is_card_method
from . import lines
from .states import PAID

_REMOVING = (Command.DELETE, Command.UNLINK)


def payment_commands(order, commands):
    """Commands for ``payment_ids`` of ``order``, which the ledger has gone through."""
    lines.follow(order.payment_ids)
    bound = lines.binding_rows(order.payment_ids)
    kept = []
    for command in commands or []:
        command = _as_update(command, order.payment_ids)
        payment = _target(order.payment_ids, command)
        if command[0] in _REMOVING and payment.uuid in bound:
            continue
        if command[0] == Command.UPDATE and lines.card_lines(payment):
            values = _of_card_line(payment, bound.get(payment.uuid), command[2])
            if not values:
                continue
            command = Command.update(payment.id, values)
        elif command[0] == Command.CREATE and order.nb_print:
            command = _without_status(order, command)
        kept.append(command)
    return kept


def _of_card_line(payment, row, values):
    """What of ``values`` the ledger leaves to the browser. The state of the line is
    written here: Odoo takes one for a changed payment of a printed order."""
    status = values.get("payment_status")
    is_paid = row and PAID.holds(row)
    if status and status not in lines.CLAIMING and not is_paid:
        if status != payment.payment_status:
            payment._sci_write({"payment_status": status})
    decided = lines.OF_PAYMENT if row else ["payment_status"]
    return {name: value for name, value in values.items() if name not in decided}


def _without_status(order, command):
    """Odoo lets no payment with a state be added to a printed order."""
    values = dict(command[2])
    method = order.env["pos.payment.method"].browse(values.get("payment_method_id"))
    if is_card_method(method):
        values.pop("payment_status", None)
    return Command.create(values)


def line_commands(order, commands):
    """Commands for ``lines`` of ``order``. What a terminal added is added once, and
    stays."""
    kept = []
    for command in commands or []:
        if _is_there(order, command):
            continue
        command = _as_update(command, order.lines)
        line = _target(order.lines, command)
        if line.sci_transaction_id:
            if command[0] in _REMOVING:
                continue
            if command[0] == Command.UPDATE:
                values = {
                    name: value
                    for name, value in command[2].items()
                    if name not in lines.OF_LINE
                }
                command = Command.update(line.id, values)
        kept.append(command)
    return kept


def _target(records, command):
    """Which of ``records`` a command is about."""
    if command[0] not in (Command.UPDATE, *_REMOVING):
        return records.browse()
    return records.filtered(lambda record: record.id == command[1])


def _is_there(order, command):
    """Whether ``command`` creates a tip or surcharge line that is there already: a tab
    from before an update brings such lines itself, under names of its own."""
    if command[0] != Command.CREATE or not command[2].get("sci_line_kind"):
        return False
    return order.lines.filtered(
        lambda line: (
            line.sci_transaction_id
            and line.sci_transaction_id.id == command[2].get("sci_transaction_id")
            and line.sci_line_kind == command[2]["sci_line_kind"]
        )
    )


def _as_update(command, records):
    """A register that missed the answer to a sync creates again what is there, known by
    its uuid: an update, or the order could be neither saved nor paid by card."""
    if command[0] != Command.CREATE:
        return command
    known = records.filtered(lambda record: record.uuid == command[2].get("uuid"))
    if not known:
        return command
    values = {k: v for k, v in command[2].items() if not _creates(v)}
    return Command.update(known.id, values)


def _creates(value):
    """Whether a field's value makes records of its own, which are there as well."""
    return isinstance(value, list | tuple) and any(
        isinstance(it, list | tuple) and it[0] == Command.CREATE for it in value
    )


# -- any other door ----------------------------------------------------------------


def without_repetition(orders, commands):
    """Commands for ``payment_ids`` without what is there already: an order that was
    printed may be saved again as it is.

    :raises UserError: a command for a payment of another order
    """
    kept = []
    for command in commands or []:
        if command[0] in (Command.CLEAR, Command.SET, Command.CREATE):
            kept.append(command)
            continue
        payment = orders.env["pos.payment"].browse(command[1]).exists()
        if payment and payment.pos_order_id not in orders:
            lines.refuse_foreign(orders.env)
        if command[0] == Command.UPDATE and payment:
            values = {
                name: value
                for name, value in command[2].items()
                if name not in payment._fields or lines.differs(payment, name, value)
            }
            if not values:
                continue
            command = Command.update(payment.id, values)
        kept.append(command)
    return kept


def foreign_order(orders, payload, target):
    """The order of a payload that Odoo would write into ``target``.

    In a restaurant Odoo takes any draft of the payload's table. A card payment stays in
    the order that its row names, and an order that exists is itself.

    :return: ``target``, another order, or none where the payload makes a new one
    """
    if not target or target.uuid == payload.get("uuid"):
        return target
    own = orders.search([("uuid", "=", payload.get("uuid"))], limit=1)
    if own:
        return own
    methods = orders.env["pos.payment.method"].browse(
        command[2].get("payment_method_id")
        for command in payload.get("payment_ids") or []
        if command[0] == Command.CREATE
    )
    brings_card = any(map(is_card_method, methods))
    is_bound = lines.unresolved_rows(target) or lines.paid_rows(target)
    return own if brings_card or is_bound else target

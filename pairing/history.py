"""A bank's terminal that is paired again under a new record goes on in its old one, so
that its history is one.

It is known by its TID. Rows of the ledger stay as they are: each names its record and
the pairing that it was sent under.
"""

from odoo.tools import SQL

from ..ledger import rows, terminals
from . import claims

#: What a pairing has written; the TID is the same.
COLUMNS = (
    "state",
    "pairing_id",
    "key_id",
    "confirmation_code",
    "confirming_since",
    "terminal_nickname",
    "pairing_nickname",
    "api_base_url",
    "signing_secret_part_b",
    "paired_database",
    "currency_id",
)


def go_on(env, terminal_id):
    """The work of one short transaction, after a pairing code was exchanged.

    :return: id of the record that has the pairing: the old one, if there is one with
        a history and the new one has none
    """
    new = terminals.locked(env, terminal_id)
    old = _old_record(env, new)
    if not old:
        return terminal_id
    columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE pos_sci_terminal SET (%s) ="
            " (SELECT %s FROM pos_sci_terminal WHERE id = %s) WHERE id = %s",
            *(columns, columns, new.id, old.id),
        ),
        log_exceptions=False,
    )
    env.invalidate_all()
    gone = dict.fromkeys(("claimed_at", "lost_at", "not_connected_since"), False)
    old.write({**claims.NO_ERROR, **gone})
    _take_over_use(old, new)
    new.state = "unpaired"
    new.unlink()
    terminals.notify_registers(old)
    return old.id


def _old_record(env, new):
    """An unpaired record of the same terminal that may be paired now."""
    if new.state != "confirming" or not new.tid or rows.any_of(new):
        return new.browse()
    domain = [
        ("company_id", "=", new.company_id.id),
        ("tid", "=", new.tid),
        ("state", "=", "unpaired"),
        ("id", "!=", new.id),
    ]
    found = new.with_context(active_test=False).search(domain, order="id DESC")
    for old in found.filtered(rows.any_of):
        _claimed_at, refusal = claims.claim(env, old.id, ["unpaired"])
        if not refusal:
            return old
    return new.browse()


def _take_over_use(old, new):
    """The new record is what the shop wants now: its name, its registers, and its
    payment methods beside those of before. Under another name the terminal has moved:
    a register that it stood beside must not charge on it any more."""
    registers = new.config_ids
    if registers or new.name != old.name:
        (old.config_ids - registers).write({"sci_terminal_id": False})
        registers.write({"sci_terminal_id": old.id})
    methods = old.payment_method_ids | new.payment_method_ids
    old.write(
        {"name": new.name, "active": True, "payment_method_ids": [(6, 0, methods.ids)]}
    )

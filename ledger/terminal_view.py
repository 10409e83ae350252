"""What terminals are doing now, for the registers that show it."""

from odoo.fields import Domain

from . import rows, settlement, terminals


def with_work(env, read):
    """Add what each terminal is doing to what a register has read of it.

    ``busy`` is the name of the register whose payment it takes; ``doing`` the kind of
    that payment, ``settlement``, ``enquiry`` or ``pairing``. Both ``False`` where it
    waits for work.

    :param read: values by field name, with ``id``
    """
    shown = env["pos.sci.terminal"].browse([values["id"] for values in read])
    on_terminals = Domain("terminal_id", "in", shown.ids)
    taken = rows.occupants(env, shown)
    busy = {terminal_id: row.config_id.name for terminal_id, row in taken.items()}
    totals = (
        env["pos.sci.settlement"]
        .sudo()
        .search(on_terminals & Domain("status", "in", settlement.UNFINISHED))
    )
    claimed = shown.filtered(terminals.is_claimed)
    doing = {
        **dict.fromkeys(claimed.ids, "pairing"),
        **{row.terminal_id.id: row.kind for row in (*totals, *taken.values())},
    }
    return [
        {
            **values,
            "busy": busy.get(values["id"], False),
            "doing": doing.get(values["id"], False),
        }
        for values in read
    ]

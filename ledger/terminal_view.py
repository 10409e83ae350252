"""What terminals are doing now, for the registers that show it."""

from . import rows, settlement, terminals


def with_work(env, read):
    """Add what each terminal is doing to what a register has read of it.

    ``busy`` is the name of the register whose payment it takes; ``doing`` the kind of
    that payment, ``settlement``, ``enquiry`` or ``pairing``. Both ``False`` where it
    waits for work.

    :param read: values by field name, with ``id``
    """
    shown = env["pos.sci.terminal"].browse([values["id"] for values in read])
    taken = rows.occupants(env, shown)
    busy = {terminal_id: row.config_id.name for terminal_id, row in taken.items()}
    totals = settlement.running(env(su=True), shown.ids)
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

"""Whether a terminal is connected, as far as its payments, settlements and enquiries
have shown it.

No request asks for that alone: pairing-info knows of the pairing only
(``docs/protocol.md`` 2.5). What is kept here is shown to people; it refuses no payment.
"""

from ..sci.errors import DeviceNotConnected
from ..server.short_transactions import after_commit
from . import terminals


def learn(row, *, error=None, transaction=None):
    """Keep what an answer says of the terminal: not connected, from then until
    something succeeds there.

    :param row: a ledger row or a settlement
    :param error: ``{code, …}``, or ``None``
    :param transaction: :class:`~..sci.messages.Transaction`, or ``None``
    """
    if error and error["code"] == DeviceNotConnected.code:
        is_connected = False
    elif transaction and _has_worked(transaction):
        is_connected = True
    else:
        return
    if bool(row.terminal_id.not_connected_since) == is_connected:
        _keep(row.env, row.terminal_id.id, is_connected)


def _has_worked(transaction):
    """Whether the terminal itself had a part in this answer. The first version may be
    there before the terminal is reached, and a cancel may end one that is off."""
    if transaction.status == "FINALISED":
        return transaction.financial_status in ("APPROVED", "DECLINED")
    return transaction.version > 1


def _keep(env, terminal_id, is_connected):
    env.cr.execute(
        "UPDATE pos_sci_terminal SET not_connected_since ="
        " CASE WHEN %s THEN NULL ELSE clock_timestamp() AT TIME ZONE 'UTC' END"
        " WHERE id = %s AND (not_connected_since IS NOT NULL) = %s RETURNING id",
        [is_connected, terminal_id, is_connected],
        log_exceptions=False,
    )
    if env.cr.fetchone():
        env["pos.sci.terminal"].invalidate_model(["not_connected_since"])
        after_commit(env, announce, terminal_id)


def announce(env, terminal_id):
    """Tell the registers that what they show of a terminal has changed."""
    terminals.notify_registers(env["pos.sci.terminal"].browse(terminal_id))

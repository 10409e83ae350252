"""The end of the day: a manager closes every register."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

from testbed.rpc_client import Refused

#: How often a manager tries to close a register.
TRIES = 5


def close_all(shop):
    """Whatever can't be closed stays open, and is found by the comparison."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda session: _close(shop, session), shop.sessions.values()))


def _close(shop, session):
    for _time in range(TRIES):
        # A refusal may be a lost connection; what stays open is found afterwards.
        with contextlib.suppress(Refused):
            if _try_to_close(shop, session):
                return
        with contextlib.suppress(Refused):
            _clear(shop, session)


def _try_to_close(shop, session):
    """Count the drawer, which is right, and close."""
    call = shop.manager.call
    (found,) = call(
        "pos.session",
        "read",
        [session],
        ["state", "cash_register_balance_end"],
    )
    if found["state"] == "closed":
        return True
    counted = found["cash_register_balance_end"]
    answer = call("pos.session", "post_closing_cash_details", [session], counted)
    if not answer["successful"]:
        return False
    answer = call("pos.session", "close_session_from_ui", [session])
    if not answer["successful"] and answer.get("redirect"):
        _force(shop, session)
        return True
    return answer["successful"]


def _clear(shop, session):
    """What stands in the way: drafts are dropped, payments without a result and orders
    that cards have paid in part are left to a manager."""
    call = shop.manager.call
    drafts = [("session_id", "=", session), ("state", "=", "draft")]
    for order in call("pos.order", "search", drafts):
        with contextlib.suppress(Refused):  # there is card money in it
            call("pos.order", "action_pos_order_cancel", [order])
    rows = [view["id"] for view in call("pos.session", "sci_unresolved", [session])]
    answer = call("pos.session", "close_session_from_ui", [session])
    orders = [order["uuid"] for order in answer.get("sci_orders") or ()]
    if rows or orders:
        call("pos.session", "sci_close_anyway", [session], rows, orders)


def _force(shop, session):
    """Orders were changed after they were paid: Odoo asks which account shall have the
    difference."""
    call, context = shop.manager.call, {"active_ids": [session], "active_id": session}
    action = call("pos.session", "action_pos_session_closing_control", [session])
    wizard = "pos.close.session.wizard"
    call(wizard, "close_session", [action["res_id"]], context=context)

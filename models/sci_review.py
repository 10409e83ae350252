"""When a manager has to look: the work of one short transaction each."""

from datetime import timedelta

from odoo.tools import SQL

from . import sci_ledger as ledger

#: Minutes within which a payment that no session will be closed over is in an order.
ORDERED_WITHIN = 60


def review(env, row_id):
    """Compare the bank's final answer with what people and orders say; where there is
    a person's word and no answer can be hoped for, say so. In a transaction of its own:
    no trouble here may undo the answer. What a crash leaves undone, the sweep does."""
    row = ledger.rows(env, row_id)
    if row.override_outcome and _is_beyond_asking(env, row):
        if row.sci_id:
            text = env._(
                "A person's word counts for %s: the bank cannot tell.",
                row._format_amount(),
            )
            env["pos.sci.review"]._raise_item("unverified", text, row=row)
    elif row.status == "FINALISED":
        _compare(env, row)
        if _may_be_ordered_yet(env, row):
            return
    else:
        return
    if row.review_due:
        ledger.change(env, row_id, SQL("review_due"), review_due=False)


def _compare(env, row):
    approved, amount = row.financial_status == "APPROVED", row._format_amount()
    raise_item = env["pos.sci.review"]._raise_item
    if row.override_outcome == "no" and approved:
        text = env._("Marked as not paid, but the bank approved %s.", amount)
        raise_item("contradicted", text, row=row)
    elif row.override_outcome == "yes" and not approved:
        text = env._("Marked as paid, but the bank did not approve %s.", amount)
        raise_item("contradicted", text, row=row)
    if not approved:
        return
    if row.given_up:
        text = env._("The bank approved %s after more than a day.", amount)
        raise_item("contradicted", text, row=row)
    if row._is_short():
        text = env._("The bank approved %s only.", amount)
        raise_item("other_amount", text, row=row)
    if row.pos_order_id.state not in (False, "draft"):
        row.pos_order_id._sci_compare(row.pos_payment_id, row)
    elif not row.session_id and not _may_be_ordered_yet(env, row):
        text = env._("The bank approved %s, but it is in no order.", amount)
        raise_item("missing_payment", text, row=row)


def _may_be_ordered_yet(env, row):
    """Whether this payment, taken while no session was open, is still young."""
    is_open = row.pos_order_id.state in (False, "draft")
    age = env.cr.now() - row.finalised_at
    return not row.session_id and is_open and age < timedelta(minutes=ORDERED_WITHIN)


def _is_beyond_asking(env, row):
    """Whether mx51 will hardly say any more whether it was charged: it has said that
    it does not know, the pairing is gone, or it was asked for a day."""
    if row.status == "FINALISED":
        return row.financial_status == "UNKNOWN"
    return (
        row.is_lost
        or row.pairing_id != row.terminal_id.pairing_id
        or bool(row.override_at and (env.cr.now() - row.override_at).days)
    )

"""Rows that nobody follows: each function is the work of one short transaction."""

from . import rows, transitions
from .states import NOT_FINAL, OCCUPYING

_ORPHANS = f"""
SELECT id
  FROM pos_sci_transaction, (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS now) clock
 WHERE {NOT_FINAL.sql} AND NOT given_up
   AND CASE
       WHEN override_outcome IS NOT NULL
       THEN sci_id IS NOT NULL AND override_at > now - interval '1 day'
            AND followed_at
                < now - greatest(interval '1 min', (now - override_at) / 2)
       WHEN status = 'unknown'
       THEN sci_id IS NOT NULL AND sent_at > now - interval '1 day'
            AND followed_at < now - interval '30 s'
       ELSE followed_at < now - interval '30 s' OR sent_at < now - interval '1 day'
       END
 ORDER BY followed_at
"""
_UNPOSTED = """
SELECT entry.id
  FROM pos_sci_transaction entry
  JOIN pos_order ON pos_order.uuid = entry.order_uuid
 WHERE entry.posting_due AND pos_order.session_id IS NOT NULL
 ORDER BY entry.id
"""


def orphans(env):
    """Unfinished rows that nobody has polled for half a minute, those that have not
    ended in a day, and those whose outcome was stated: for a day the bank may still
    contradict it."""
    env.cr.execute(_ORPHANS)
    return [row_id for (row_id,) in env.cr.fetchall()]


def unreviewed(env):
    """Rows with an outcome that has not been compared yet."""
    env.cr.execute("SELECT id FROM pos_sci_transaction WHERE review_due ORDER BY id")
    return [row_id for (row_id,) in env.cr.fetchall()]


def unposted(env):
    """Paid rows whose order has arrived and does not have yet what was charged."""
    env.cr.execute(_UNPOSTED)
    return [row_id for (row_id,) in env.cr.fetchall()]


def give_up_old(env, row_id):
    """Give up a row that has not ended in a day."""
    row = rows.row(env, row_id)
    if OCCUPYING.holds(row) and row.sent_at and (env.cr.now() - row.sent_at).days >= 1:
        transitions.give_up(env, row_id)

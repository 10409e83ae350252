"""Rows that nobody follows: each function is the work of one short transaction."""

import time

from ..sci.urls import origin
from . import alerts, rows, transitions
from .states import NOT_FINAL, OCCUPYING

#: Seconds that one run of the scheduled action takes at most. Odoo ends processes whose
#: jobs take long, and has other jobs to do.
TURN = 30
#: Seconds that must be left for a row: what a cancel request takes at most.
ROW_NEEDS = 16
#: Seconds for connecting, encryption included, before the answer is waited for.
CONNECTING = 6
#: Seconds that an answer takes at least before its absence is silence: what fails at
#: once costs no time.
SILENCE = 1

_ORPHANS = f"""
SELECT pos_sci_transaction.company_id, pos_sci_transaction.id, terminal.api_base_url
  FROM pos_sci_transaction
  JOIN pos_sci_terminal terminal ON terminal.id = terminal_id,
       (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS now) clock
 WHERE {NOT_FINAL.sql} AND (NOT given_up OR override_outcome IS NOT NULL)
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
SELECT entry.company_id, entry.id
  FROM pos_sci_transaction entry
  JOIN pos_order ON pos_order.uuid = entry.order_uuid
 WHERE entry.posting_due AND pos_order.session_id IS NOT NULL
 ORDER BY entry.id
"""


class Turn:
    """One run of a scheduled action: it ends in time, does not ask again where it has
    met with silence, and writes in the language of the shop that it writes for.

    :ivar is_cut: whether something was left for the next one
    """

    def __init__(self, seconds):
        self._ends_at = time.monotonic() + seconds
        self._silent = set()
        self._languages = {}
        self.is_cut = False

    @property
    def left(self):
        return self._ends_at - time.monotonic()

    def through(self, items, needed=0):
        """The items, while so many seconds are left for each."""
        for item in items:
            if self.left < needed:
                self.is_cut = True
                return
            yield item

    def for_shops(self, short, listing, needed=0):
        """What ``listing`` finds, each with short transactions in its shop's language.

        :param short: :class:`~..server.short_transactions.ShortTransactions`
        :param listing: the work of one; returns ``[(company id, …)]``
        :param needed: as of :meth:`through`
        """
        for company_id, *found in self.through(short.run(listing), needed):
            if company_id not in self._languages:
                self._languages[company_id] = short.run(_language, company_id)
            yield short.in_language(self._languages[company_id]), *found

    def asks(self, row_id, base_url, ask):
        """``ask(row_id, seconds left)``, unless the origin of this base URL was silent.

        :param ask: returns whether there was no answer
        """
        asked = base_url and origin(base_url)
        if asked in self._silent:
            self.is_cut = True
            return
        began = time.monotonic()
        if ask(row_id, self.left) and time.monotonic() - began >= SILENCE:
            self._silent.add(asked)


def _language(env, company_id):
    return alerts.language(env["res.company"].browse(company_id))


def again(env):
    """Have the scheduled action run again, after the other jobs that are due."""
    cron = env.ref("pos_mx51_sci.ir_cron_sweep", raise_if_not_found=False)
    if cron:
        cron._trigger()


def orphans(env):
    """Unfinished rows that nobody has polled for half a minute, those that have not
    ended in a day, and those whose outcome was stated: for a day the bank may still
    contradict it.

    :return: ``[(company id, id, base URL)]``, those first that were not polled for
        longest
    """
    env.cr.execute(_ORPHANS)
    return env.cr.fetchall()


def unreviewed(env):
    """Rows with an outcome that has not been compared yet: ``[(company id, id)]``."""
    env.cr.execute(
        "SELECT company_id, id FROM pos_sci_transaction WHERE review_due ORDER BY id"
    )
    return env.cr.fetchall()


def unposted(env):
    """Paid rows whose order has arrived and does not have yet what was charged:
    ``[(company id, id)]``."""
    env.cr.execute(_UNPOSTED)
    return env.cr.fetchall()


def give_up_old(env, row_id):
    """Give up a row that has not ended in a day."""
    row = rows.row(env, row_id)
    if OCCUPYING.holds(row) and row.sent_at and (env.cr.now() - row.sent_at).days >= 1:
        transitions.give_up(env, row_id)

"""The story of a payment: what is asked of mx51 between the ledger's transitions.

Nothing here holds a cursor while mx51 is awaited; every state is committed before
the request that it announces leaves, and **no POST is sent twice for any reason**.
"""

import logging
import time

from psycopg2.errors import UniqueViolation

from ..sci.client import HELD_POLL_TIMEOUT, PAIRING_INFO_TIMEOUT
from ..sci.errors import DeviceNotConnected, NoActivePairings, NoAnswer, SciError
from . import sci_ledger as ledger
from . import sci_review, sci_start
from . import sci_steps as steps
from .pos_sci_pairing import not_active
from .sci_texts import error_view
from .short_transactions import ShortTransactions, holding_is_free

_logger = logging.getLogger(__name__)

#: Seconds that mx51 gets to say a last word before a person's word counts.
LAST_WORD_TIMEOUT = 5
#: Seconds until the browser asks again about a form that was not held.
ASK_AGAIN_AWAITING_POS = 4


class SciFlow:
    """Follows rows of the ledger on behalf of a user whose access was checked."""

    def __init__(self, env):
        self.short = ShortTransactions(env)

    # -- start ---------------------------------------------------------------------

    def start(self, request):
        """:param request: a :class:`~.sci_start.StartRequest`"""
        row_id, what = self.short.run(steps.begin, request)
        if what == "ask_first":
            if self._last_word(row_id) == "APPROVED":
                return self.view(row_id, "contradicted")
            row_id, what = self.short.run(steps.begin, request, asked_first=True)
        if not row_id:
            return what
        if isinstance(what, sci_start.Go):
            return self._go_on(what) or self.view(row_id)
        return self.view(row_id, what)

    def _go_on(self, go):
        """pairing-info, ``sending``, and the create POST, once.

        :return: the public view, where it is known already
        """
        try:
            go.api.pairing_info()
        except SciError as exc:
            self._refuse(go, exc, "draft")
            return None
        if not self.short.run(ledger.mark_sending, go.row_id):
            return None
        try:
            transaction = go.api.create_transaction(go.body)
        except SciError as exc:
            if exc.did_nothing:
                self._refuse(go, exc, "sending")
            else:
                _logger.warning("No usable answer to a payment: %s", exc)
                sci_id = getattr(exc, "transaction_id", None)
                error = self.short.run(error_view, exc)
                self.short.run_stubbornly(ledger.mark_unknown, go.row_id, error, sci_id)
            return None
        try:
            wants_cancel, view = self.short.run_stubbornly(
                steps.created, go.row_id, transaction
            )
        except UniqueViolation:
            _logger.warning("The terminal service gave an id for the second time")
            self.short.run(ledger.mark_unknown, go.row_id)
            return None
        if transaction.status == "FINALISED":
            self._review(go.row_id)
        if wants_cancel:
            self._send_cancel(go.row_id)
            return None
        return view

    def _refuse(self, go, exc, status):
        error = self.short.run(error_view, exc)
        self.short.run(
            ledger.refuse, go.row_id, error["code"], error["message"], status
        )
        if isinstance(exc, NoActivePairings):
            self.short.run(not_active, go.terminal_id, go.pairing_id, error)

    # -- poll ----------------------------------------------------------------------

    def poll(self, row_id, version, hold=None):
        """The row once it is newer than ``version``, or as it is after a while.

        :param hold: whether mx51 may hold the request; by default where that is free
        :return: the public view, with ``held`` (ask again at once) and ``wait``
            (else after so many seconds)
        """
        began = time.monotonic()
        hold = holding_is_free() if hold is None else hold
        look = self.short.run(steps.look, row_id, version)
        newer = look["newer"]
        if look["cancel"]:  # whoever was to send it has died, or is just about to
            self._send_cancel(row_id)
        if look["api"]:
            view = self._ask(row_id, look, hold and not newer)
        else:
            view = self.view(row_id)
        waited = time.monotonic() - began >= steps.ASK_AGAIN
        view["held"] = newer or waited or view["version"] > look["version"]
        patient = view["status"] == "AWAITING_POS"
        wait = ASK_AGAIN_AWAITING_POS if patient else steps.ASK_AGAIN
        view["wait"] = 0 if view["held"] else wait
        return view

    def _ask(self, row_id, look, hold):
        """One poll. mx51 holds it until the next version exists; a version that
        exists is answered at once (protocol notes 3.5).

        :return: the public view afterwards
        """
        get, known = look["api"].get_transaction, max(look["version"], 1)
        try:
            if hold:
                try:
                    answer = get(look["sci_id"], look["version"] + 1, HELD_POLL_TIMEOUT)
                except NoAnswer as exc:
                    if not exc.timed_out:
                        raise
                    answer = get(look["sci_id"], known, LAST_WORD_TIMEOUT)
            else:
                answer = get(look["sci_id"], known, PAIRING_INFO_TIMEOUT)
        except SciError as exc:
            return self.short.run(steps.no_version, row_id, exc)
        return self._apply(row_id, answer)

    def _apply(self, row_id, answer):
        """:return: the public view afterwards"""
        try:
            view, is_due = self.short.run_stubbornly(steps.answered, row_id, answer)
        except UniqueViolation:
            # A row that was taken for dead lives, but its terminal serves another.
            self.short.run(ledger.alive, row_id)
            return self.view(row_id)
        if is_due:
            self._review(row_id)
        return view

    def _review(self, row_id):
        try:
            self.short.run(sci_review.review, row_id)
        except Exception:
            _logger.exception("Row %s could not be reviewed", row_id)

    # -- submit --------------------------------------------------------------------

    def submit(self, row_id, version, button_key, inputs):
        """Post a button of the form that ``version`` showed: once per version."""
        api, url, values = self.short.run(
            steps.claimed_submit, row_id, version, button_key, inputs
        )
        if not api:
            return self.view(row_id, "not_submitted")
        try:
            answer = api.submit_action(url, values)
        except SciError as exc:
            if exc.did_nothing:
                self.short.run(ledger.release_submit, row_id, version)
            return self.short.run(steps.no_version, row_id, exc)
        return self._apply(row_id, answer)

    # -- cancel --------------------------------------------------------------------

    def cancel(self, row_id):
        """Keep the wish, and send it once there is an id. Polling goes on."""
        self.short.run(ledger.request_cancel, row_id)
        if self.short.run(steps.wants_cancel, row_id):
            self._send_cancel(row_id)
        return self.view(row_id)

    def _send_cancel(self, row_id):
        api, sci_id = self.short.run(steps.claimed_cancel, row_id)
        if not api:
            return
        try:
            answer = api.cancel_transaction(sci_id)
        except SciError as exc:
            _logger.info("Cancel of row %s: %s", row_id, exc)
            if isinstance(exc, DeviceNotConnected):
                self.short.run(steps.no_version, row_id, exc)
            return
        if answer:
            self._apply(row_id, answer)
        else:
            self.short.run(ledger.alive, row_id)

    # -- override ------------------------------------------------------------------

    def override(self, row_id, successful, reason, employee=None):
        """A person's word, after mx51 had the chance of a last one."""
        outcome = "yes" if successful else "no"
        if not self.short.run(steps.window_is_open, row_id):
            return self.view(row_id, "override_closed")
        if self._last_word(row_id):
            return self.view(row_id, "answered")
        if self.short.run(ledger.override, row_id, outcome, reason, employee):
            self._send_cancel(row_id)
            self._review(row_id)
            return self.view(row_id)
        return self.view(row_id, "answered")

    def _last_word(self, row_id):
        """Ask mx51 once about a row with an id.

        :return: the financial status if that made the row final, else ``None``
        """
        look = self.short.run(steps.look, row_id)
        if not look["api"]:
            return None
        try:
            answer = look["api"].get_transaction(
                look["sci_id"], max(look["version"], 1), LAST_WORD_TIMEOUT
            )
        except SciError as exc:
            _logger.info("No last word about row %s: %s", row_id, exc)
            return None
        self._apply(row_id, answer)
        return self.short.run(steps.financial_status, row_id)

    # -- resume and sweep ------------------------------------------------------------

    def resume(self, config_id):
        """Views of the rows that a register has to follow."""
        return self.short.run(steps.resume, config_id)

    def sweep(self):
        """Finish rows nobody follows: dead requests, orphans, a day without answer,
        reviews that a crash has left undone."""
        for row_id in self.short.run(steps.orphans):
            try:
                self.poll(row_id, 2**31, hold=False)
                self.short.run(steps.give_up_old, row_id)
            except Exception:
                _logger.exception("Could not look after row %s", row_id)
        for row_id in self.short.run(steps.unreviewed):
            self._review(row_id)

    def view(self, row_id, error=None):
        return self.short.run(steps.view, row_id, error)

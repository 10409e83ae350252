"""A payment from start to end: the only file that sends POSTs about transactions.

No cursor is held while mx51 is awaited, every state is committed before the request it
announces leaves, and **no POST is sent twice for any reason**.
"""

import logging
import time
from functools import partial

from psycopg2.errors import UniqueViolation

from ..sci.client import PAIRING_INFO_TIMEOUT
from ..sci.errors import BadAnswer, Incomplete, NoActivePairings, NoAnswer, SciError
from ..server import waiting
from ..server.causes import facts
from ..server.sentences import error_view
from ..server.short_transactions import ShortTransactions
from . import (
    asking,
    cancel,
    comparison,
    finishing,
    posting,
    start,
    steps,
    sweep,
    terminals,
    transitions,
)

_logger = logging.getLogger(__name__)


class SciFlow:
    """Follows rows of the ledger on behalf of a user whose access was checked."""

    def __init__(self, env=None, short=None):
        self.short = short or ShortTransactions(env)

    def view(self, row_id, error=None):
        """The public view of a row; see :func:`~.steps.view`."""
        return self.short.run(steps.view, row_id, error)

    # -- start ---------------------------------------------------------------------

    def begin_start(self, env, request):
        """The first step of :meth:`start`, on the cursor that access was checked on."""
        return self.short.run_on(env, start.begin, request)

    def start(self, request, begun=None):
        """Find the row that was asked for, or insert it and send it to mx51.

        :param request: :class:`~.request.StartRequest`
        :param begun: what :meth:`begin_start` has returned
        :return: the public view
        """
        result = begun or self.short.run(start.begin, request)
        if isinstance(result, start.PollFirst):
            if self._final_status(result.row_id) == "APPROVED":
                return self.view(result.row_id, "contradicted")
            result = self.short.run(start.begin, request, polled_first=True)
        if isinstance(result, start.NotARow):
            return result.view
        if isinstance(result, start.Existing):
            return self.view(result.row_id, result.error)
        return self._send(result) or self.view(result.row_id)

    def _send(self, ready):
        """pairing-info, ``sending``, and the create POST, once.

        :return: the public view, where it is known already
        """
        try:
            ready.api.pairing_info()
        except SciError as exc:
            self._refuse(ready, exc, "draft")
            return None
        if not self.short.run(transitions.mark_sending, ready.row_id):
            return None
        try:
            transaction = ready.api.create_transaction(ready.body)
        except SciError as exc:
            if exc.did_nothing:
                self._refuse(ready, exc, "sending")
            else:
                _logger.warning("No usable answer to a payment: %s", exc.diagnosis)
                sci_id = getattr(exc, "transaction_id", None)
                error = self.short.run(error_view, exc)
                self.short.run_persistently(
                    transitions.mark_unknown, ready.row_id, error, sci_id, facts(exc)
                )
            return None
        try:
            cancel_due, view = self.short.run_persistently(
                steps.created, ready.row_id, transaction
            )
        except UniqueViolation:
            _logger.warning("The terminal service gave an id for the second time")
            self.short.run(transitions.mark_unknown, ready.row_id)
            return None
        if transaction.status == "FINALISED":
            self._review(ready.row_id)
            view = self._into_order(view)
        if cancel_due:
            self._send_cancel(ready.row_id)
            return None
        return view

    def _refuse(self, ready, exc, status):
        if exc.reason or isinstance(exc, NoAnswer | BadAnswer):
            _logger.warning("Row %s was not sent: %s", ready.row_id, exc.diagnosis)
        error = self.short.run(error_view, exc)
        self.short.run(
            transitions.refuse,
            *(ready.row_id, error["code"], error["message"], status, facts(exc)),
        )
        if isinstance(exc, NoActivePairings):
            self.short.run(
                terminals.not_active, ready.terminal_id, ready.pairing_id, error
            )

    # -- poll ----------------------------------------------------------------------

    def begin_poll(self, env, row_id, version):
        """The first step of :meth:`poll`, as :meth:`begin_start`."""
        return self.short.run_on(env, steps.begin_poll, row_id, version)

    def poll(self, row_id, version, hold=True, finish=True, begun=None):
        """The row once it is newer than ``version``, or as it is after a while.

        :param hold: whether mx51 may hold the request, where that is free
        :param finish: whether an approval's order is finished before it is answered;
            else the next poll that may, or the sweep, does it
        :param begun: what :meth:`begin_poll` has returned
        :return: the public view, with ``held`` (poll again at once) and ``wait``
            (else after so many seconds)
        """
        began = time.monotonic()
        poll = begun or self.short.run(steps.begin_poll, row_id, version)
        view, was_held = self._ask(row_id, poll, hold and not poll.is_newer, finish)
        waited = was_held and time.monotonic() - began >= steps.POLL_AGAIN_AFTER
        view["held"] = poll.is_newer or waited or view["version"] > poll.version
        has_form = view["status"] == "AWAITING_POS"
        pause = steps.POLL_FORM_AFTER if has_form else steps.POLL_AGAIN_AFTER
        view["wait"] = 0 if view["held"] else pause
        return view

    def _ask(self, row_id, poll, hold, finish):
        """Poll mx51 once, if it is to be asked, and send a cancel request that is due.
        It holds the request until the next version exists; a version that exists is
        answered at once (``docs/protocol.md`` 3.5). Where it may not hold, neither the
        poll nor the cancel request is waited for.

        :return: the public view afterwards, and whether it might hold
        """
        if not poll.api:
            view = self.short.run(steps.view, row_id, is_asked=True)
            return self._into_order(view) if finish else view, False
        if hold:
            with waiting.place() as is_granted:
                if is_granted:
                    answer, was_held = self._asked_held(row_id, poll)
                    return self._take(row_id, answer, finish), was_held
        ask = partial(self._asked_now, row_id, poll)
        take = partial(self._take, row_id, finish=finish)
        # Polls that hang keep no cancel request from leaving.
        callee = (poll.api.origin, poll.cancel_due)
        view = waiting.briefly(callee, ask, take)
        return view or self.view(row_id), False

    def _asked_held(self, row_id, poll):
        """A cancel request that did nothing is sent again by the next poll, so that has
        to come soon.

        :return: mx51's answer or the error, and whether it might hold
        """
        if poll.cancel_due and not self._send_cancel(row_id):
            return asking.answer_of(asking.now, poll, PAIRING_INFO_TIMEOUT), False
        return asking.answer_of(asking.held, poll), True

    def _asked_now(self, row_id, poll):
        if poll.cancel_due:
            self._send_cancel(row_id)
        return asking.answer_of(asking.now, poll, PAIRING_INFO_TIMEOUT)

    def _take(self, row_id, answer, finish=True):
        """:return: the public view after mx51's answer, or the error instead of it"""
        if isinstance(answer, SciError):
            return self.short.run(steps.without_version, row_id, answer)
        return self._apply(row_id, answer, finish)

    def _apply(self, row_id, answer, finish=True):
        """:return: the public view afterwards"""
        try:
            view, review_due = self.short.run_persistently(
                steps.answered, row_id, answer
            )
        except UniqueViolation:
            # A row that was given up goes on, but its terminal serves another.
            self.short.run(transitions.service_responded, row_id)
            return self.view(row_id)
        if review_due:
            self._review(row_id)
        return self._into_order(view) if finish else view

    def _into_order(self, view):
        """After a payment's end is committed: post what is left, and finish the order.

        :return: the public view afterwards
        """
        order_id = view["order_id"]
        if view["order_state"] != "draft" or view["unresolved"]:
            return view
        if not (view["paid"] or self.short.run(finishing.is_paid_online, order_id)):
            return view
        if view["paid"] and not view["posted"]:
            self._attempt(posting.post, view["id"])
        self._attempt(finishing.finish, order_id)
        return self.view(view["id"])

    def _attempt(self, work, record_id):
        """Work that the sweep does otherwise."""
        try:
            self.short.run(work, record_id)
        except Exception:
            _logger.exception("%s(%s) has to wait", work.__name__, record_id)

    def _review(self, row_id):
        self._attempt(comparison.review, row_id)

    # -- submit --------------------------------------------------------------------

    def submit(self, row_id, version, button_key, inputs):
        """Post a button of the form that ``version`` showed: once per version.

        :return: the public view afterwards
        """
        post = partial(self._submit, row_id, version, button_key, inputs)
        view = self._pressed(("submit", row_id, str(version)), post)
        return view or self.short.run(steps.view, row_id, is_asked=True)

    def _pressed(self, callee, post):
        """Post what a person has pressed; where waiting is not free, wait only briefly.

        :return: what ``post`` returned; ``None`` if that comes later
        """
        with waiting.place() as is_granted:
            if is_granted:
                return post()
        return waiting.briefly((self.short.dbname, *callee), post)

    def _submit(self, row_id, version, button_key, inputs):
        api, url, values, is_cancel = self.short.run(
            steps.claimed_submit, row_id, version, button_key, inputs
        )
        if not api:
            if is_cancel:  # of a form that is gone or spent: the request counts
                self.cancel(row_id)
            return self.short.run(steps.view, row_id, "not_submitted", is_asked=True)
        answer = asking.answer_of(api.submit_action, url, values)
        has_failed = isinstance(answer, SciError) and not isinstance(answer, Incomplete)
        if has_failed and answer.did_nothing:
            self.short.run(steps.not_submitted, row_id, version, answer)
        if is_cancel and has_failed:
            self.short.run_persistently(steps.cancel_failed, row_id, answer)
        elif is_cancel:
            self.short.run(cancel.accepted, row_id)
        return self._take(row_id, answer)

    # -- cancel --------------------------------------------------------------------

    def cancel(self, row_id):
        """Keep the cancel request, and send it once there is an id. Polling goes on.

        :return: the public view afterwards
        """
        if self.short.run(steps.request_cancel, row_id):
            post = partial(self._send_cancel, row_id, is_pressed=True)
            self._pressed(("cancel", row_id), post)
        return self.short.run(steps.view, row_id, is_asked=True)

    def _send_cancel(self, row_id, is_pressed=False):
        """Post the cancel request, unless it has left. One that certainly did nothing
        is left to the next poll, one without an answer to a person.

        :return: whether mx51 has taken it; ``None`` if it did not answer
        """
        api, sci_id = self.short.run(steps.claimed_cancel, row_id, is_pressed)
        if not api:
            return False
        try:
            answer = api.cancel_transaction(sci_id)
        except SciError as exc:
            _logger.info("Cancel of row %s: %s", row_id, exc)
            self.short.run_persistently(steps.cancel_failed, row_id, exc)
            return None if isinstance(exc, NoAnswer) else False
        self.short.run(cancel.accepted, row_id)
        if answer:
            self._apply(row_id, answer)
        else:
            self.short.run(transitions.service_responded, row_id)
        return True

    # -- override ------------------------------------------------------------------

    def override(self, row_id, successful, reason, employee=None):
        """Record the outcome that a person states, once mx51 has had the chance to
        answer after all.

        :return: the public view afterwards
        """
        outcome = "yes" if successful else "no"
        refusal = self.short.run(steps.override_refusal, row_id, outcome)
        if refusal:
            return self.view(row_id, refusal)
        if self._final_status(row_id):
            return self.view(row_id, "answered")
        if self.short.run(transitions.override, row_id, outcome, reason, employee):
            self._pressed(("cancel", row_id), partial(self._send_cancel, row_id))
            self._review(row_id)
            return self._into_order(self.view(row_id))
        return self.view(row_id, "answered")

    def state_against(self, row_id, successful, reason, employee=None):
        """Record that the terminal's receipt says approved, against mx51's final answer
        (:func:`~.transitions.state_against`).

        :return: the public view afterwards
        """
        stated = successful and self.short.run(
            transitions.state_against, row_id, reason, employee
        )
        if not stated:
            return self.view(row_id, "answer_stands")
        self._review(row_id)
        return self._into_order(self.view(row_id))

    def _final_status(self, row_id):
        """Poll mx51 once about a row with an id.

        :return: the financial status if that made the row final, else ``None``
        """
        poll = self.short.run(steps.begin_poll, row_id)
        if not poll.api:
            return None
        try:
            answer = asking.now(poll, asking.FINAL_POLL_TIMEOUT)
        except SciError as exc:
            _logger.info("No final answer about row %s: %s", row_id, exc)
            return None
        self._apply(row_id, answer)
        return self.short.run(steps.financial_status, row_id)

    # -- resume and sweep ------------------------------------------------------------

    def resume(self, config_id):
        """Views of the rows that a register has to follow."""
        return self.short.run(steps.resume, config_id)

    def sweep(self, seconds=sweep.TURN):
        """Finish rows that nobody follows: interrupted requests, orphans, a day without
        an answer, and what a crash or a conflict has left undone. What is left when the
        time is over, or where mx51 is silent, the next run does, soon.

        :return: the :class:`~.sweep.Turn`
        """
        turn = sweep.Turn(seconds)
        orphans = turn.for_shops(self.short, sweep.orphans, sweep.ROW_NEEDS)
        for short, row_id, base_url in orphans:
            try:
                turn.asks(row_id, base_url, SciFlow(short=short)._look_after)
            except Exception:
                _logger.exception("Could not look after row %s", row_id)
        for listing, work in (
            (sweep.unposted, posting.post),
            (finishing.unfinished, finishing.finish),
            (sweep.unreviewed, comparison.review),
        ):
            for short, record_id in turn.for_shops(self.short, listing):
                SciFlow(short=short)._attempt(work, record_id)
        if turn.is_cut:
            self.short.run(sweep.again)
        return turn

    def _look_after(self, row_id, seconds):
        """:return: whether mx51 was asked and did not answer"""
        give_up_at = time.monotonic() + seconds
        poll = self.short.run(steps.begin_poll, row_id)
        is_silent = poll.cancel_due and self._send_cancel(row_id) is None
        left = give_up_at - time.monotonic() - sweep.CONNECTING
        if poll.api and not is_silent and left > 0:
            answer = asking.answer_of(asking.now, poll, min(left, PAIRING_INFO_TIMEOUT))
            is_silent = isinstance(answer, NoAnswer)
            self._take(row_id, answer)
        self.short.run(sweep.give_up_old, row_id)
        return is_silent

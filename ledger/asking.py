"""Polling mx51 about a row: once, held or not (``docs/protocol.md`` 3.5).

A ``poll`` is :class:`~.steps.Poll`.
"""

from ..sci.errors import NoAnswer, SciError

#: Seconds that mx51 gets to answer once more before a stated outcome counts.
FINAL_POLL_TIMEOUT = 5


def held(poll):
    """The next version, for which mx51 may hold the request."""
    get = poll.api.get_transaction
    try:
        return get(poll.sci_id, poll.version + 1)
    except NoAnswer as exc:
        if not exc.timed_out:
            raise
        return get(poll.sci_id, max(poll.version, 1), FINAL_POLL_TIMEOUT)


def now(poll, seconds):
    """The version that there is, which is answered at once."""
    return poll.api.get_transaction(poll.sci_id, max(poll.version, 1), seconds)


def answer_of(get, *args):
    """:return: mx51's answer, or the error instead of it"""
    try:
        return get(*args)
    except SciError as exc:
        return exc

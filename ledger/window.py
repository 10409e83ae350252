"""The override's window: when a person may state the outcome of a payment."""

from datetime import timedelta

from .states import GIVEN_UP, UNRESOLVED
from .transitions import FOLLOWED_GAP


def opens_at(row, now):
    """When the window opens; ``None`` while none is in sight.

    :param now: naive UTC
    """
    terminal = row.terminal_id
    if GIVEN_UP.holds(row):
        return now
    if not UNRESOLVED.holds(row) or row.status in ("draft", "sending"):
        return None
    if row.financial_status == "UNKNOWN" or row.pairing_id != terminal.pairing_id:
        return now
    silence = timedelta(seconds=terminal.override_after)
    since = row.sent_at if row.status == "unknown" else silent_since(row, now)
    moments = [since + silence]
    if row.cancel_requested_at:
        patience = timedelta(seconds=terminal.override_after_cancel)
        moments.append(row.cancel_requested_at + patience)
    if row.is_lost:
        moments.append(now)
    return min(moments)


def is_open(row):
    now = row.env.cr.now()
    moment = opens_at(row, now)
    return bool(moment and moment <= now)


def silent_since(row, now):
    """Since when mx51 has not answered. Silence counts only while it is asked.

    :param now: naive UTC
    """
    gap = timedelta(seconds=FOLLOWED_GAP)
    nobody_polled = row.followed_at and now - row.followed_at > gap
    return now if nobody_polled else row.silent_since

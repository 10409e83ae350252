"""What the set-up check finds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One line of the check.

    :param state: ``ok``, ``warning``, ``error``, or ``unknown`` where it could not be
        looked at
    :param text: what was found, or what to do
    :param detail: lines to copy, if any
    """

    key: str
    state: str
    title: str
    text: str
    detail: str = ""

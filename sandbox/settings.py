"""The switches of the sandbox, for what public material says nothing about.

Each switch has a default and, where it is a choice, the values it may have.
Durations are seconds.
"""

CHOICES = {
    # Which spelling of the base URL field the pairing response uses.
    "base_url_field": ("spi_cloud_api_base_url", "sci_api_base_url", "both"),
    # What a create on a terminal that is off or offline gets: 424, or it is accepted.
    "offline_create": ("error", "accept"),
    # What a poll gets meanwhile: 424 at once, or the poll is held as usual.
    "offline_poll": ("error", "hold"),
    # A poll for a version that does not come: 404, or the last version again.
    "quiet_poll": ("timeout", "same"),
    # A busy terminal: 409 transaction_refused, the same in the upper case of the
    # certification checklist, or a transaction that is final from the start.
    "busy": ("error", "error_upper", "finalised"),
    # The answer to a cancel: {"data": {"version": 3}} alone, or the transaction.
    "cancel_response": ("version", "full"),
    # A cancel that comes too late: answered like any other, or 409.
    "cancel_too_late": ("ignore", "error"),
    # A content-digest on GET: refused, accepted, required.
    "get_digest": ("refused", "accepted", "required"),
    # The body of a POST that needs none: either, nothing, or {}.
    "empty_body": ("any", "empty", "object"),
    # @authority of a base URL with an explicit port.
    "authority": ("with_port", "without_port", "any"),
    # result_amounts with every key (0 where it has no meaning), or only its own.
    "result_amounts": ("all", "own"),
    # result_amounts of a declined transaction: null, or every key with 0.
    "declined_amounts": ("null", "zero"),
    # Fields without a value yet: null, or left out.
    "nulls": ("present", "absent"),
    # Entries of auto_actions: "PRINT_…" or {"action": "PRINT_…"}.
    "auto_actions": ("strings", "objects"),
    # Totals of a settlement: a line for each code, the same for each card scheme and
    # over all, or in words that no program should try to read.
    "settlement_receipt": ("codes", "schemes", "words"),
    # Rows of a form as horizontal or vertical layouts.
    "layout": ("horizontal_layout", "vertical_layout"),
}

VALUES = {
    # A confirmed pairing ends the earlier one on the same terminal.
    "pairing_replaces": True,
    # How long pairing-info still answers no_active_pairings_found after a confirmation.
    "pairing_lag": 0.0,
    "pairing_code_ttl": 600.0,
    # From the create to the terminal's "present card".
    "accept_delay": 0.3,
    "present_card_timeout": 90.0,
    "walk_away_delay": 2.0,
    # From the card to the bank's answer, for an ordinary and for a slow card.
    "processing_delay": 0.8,
    "slow_delay": 10.0,
    # From a cancel request to the cancelled transaction.
    "cancel_delay": 0.2,
    # How long a result and "paired" stay on the terminal's screen.
    "result_time": 12.0,
    "notice_time": 5.0,
    # How far the sandbox's clock is ahead of this machine's; negative: behind.
    "clock_offset": 0.0,
    # Longest hold of a poll; 0: as the command line says.
    "poll_hold": 0.0,
    # By how much the number of a transaction's version increases.
    "version_step": 1,
    # An error envelope carries a request_id.
    "error_request_id": False,
}

DEFAULTS = {**{name: values[0] for name, values in CHOICES.items()}, **VALUES}


def checked(changes):
    """The changes, if every one is a known switch with a value it may have.

    :raises ValueError: with a sentence for the person who sent them
    """
    for name, value in changes.items():
        if name not in DEFAULTS:
            raise ValueError(f"There is no switch {name!r}.")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}.")
        elif isinstance(DEFAULTS[name], bool):
            if not isinstance(value, bool):
                raise ValueError(f"{name} is true or false.")
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{name} is a number.")
        elif (value < 0 and name != "clock_offset") or (
            name == "version_step" and value != int(value)
        ):
            raise ValueError(f"{name} cannot be {value}.")
    if changes.get("version_step") == 0:
        raise ValueError("A version has to grow.")
    return changes

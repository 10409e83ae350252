"""The errors of the two APIs, with status, code and message."""


class ApiError(Exception):
    """An answer in mx51's error envelope.

    :param status: HTTP status
    :param code: lower snake case, as on the wire
    :param message: what the POS shows
    """

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        #: what the log says about the signature, if one was checked
        self.verdict = None


# mx51's pairing guide gives one text literally, "Pairing not found: Pairing not found";
# the others follow its form.
PAIRING_ERRORS = {
    "invalid_request": (400, "Invalid request"),
    "api_key_invalid": (401, "API key invalid"),
    "api_key_missing": (401, "API key missing"),
    "pairing_route_forbidden": (403, "Pairing route forbidden"),
    "test_api_key_forbidden_for_live_pairing": (
        403,
        "Test API key forbidden for live pairing",
    ),
    "pairing_not_found": (404, "Pairing not found"),
    "pairing_not_initial": (422, "Pairing not initial"),
}


def pairing_error(code, detail=None):
    """An error of the Pairing API by its code."""
    status, title = PAIRING_ERRORS[code]
    return ApiError(status, code, f"{title}: {detail or title}")


def no_valid_signatures():
    return ApiError(401, "no_valid_signatures_found", "No valid signatures found")


def no_active_pairings():
    return ApiError(401, "no_active_pairings_found", "No active pairings found")


def route_not_found():
    return ApiError(404, "not_found", "Route not found")


def transaction_not_found():
    return ApiError(404, "transaction_not_found", "Transaction not found")


def not_within_timeout():
    return ApiError(
        404,
        "transaction_not_found_within_timeout",
        "Transaction not found within timeout",
    )


def device_not_connected():
    return ApiError(424, "device_not_connected", "The payment device is not connected.")


def transaction_refused(upper=False):
    code = "transaction_refused"
    return ApiError(409, code.upper() if upper else code, "Terminal is busy")


def invalid_request(detail):
    return ApiError(400, "invalid_request", f"Invalid request: {detail}")


def too_late():
    # Not documented: what a cancel gets when the transaction is over.
    return ApiError(
        409, "transaction_not_cancellable", "Transaction can no longer be cancelled"
    )

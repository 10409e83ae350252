"""What can go wrong with SCI: one exception for each meaning.

``code`` is mx51's own code in lower case, or ``no_answer``, ``bad_answer`` or
``not_ours``; ``message`` is the API's text, ``text`` what a merchant is shown. The
codes are listed in docs/protocol.md 2.4 and 3.8.
"""

#: Longest text from mx51 that is kept, in characters: it is a headline.
LONGEST_MESSAGE = 2000
NETWORK_TEXT = "Please check network and terminal connections and try again"

#: Causes that somebody can do something about.
REASONS = {
    # of a NoAnswer
    "proxy": "the proxy of the environment cannot be used or reached, or refuses",
    "proxy_certificate": "the certificate of the proxy is not trusted",
    "certificate": "the certificate of the host is not trusted",
    "certificate_expired": "the certificate of the host has expired",
    "certificate_not_yet": "the certificate of the host is not valid yet",
    "certificate_host": "the certificate is for another host",
    "ca_file": "the certificate authorities to trust cannot be read",
    "tls": "the encryption could not be set up or broke",
    "dns": "the name of the host is not known",
    "unreachable": "the host does not accept connections",
    # of a BadAnswer
    "interposed": "something between this server and mx51 has answered",
    "unavailable": "a server in front of mx51 reports a fault (5xx)",
    "foreign_url": "a button leads to another host than its pairing's",
    # of NoValidSignatures
    "clock": "the clock was wrong; the next request is signed with the right time",
    "secret": "the clock is right, so Part A or the key is wrong",
}


class SciError(Exception):
    """Anything but a good answer.

    :param message: the API's own text, if there is one
    :param http_status: status of the answer, ``None`` if there was no answer
    """

    code = ""
    default_text = ""
    #: Whether it is certain that mx51 has done nothing.
    did_nothing = False
    #: What is known of the cause, see :data:`REASONS`; empty if nothing is.
    reason = ""
    #: Host that was asked, with its port unless that is the default.
    host = ""
    #: Headers ``Date`` and ``Age`` of the answer, to compare clocks.
    date = None
    age = None

    def __init__(self, message="", http_status=None):
        super().__init__(message)
        self.message = message
        self.http_status = http_status

    def __str__(self):
        return f"{self.http_status or '-'} {self.code}"

    @property
    def text(self):
        """The sentence a merchant should see."""
        return self.message or self.default_text

    @property
    def detail(self):
        """What the network or our reading of the answer says, for the log."""
        return self.message

    @property
    def diagnosis(self):
        """For the log: what came, why as far as that is known, and from where."""
        found = (str(self), self.detail, self.reason, self.host)
        return ", ".join(dict.fromkeys(filter(None, found)))


class NoAnswer(SciError):
    """The network gave nothing usable, which says nothing about what mx51 did.

    :param sent: whether the request may have left. ``False`` proves that mx51 never
        saw it.
    :param timed_out: whether the wait for the answer was too long
    :param variable: environment variable that names the certificate authorities to
        trust, or those that set a proxy which cannot be used; empty if none does
    """

    code = "no_answer"

    def __init__(
        self, message="", *, sent=True, timed_out=False, reason="", variable=""
    ):
        super().__init__(message)
        self.sent = sent
        self.timed_out = timed_out
        self.reason = reason
        self.variable = variable

    @property
    def did_nothing(self):
        return not self.sent

    @property
    def text(self):
        return NETWORK_TEXT


class BadAnswer(SciError):
    """An answer that is not in the documented form: no better than no answer."""

    code = "bad_answer"

    def __init__(self, message="", http_status=None, reason=""):
        super().__init__(message, http_status)
        self.reason = reason

    @property
    def text(self):
        return NETWORK_TEXT


class Incomplete(BadAnswer):
    """A good answer (2xx) that lacks part of what makes a version of a transaction.

    :param transaction_id: the id, if the answer had one
    """

    def __init__(self, message="", transaction_id=None):
        super().__init__(message)
        self.transaction_id = transaction_id


class NotOurs(BadAnswer):
    """A ``submit_url`` that does not belong to the pairing: nothing was sent."""

    code = "not_ours"
    did_nothing = True

    def __init__(self, message=""):
        super().__init__(message, reason="foreign_url")

    @property
    def text(self):
        return "This button leads away from the terminal service. Nothing was sent."


class ApiError(SciError):
    """An answer in the documented envelope ``{"error": {"code", "message"}}``."""

    #: mx51's own text may name a person or a card, so it is not logged.
    detail = ""

    def __init__(self, message="", http_status=None, code=""):
        super().__init__(message, http_status)
        self.code = code or self.code

    @property
    def did_nothing(self):
        """mx51 read the request and refused it: nothing was done."""
        return 400 <= (self.http_status or 0) < 500


class InvalidRequest(ApiError):
    code = "invalid_request"
    default_text = "Invalid request"


class ApiKeyInvalid(ApiError):
    code = "api_key_invalid"
    default_text = "Invalid Pairing API Secret Key"


class ApiKeyMissing(ApiError):
    code = "api_key_missing"
    default_text = "Authorization header missing"


class PairingRouteForbidden(ApiError):
    code = "pairing_route_forbidden"
    default_text = "Terminal not connected to an authorised tenant"


class TestKeyForbidden(ApiError):
    code = "test_api_key_forbidden_for_live_pairing"
    default_text = "Test key used against a live environment"


class PairingNotFound(ApiError):
    code = "pairing_not_found"

    @property
    def text(self):
        """Required by mx51 word for word (docs/protocol.md 2.4)."""
        return "Pairing not found: Pairing not found"


class PairingNotInitial(ApiError):
    code = "pairing_not_initial"
    default_text = "Pairing already progressed, expired, or revoked"


class NoActivePairings(ApiError):
    code = "no_active_pairings_found"

    @property
    def text(self):
        """Required by mx51 word for word: SCITX01 (docs/protocol.md 8)."""
        return "No active pairings found"


class NoValidSignatures(ApiError):
    code = "no_valid_signatures_found"
    default_text = "No valid signatures found"


class TransactionNotFound(ApiError):
    code = "transaction_not_found"
    default_text = "Transaction not found"


class NothingNew(ApiError):
    """A held poll ran out: the transaction is under way, nothing has changed."""

    code = "transaction_not_found_within_timeout"
    default_text = "Nothing new yet"


class DeviceNotConnected(ApiError):
    code = "device_not_connected"

    @property
    def text(self):
        return (
            "The terminal is not connected. "
            "Please check network and terminal connections and try again."
        )


class TransactionRefused(ApiError):
    code = "transaction_refused"
    default_text = "The terminal is busy"


_BY_CODE = {
    error.code: error
    for error in (
        InvalidRequest,
        ApiKeyInvalid,
        ApiKeyMissing,
        PairingRouteForbidden,
        TestKeyForbidden,
        PairingNotFound,
        PairingNotInitial,
        NoActivePairings,
        NoValidSignatures,
        TransactionNotFound,
        NothingNew,
        DeviceNotConnected,
        TransactionRefused,
    )
}


def error_from_answer(http_status, payload):
    """The exception for an answer that is not 2xx.

    The code is read from ``error.code``, or from a top-level ``code`` if it is one of
    mx51's own: gateways answer in that form too. Anything else is not the documented
    envelope, hence :class:`BadAnswer`.
    """
    body = payload if isinstance(payload, dict) else {}
    error = body.get("error")
    is_envelope = isinstance(error, dict)
    error = error if is_envelope else body
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, str) or not code:
        return _not_mx51(http_status)
    if not is_envelope and code.lower() not in _BY_CODE:
        return _not_mx51(http_status)
    code = code[:LONGEST_MESSAGE]
    message = message[:LONGEST_MESSAGE] if isinstance(message, str) else ""
    kind = _BY_CODE.get(code.lower())
    if kind:
        return kind(message, http_status)
    return ApiError(message or code, http_status, code.lower())


def _not_mx51(http_status):
    """511 is how a network asks people to log in to it."""
    is_fault = http_status >= 500 and http_status != 511
    reason = "unavailable" if is_fault else "interposed"
    return BadAnswer(f"HTTP {http_status}", http_status, reason)

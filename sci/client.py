"""The two APIs of Simple Cloud Integration.

:class:`PairingApi` turns a pairing code into a pairing; :class:`SciApi` makes the
requests of one pairing. Methods return the dataclasses of :mod:`.messages` and raise
the exceptions of :mod:`.errors`. **No POST is ever repeated here.**
"""

import logging
import random
import time
from datetime import timezone
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from requests.auth import AuthBase

from .errors import BadAnswer, NoAnswer, NotOurs, NoValidSignatures, SciError
from .messages import Pairing, Transaction, settlement_request, whole_number
from .signing import SciAuth
from .transport import exchange
from .urls import UnsafeUrl, checked_base_url, is_loopback, origin

_logger = logging.getLogger(__name__)

PAIRING_API_URL = "https://sci-pairing-api.integrations.mx51.io"

#: Seconds to wait for an answer.
PAIRING_INFO_TIMEOUT = 8
#: Seconds that an answer which is not held usually needs at most.
PATIENCE = 2
CREATE_TIMEOUT = 20
POST_TIMEOUT = 10
#: For how long mx51 may hold a poll, at least and at most. Payments that wait would
#: otherwise all be renewed together for ever once they have been.
HELD_POLL_TIMEOUTS = (16, 20)
#: Seconds that an answer may have been kept by a cache, if its time is to be believed.
OLDEST = 24 * 60 * 60
#: Clocks that are fewer seconds apart agree: mx51 refuses signatures that are 6 s off
#: (docs/protocol.md 1.4), and ``Date`` is in whole seconds.
CLOCK_TOLERANCE = 2

#: Seconds to add to this machine's clock, by origin, learnt from refused signatures.
_clock_offsets = {}


class ApiKeyAuth(AuthBase):
    """``Authorization: ApiKey …`` (docs/protocol.md 1.2); an auth object, so that no
    ``netrc`` entry on the server can replace the header."""

    def __init__(self, api_key):
        self._api_key = api_key

    def __call__(self, request):
        request.headers["Authorization"] = f"ApiKey {self._api_key}"
        return request


class _NoCredentials(AuthBase):
    """Leaves a request as it is: without this, a ``netrc`` entry would be sent."""

    def __call__(self, request):
        return request


def reach(base_url, timeout, *, is_pairing_api=False):
    """Ask without credentials: any answer of mx51 shows that the way there is open.

    :param is_pairing_api: the host need not have what it is asked for
        (``docs/protocol.md`` 1.2), so any refusal shows the same
    :return: seconds that this machine's clock is behind; ``None`` if the answer does
        not say
    :raises NoAnswer: network
    :raises BadAnswer: something on the way has answered
    """
    base_url = checked_base_url(base_url, allow_loopback_http=True)
    url, auth = f"{base_url}/v1/pairing-info", _NoCredentials()
    try:
        exchange("GET", url, auth=auth, timeout=timeout, wants_json=False)
    except NoAnswer:
        raise
    except BadAnswer as exc:
        if not is_pairing_api or not _is_refusal(exc.http_status):
            raise
        return _behind(exc)
    except SciError as exc:
        return _behind(exc)
    return None


def _is_refusal(http_status):
    """407 is a proxy's."""
    return 400 <= (http_status or 0) < 500 and http_status != 407


def _behind(answer):
    theirs = _time_of(answer)
    return None if theirs is None else theirs - time.time()


class PairingApi:
    """The Pairing API: a single call, made once per pairing."""

    def __init__(self, base_url, api_key):
        self.base_url = checked_base_url(base_url, allow_loopback_http=True)
        self._auth = ApiKeyAuth(api_key)

    def progress_pairing(self, code, nickname=None):
        """Exchange the code shown on the terminal for a :class:`Pairing`.

        :param code: text; leading zeros count
        :param nickname: left out of the request when empty
        """
        body = {"pairing_code": code}
        if nickname:
            body["pairing_nickname"] = nickname
        payload = exchange(
            "POST",
            f"{self.base_url}/v1/progress-pairing",
            auth=self._auth,
            timeout=POST_TIMEOUT,
            body=body,
        )
        return Pairing.from_answer(
            payload, allow_loopback_http=is_loopback(self.base_url)
        )


class SciApi:
    """The SCI API of one pairing.

    :param base_url: the pairing's own base URL
    :param key_id: the pairing's ``key_id``
    :param secret: Part A followed by Part B, joined as text
    :ivar origin: of the base URL
    """

    def __init__(self, base_url, key_id, secret, clock=time.time):
        self.base_url = checked_base_url(base_url, allow_loopback_http=True)
        self.origin = origin(self.base_url)
        self._clock = clock
        self._auth = SciAuth(key_id, secret, self._now)
        self._owner = object()

    def pairing_info(self):
        """The pairing check. Returns if the pairing is active; what a good answer
        contains is not documented and not used (docs/protocol.md 2.5).

        :raises NoActivePairings: not active, or not yet confirmed on the terminal
        """
        self._get(
            "/v1/pairing-info",
            PAIRING_INFO_TIMEOUT,
            wants_json=False,
            owner=self._owner,
            patience=PATIENCE,
        )

    def unpair(self):
        """Remove the pairing; a good answer has no content.

        :raises NoActivePairings: it was already gone
        """
        self._post(f"{self.base_url}/v1/unpair", POST_TIMEOUT, wants_json=False)

    def create_transaction(self, request):
        """Start a transaction. Moves money: call it once per ledger row.

        :param request: the body, see :func:`.messages.create_request`
        """
        payload = self._post(
            f"{self.base_url}/v1/transactions", CREATE_TIMEOUT, body=request
        )
        return Transaction.from_answer(payload)

    def get_transaction(self, transaction_id, min_version=None, within=None):
        """Poll: the transaction, once it has reached ``min_version``.

        :param within: seconds for an answer that is not held; by default it may be
        :raises NothingNew: there was no such version in time
        """
        path = f"/v1/transactions/{quote(transaction_id, safe='')}"
        if min_version is not None:
            path += "?" + urlencode({"min_version": min_version})
        timeout = within or random.uniform(*HELD_POLL_TIMEOUTS)
        patience = PATIENCE if within else None
        return Transaction.from_answer(self._get(path, timeout, patience=patience))

    def create_settlement(self, kind, day=None):
        """Start a settlement, which closes the day at the bank (call it once per row),
        or an enquiry, which only fetches the totals (docs/protocol.md 5).

        :param kind: ``settlement`` or ``enquiry``
        :param day: ``datetime.date`` that an enquiry is about, unless the current one
        """
        payload = self._post(
            f"{self.base_url}/v1/settlements",
            CREATE_TIMEOUT,
            body=settlement_request(kind, day),
        )
        return Transaction.from_answer(payload)

    def get_settlement(self, settlement_id, min_version, hold):
        """Poll: the settlement, once it has reached ``min_version``. It has the shape
        of a transaction and is polled like one."""
        path = f"/v1/settlements/{quote(settlement_id, safe='')}?"
        path += urlencode({"min_version": min_version})
        return Transaction.from_answer(self._get(path, hold))

    def cancel_transaction(self, transaction_id):
        """Ask for a transaction to end; only polling shows how it ended.

        :return: the :class:`Transaction` if the answer is a complete one, else
            ``None``
        """
        path = f"/v1/transactions/{quote(transaction_id, safe='')}/cancel"
        payload = self._post(self.base_url + path, POST_TIMEOUT)
        try:
            return Transaction.from_answer(payload)
        except BadAnswer:
            return None

    def submit_action(self, url, inputs):
        """Press a button of the Action Framework (docs/protocol.md 3.7).

        :param url: the button's ``submit_url``, absolute or relative to the base URL
        :param inputs: texts by input name; if there are none, no body is sent
        :raises NotOurs: it leads to another origin than the pairing's
        """
        return Transaction.from_answer(
            self._post(self._own_url(url), POST_TIMEOUT, body=dict(inputs) or None)
        )

    def _own_url(self, url):
        """Where ``url`` leads (RFC 3986), written with the base URL's own host, and as
        ``requests`` sends it: with one slash at the beginning of the path."""
        base = urlsplit(self.base_url)
        try:
            parts = urlsplit(urljoin(f"{self.base_url}/", url))
        except ValueError as exc:
            raise NotOurs("submit_url is not a URL") from exc
        if not self._is_own(urlunsplit(parts)):
            raise NotOurs(f"submit_url leads to {parts.hostname or parts.scheme}")
        path = "/" + parts.path.lstrip("/")
        return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))

    def _is_own(self, url):
        try:
            return origin(url) == self.origin and "@" not in urlsplit(url).netloc
        except UnsafeUrl:
            return False

    def _now(self):
        return sum(self._signing())

    def _signing(self):
        """Our clock, and how it is corrected, as a request is signed now."""
        return self._clock(), _clock_offsets.get(self.origin, 0)

    def _post(self, url, timeout, body=None, wants_json=True):
        """Send it once. If the clock was refused, the next request is signed right."""
        signed = self._signing()
        try:
            return exchange(
                "POST",
                url,
                auth=self._auth,
                timeout=timeout,
                body=body,
                wants_json=wants_json,
                owner=self._owner,
            )
        except NoValidSignatures as exc:
            self._learn_clock(exc, *signed)
            raise

    def _get(self, path, timeout, **options):
        """GET, and once more with mx51's own time if only the clock was wrong."""
        url = self.base_url + path
        options = {"auth": self._auth, "timeout": timeout, **options}
        signed = self._signing()
        try:
            return exchange("GET", url, **options)
        except NoValidSignatures as exc:
            if not self._learn_clock(exc, *signed):
                raise
            return exchange("GET", url, **options)

    def _learn_clock(self, error, signed_at, corrected_by):
        """Compare the answer's time with our clock and keep the difference.

        :param signed_at: our clock when the request was signed; the answer may have
            taken its time
        :param corrected_by: the correction then; another request may have learnt a
            better one meanwhile
        :return: whether the clock was wrong; ``error.reason`` says so too
        """
        theirs = _time_of(error)
        if theirs is None:
            return False
        since, taken = theirs - corrected_by - signed_at, self._clock() - signed_at
        if -CLOCK_TOLERANCE < since < taken + CLOCK_TOLERANCE:
            error.reason = "secret"
            return False
        error.reason = "clock"
        offset = theirs - self._clock()
        _clock_offsets[self.origin] = offset
        _logger.warning(
            "This server's clock is %.0f s off the terminal service's. Requests are "
            "signed with the corrected time; please set up time synchronisation.",
            -offset,
        )
        return True


def _time_of(answer):
    """When it arrived, by its own account: a cache on the way adds ``Age`` to ``Date``
    (RFC 9111 4.2.3). Seconds since the epoch, ``None`` if it does not say."""
    try:
        date = parsedate_to_datetime(answer.date or "")
        seconds = date.replace(tzinfo=date.tzinfo or timezone.utc).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    age = whole_number(answer.age or "0") or 0
    return seconds + age if 0 <= age <= OLDEST else None


def clock_offset(base_url):
    """Seconds by which the time of requests to ``base_url`` is corrected."""
    return _clock_offsets.get(origin(base_url), 0)

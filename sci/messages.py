"""What comes back from SCI: unknown keys are ignored, what is used is checked.

Every ``from_answer`` raises :class:`~.errors.BadAnswer`, and nothing else, if the
answer is not in the documented form.
"""

import dataclasses
import math

from .errors import LONGEST_MESSAGE, BadAnswer, Incomplete
from .urls import UnsafeUrl, checked_base_url

PENDING = "PENDING"
AWAITING_POS = "AWAITING_POS"
FINALISED = "FINALISED"
STATUSES = (PENDING, AWAITING_POS, FINALISED)
FINANCIAL_STATUSES = ("APPROVED", "DECLINED", "CANCELLED", "UNKNOWN")

AMOUNTS = (
    "purchase_amount",
    "tip_amount",
    "surcharge_amount",
    "cashout_amount",
    "refund_amount",
    "moto_amount",
)
#: The block of a create request, the amounts it needs and those it may have
#: (docs/protocol.md 3.2). All amounts are integers in minor units.
KINDS = {
    "purchase": (
        "purchase_details",
        ["purchase_amount"],
        ["tip_amount", "surcharge_amount"],
    ),
    "refund": ("refund_details", ["refund_amount"], []),
    "cashout": ("cashout_details", ["cashout_amount"], ["surcharge_amount"]),
    "purchase_with_cashout": (
        "purchase_with_cashout_details",
        ["purchase_amount", "cashout_amount"],
        ["surcharge_amount"],
    ),
    "moto": ("moto_details", ["moto_amount"], ["surcharge_amount"]),
}
RECEIPT_FLAGS = (
    "print_merchant_receipt",
    "prompt_customer_receipt",
    "verify_signature_on_terminal",
    "pos_auto_print_signature_receipt",
)

#: Longest identifier or secret, deepest nesting and largest number that are accepted.
LONGEST_VALUE = 500
DEEPEST = 30
LARGEST_NUMBER = 2**53


class _Absent:
    """The key was not in the answer (``None`` means that it was there, and null)."""

    def __repr__(self):
        return "ABSENT"

    def __bool__(self):
        return False


ABSENT = _Absent()


def data_of(payload):
    """The ``data`` object of an answer."""
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, dict):
        raise BadAnswer("no data in the answer")
    return data


def _text(data, key, required=True):
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    value = clean(value).strip() if isinstance(value, str) else ""
    if len(value) > LONGEST_VALUE:
        raise BadAnswer(f"{key} is too long")
    if required and not value:
        raise BadAnswer(f"{key} is missing in the answer")
    return value


def whole_number(value):
    """``value`` as an integer if it is one in any spelling, else ``None``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    elif isinstance(value, str) and value.isascii() and value.strip().isdecimal():
        value = int(value) if len(value) < 20 else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < LARGEST_NUMBER else None


def clean(value, depth=0):
    """``value`` without what PostgreSQL or a browser cannot store: NUL, lone
    surrogates, infinities and NaN, extreme nesting."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        whole = value.encode("utf-8", "ignore").decode()
        return whole.replace("\x00", "")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {clean(k): clean(item, depth + 1) for k, item in value.items()}
    return value


@dataclasses.dataclass(frozen=True)
class Pairing:
    """The answer to progress-pairing (docs/protocol.md 2.3)."""

    pairing_id: str
    key_id: str
    confirmation_code: str
    signing_secret_part_b: str = dataclasses.field(repr=False)
    api_base_url: str
    tid: str
    pairing_nickname: str
    terminal_nickname: str

    @classmethod
    def from_answer(cls, payload, *, allow_loopback_http=False):
        """Read both spellings of the base URL: ``spi_cloud_api_base_url`` is in
        mx51's pairing guide, ``sci_api_base_url`` in captured answers
        (docs/protocol.md 2.3)."""
        data = data_of(payload)
        url = data.get("spi_cloud_api_base_url") or data.get("sci_api_base_url")
        try:
            base_url = checked_base_url(url, allow_loopback_http=allow_loopback_http)
        except UnsafeUrl as exc:
            raise BadAnswer(f"base URL of the pairing: {exc}") from exc
        return cls(
            pairing_id=_text(data, "pairing_id"),
            key_id=_text(data, "key_id"),
            confirmation_code=_text(data, "confirmation_code"),
            signing_secret_part_b=_text(data, "signing_secret_part_b"),
            api_base_url=base_url,
            tid=_text(data, "tid", required=False),
            pairing_nickname=_text(data, "pairing_nickname", required=False),
            terminal_nickname=_text(data, "terminal_nickname", required=False),
        )


@dataclasses.dataclass(frozen=True)
class Transaction:
    """One version of a transaction (docs/protocol.md 3.4).

    ``result_amounts`` are integers in minor units. Fields that an answer leaves out
    are :data:`ABSENT`: whoever keeps them leaves them as they were.
    """

    id: str
    version: int
    status: str
    financial_status: str | None = None
    message: object = ABSENT
    merchant_receipt: object = ABSENT
    customer_receipt: object = ABSENT
    result_amounts: object = ABSENT
    pos_instructions: object = ABSENT

    @classmethod
    def from_answer(cls, payload):
        """Only a complete answer is a version: id, version, status and, if that is
        final, the financial status.

        :raises Incomplete: for everything else
        """
        transaction_id = None
        try:
            data = data_of(payload)
            transaction_id = _text(data, "id")
            return cls._whole(data, transaction_id)
        except BadAnswer as exc:
            raise Incomplete(exc.message, transaction_id) from exc

    @classmethod
    def _whole(cls, data, transaction_id):
        version = whole_number(data.get("version"))
        status = data.get("status")
        financial_status = data.get("result_financial_status")
        if version is None or not 0 < version < 2**31:
            raise BadAnswer("no version in the answer")
        if status not in STATUSES:
            raise BadAnswer("no known status in the answer")
        if status != FINALISED:
            financial_status = None
        elif financial_status not in FINANCIAL_STATUSES:
            raise BadAnswer("a final answer without a financial status")
        return cls(
            id=transaction_id,
            version=version,
            status=status,
            financial_status=financial_status,
            message=_shortened(_optional(data, "message", str)),
            merchant_receipt=_optional(data, "merchant_receipt", str),
            customer_receipt=_optional(data, "customer_receipt", str),
            result_amounts=_result_amounts(data),
            pos_instructions=_optional(data, "pos_instructions", dict),
        )

    def present(self):
        """The optional fields of this answer, null ones included."""
        return {
            field.name: value
            for field in dataclasses.fields(self)
            if (value := getattr(self, field.name)) is not ABSENT
            and field.default is ABSENT
        }


def _optional(data, key, kind):
    value = data.get(key, ABSENT)
    if value is ABSENT or value is None or isinstance(value, kind):
        return clean(value)
    return ABSENT


def _shortened(message):
    return message[:LONGEST_MESSAGE] if message else message


def _result_amounts(data):
    value = _optional(data, "result_amounts", dict)
    if not value:
        return value
    amounts = {key: whole_number(value.get(key)) for key in AMOUNTS}
    return {key: amount for key, amount in amounts.items() if amount is not None}


def create_request(kind, amounts, flags=None):
    """The body of ``POST /v1/transactions``.

    :param kind: a key of :data:`KINDS`
    :param amounts: minor units by amount name; a name that the kind does not have is
        an error
    :param flags: the receipt toggles by name (docs/protocol.md 7)
    :raises ValueError: the amounts do not suit the kind
    """
    block, needed, optional = KINDS[kind]
    unknown = set(amounts) - set(needed) - set(optional)
    missing = set(needed) - set(amounts)
    if unknown or missing:
        raise ValueError(f"amounts of a {kind}: {sorted(unknown | missing, key=str)}")
    for name, amount in amounts.items():
        least = 1 if name in needed else 0
        if type(amount) is not int or not least <= amount < 10**10:
            raise ValueError(f"{name} must be an integer in minor units")
    return {
        block: dict(amounts),
        **{f: bool((flags or {}).get(f)) for f in RECEIPT_FLAGS},
    }


def settlement_request(kind, day=None):
    """The body of ``POST /v1/settlements`` (docs/protocol.md 5).

    :param kind: ``settlement`` or ``enquiry``
    :param day: ``datetime.date`` that an enquiry is about, unless the current one
    :raises ValueError: a settlement of another day
    """
    body = {"type": kind.upper()}
    if day:
        if kind != "enquiry":
            raise ValueError("only an enquiry names a day")
        body["enquiry_date"] = {"year": day.year, "month": day.month, "day": day.day}
    return body

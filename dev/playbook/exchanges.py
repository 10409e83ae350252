"""The exchanges between Odoo and mx51, as the addon ``exchange_log`` writes them."""

import json
import re
from urllib.parse import urlsplit


class ExchangeLog:
    """Reads the file; secrets in it are masked already."""

    def __init__(self, file):
        self._file, self._cut = file, file.with_name(f"{file.name}.cut")

    def all(self):
        if not self._file.exists():
            return []
        lines = self._file.read_text().splitlines(keepends=True)
        # The last line may still be being written.
        whole = [json.loads(line) for line in lines if line.endswith("\n")]
        return sorted(whole, key=lambda one: one["n"])

    def since(self, number):
        """Those that began after the one of this number."""
        return [one for one in self.all() if one["n"] > number]

    def count(self):
        return max((one["n"] for one in self.all()), default=0)

    def cut(self):
        """From now on mx51 cannot be reached."""
        self._cut.touch()

    def mend(self):
        self._cut.unlink(missing_ok=True)


def path(exchange):
    """Its path without the query."""
    return urlsplit(exchange["url"]).path


def host(exchange):
    return urlsplit(exchange["url"]).netloc


def is_post(exchange):
    return exchange["method"] == "POST"


def is_call(exchange, call):
    """Whether it is this call, such as ``POST /v1/transactions/ID/cancel``."""
    method, wanted = call.split(" ", 1)
    pattern = re.escape(wanted).replace("ID", "[0-9a-f-]{36}")
    return exchange["method"] == method and bool(re.fullmatch(pattern, path(exchange)))


#: What takes the place of what names a shop, a terminal or a card.
_ID = "{:08d}-0000-0000-0000-000000000000"
_HOST = "sci-api.tenant.example"
_PLACEHOLDERS = (
    (re.compile(r"\b(pid|kid)_[0-9a-f-]{36}\b"), rf"\1_{_ID}"),
    (re.compile(r"(?<![_\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), _ID),
)


def as_fixture(exchanges):
    """The exchanges as they may be published: no secrets (they are masked already), no
    shop's ids, hosts, codes, nicknames or numbers of cards."""
    known = {}
    return [_anonymous(one, known) for one in exchanges]


def _anonymous(exchange, known):
    kept = {
        name: exchange.get(name)
        for name in ("method", "status", "request_body", "response_body", "no_answer")
        if name in exchange
    }
    kept["path"] = urlsplit(exchange["url"])._replace(scheme="", netloc="").geturl()
    return _replaced(kept, known)


def _replaced(value, known, name=""):
    if isinstance(value, dict):
        return {key: _replaced(item, known, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, known, name) for item in value]
    if not isinstance(value, str):
        return value
    if name.endswith("_base_url"):
        return f"https://{_HOST}"
    if name in ("pairing_code", "confirmation_code", "tid", "TID"):
        return re.sub(r"\d", "0", value)
    if name.endswith("_receipt"):
        return re.sub(r"[0-9A-F]{4,}|\d", lambda found: "0" * len(found[0]), value)
    if name.endswith("_nickname"):
        return "Nickname"
    if name == "submit_url":
        value = urlsplit(value)._replace(scheme="https", netloc=_HOST).geturl()
    for pattern, template in _PLACEHOLDERS:
        value = pattern.sub(
            lambda found, form=template: _placeholder(found, form, known), value
        )
    return value


def _placeholder(found, form, known):
    number = known.setdefault(found[0], len(known) + 1)
    return found.expand(form).format(number) if found.groups() else form.format(number)

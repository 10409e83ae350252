"""The network, and what has to arrive at mx51."""

import time

from testbed.concurrency import PATIENCE, until

from .exchanges import host, is_call, is_post, path
from .sentences import Unmet, sentence

CREATE = "POST /v1/transactions"
#: Seconds within which one call follows another if it belongs to it.
MOMENT = 5


@sentence("Network: cut between Odoo and mx51")
def _cut(stage):
    stage.exchanges.cut()


@sentence("Network: mend")
def _mend(stage):
    stage.exchanges.mend()


@sentence("Wait: {seconds} s")
def _wait(stage, seconds):
    time.sleep(float(seconds))


def _calls(stage, call):
    return [one for one in stage.exchanges.since(stage.mark) if is_call(one, call)]


@sentence("mx51: gets {call}")
def _gets(stage, call):
    try:
        until(lambda: _calls(stage, call), call)
    except AssertionError:
        raise Unmet(f"mx51 got no {call}.") from None


@sentence("mx51: gets no {call}")
def _gets_none(stage, call):
    if found := _calls(stage, call):
        raise Unmet(f"mx51 got {call} {len(found)} times.")


@sentence("mx51: gets {count} × {call}")
def _gets_so_many(stage, count, call):
    deadline = time.monotonic() + PATIENCE / 3
    while len(_calls(stage, call)) < int(count) and time.monotonic() < deadline:
        time.sleep(0.1)
    if len(found := _calls(stage, call)) != int(count):
        raise Unmet(f"mx51 got {call} {len(found)} times.")


@sentence("mx51: gets {first} before {second}")
def _gets_before(stage, first, second):
    """At the same address, and only a moment before: not when a screen was opened."""
    _gets(stage, second)
    after = _calls(stage, second)[0]
    if not any(
        one["n"] < after["n"]
        and after["at"] - one["at"] < MOMENT
        and host(one) == host(after)
        for one in _calls(stage, first)
    ):
        raise Unmet(f"There was no {first} before {second}.")


@sentence("mx51: gets the cancel request")
def _gets_cancel(stage):
    """Of the form's button, wherever that leads, or of the register's own."""

    def posted():
        found = [one for one in stage.exchanges.since(stage.mark) if is_post(one)]
        return [one for one in found if not is_call(one, CREATE)]

    try:
        until(posted, "a cancel request")
    except AssertionError:
        raise Unmet("mx51 got no cancel request.") from None


@sentence("mx51: answers {call} with {status}")
def _answers(stage, call, status):
    _gets(stage, call)
    found = _calls(stage, call)[-1]
    if str(found.get("status")) != status:
        raise Unmet(f"The answer was {found.get('status')}.")


@sentence("mx51: gets {fields} in {call}")
def _gets_fields(stage, fields, call):
    """Such as ``purchase_amount 450 and tip_amount 100``."""
    _gets(stage, call)
    body = _calls(stage, call)[-1]["request_body"]
    blocks = [value for value in body.values() if isinstance(value, dict)]
    given = {name: value for part in (*blocks, body) for name, value in part.items()}
    for field in fields.split(" and "):
        name, value = field.split()
        if str(given.get(name)).lower() != value.lower():
            raise Unmet(f"{name} was {given.get(name)}.")


@sentence("mx51: gets {value} with the form, and nothing for its other inputs")
def _gets_inputs(stage, value):
    def sent():
        return [
            one["request_body"]
            for one in stage.exchanges.since(stage.mark)
            if is_post(one) and not is_call(one, CREATE) and one["request_body"]
        ]

    try:
        (body,) = until(sent, "a form")
    except AssertionError:
        raise Unmet("No form arrived.") from None
    values = list(body.values())
    if len(values) < 2 or sorted(values) != sorted([value, *[""] * (len(values) - 1)]):
        raise Unmet(f"It was {body}.")


@sentence("mx51: is called by each terminal at its own address")
def _own_addresses(stage):
    hosts = set(map(host, _calls(stage, "GET /v1/pairing-info")))
    wanted = {
        stage.pairing(key)["api_base_url"].split("/")[2] for key in stage.terminals
    }
    if not wanted <= hosts:
        raise Unmet(f"Called were {sorted(hosts)}, not {sorted(wanted)}.")


@sentence("All: requests to the SCI API are signed")
def _all_signed(stage):
    sci = [one for one in stage.exchanges.all() if not _is_pairing_api(one)]
    # The set-up check asks without credentials whether mx51 can be reached.
    unsigned = [one for one in sci if "Signature" not in one["request_headers"]]
    for one in sci:
        given = one["request_headers"].get("Signature-Input", "")
        has_digest = '"content-digest"' in given
        if has_digest != (one["method"] == "POST"):
            unsigned.append(one)
    if unsigned or not sci:
        first = unsigned[0] if unsigned else None
        raise Unmet(f"{len(unsigned)} of {len(sci)} are not as 1.3 asks: {first}")


@sentence("All: the API key goes to the Pairing API only")
def _key_only_there(stage):
    wrong = [
        path(one)
        for one in stage.exchanges.all()
        if ("Authorization" in one["request_headers"]) != _is_pairing_api(one)
    ]
    if wrong:
        raise Unmet(f"It went to {wrong}.")


@sentence("All: signatures are accepted")
def _accepted(stage):
    refused = [
        path(one)
        for one in stage.exchanges.all()
        if "no_valid_signatures_found" in str(one.get("response_body"))
    ]
    if refused:
        raise Unmet(f"Refused were {refused}.")


def _is_pairing_api(exchange):
    return path(exchange) == "/v1/progress-pairing"


@sentence("All: no secret has reached a browser or a log")
def _no_secret(stage):
    log = stage.server.log()
    for name, secret in stage.secrets().items():
        if count := stage.answers.containing(secret):
            raise Unmet(f"{name} was in {count} answers to browsers.")
        if secret in log:
            raise Unmet(f"{name} is in Odoo's log.")

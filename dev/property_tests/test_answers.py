"""Whatever mx51 answers, the parsers raise ``BadAnswer`` or what it means, and what
they let through can be stored and shown.

========================================  =============================================
guard                                     test
========================================  =============================================
``messages._whole``, ``whole_number``     ``test_a_transaction``
``messages.clean``                        ``test_a_transaction``, ``test_a_pairing``
``errors.error_from_answer``              ``test_an_error``
``transport._payload``                    ``test_an_http_answer``
``urls.checked_base_url``                 ``test_a_base_url``
``client.SciApi._is_own``                 ``test_a_submit_url``
``forms``                                 ``test_an_action_form``
``messages.create_request``               ``test_a_create_request``
========================================  =============================================
"""

import json
from types import SimpleNamespace
from urllib.parse import urlsplit

import arbitrary
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.pos_mx51_sci.sci import forms, messages
from odoo.addons.pos_mx51_sci.sci.client import SciApi
from odoo.addons.pos_mx51_sci.sci.errors import (
    BadAnswer,
    Incomplete,
    SciError,
)
from odoo.addons.pos_mx51_sci.sci.transport import _payload
from odoo.addons.pos_mx51_sci.sci.urls import (
    UnsafeUrl,
    checked_base_url,
    is_loopback,
)

statuses = st.integers(100, 599)


@given(arbitrary.transactions | arbitrary.json)
def test_a_transaction(payload):
    try:
        answer = messages.Transaction.from_answer(payload)
    except Incomplete as exc:
        assert storable_text(exc.transaction_id or "x")
        return
    assert storable_text(answer.id)
    assert type(answer.version) is int and 0 < answer.version < 2**53
    assert answer.status in messages.STATUSES
    final = answer.status == messages.FINALISED
    assert (answer.financial_status in messages.FINANCIAL_STATUSES) == final
    present = answer.present()
    assert arbitrary.storable(present)
    assert len(present.get("message") or "") <= messages.LONGEST_MESSAGE
    for amount in (present.get("result_amounts") or {}).values():
        assert type(amount) is int and abs(amount) < 2**53
    json.dumps(present, allow_nan=False).encode()


@given(arbitrary.pairings | arbitrary.json, st.booleans())
def test_a_pairing(payload, sandbox):
    try:
        pairing = messages.Pairing.from_answer(payload, allow_loopback_http=sandbox)
    except BadAnswer:
        return
    assert arbitrary.storable(vars(pairing))
    for name in ("pairing_id", "key_id", "confirmation_code", "signing_secret_part_b"):
        assert storable_text(getattr(pairing, name))
    assert_safe(pairing.api_base_url, sandbox)


@given(st.integers(300, 599), arbitrary.errors | arbitrary.json)
def test_an_error(status, payload):
    with pytest.raises(SciError) as raised:
        answered(status, json.dumps(payload).encode())
    error = raised.value
    assert storable_text(error.code)
    assert storable_text(error.text)
    assert len(error.text) <= messages.LONGEST_MESSAGE


@given(
    statuses,
    st.binary(max_size=40)
    | arbitrary.transactions.map(json.dumps).map(str.encode)
    | st.sampled_from([b"[" * 100000, b"9" * 5000, b'{"data":1e999}', b"\xff", b"NaN"]),
    st.booleans(),
)
@example(302, b"{}", True)
def test_an_http_answer(status, content, wants_json):
    try:
        payload = answered(status, content, wants_json)
    except SciError:
        return
    assert status < 300
    try:
        messages.Transaction.from_answer(payload)
    except Incomplete:
        pass


@given(arbitrary.json | st.text().map("https://{}".format), st.booleans())
@example("http://127.0.0.1.evil.example", True)
@example("https://[::1", False)
@example("https://a.example:99999", False)
def test_a_base_url(url, sandbox):
    try:
        checked = checked_base_url(url, allow_loopback_http=sandbox)
    except UnsafeUrl:
        return
    assert_safe(checked, sandbox)


@given(
    arbitrary.texts
    | st.sampled_from(["//", "/", "@", "\\@", ":", ":443", ":8443", ".", "?", "#"]).map(
        "https://bank.example{}evil.example/x".format
    )
    | st.sampled_from(
        [
            "https://bank.example/v1/x",
            "HTTPS://BANK.EXAMPLE:443/x",
            "http://bank.example/",
            "https://bank.example:0443/",
            "https://me@bank.example/",
            "https://bank.example@evil.example/",
        ]
    )
)
def test_a_submit_url(url):
    """Only what leads to the pairing's own host is signed and sent."""
    api = SciApi("https://bank.example", "kid", "secret")
    if not api._is_own(url):
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.hostname) == ("https", "bank.example")
    assert parts.port in (None, 443) and not parts.username


@given(
    arbitrary.instructions | arbitrary.json,
    arbitrary.texts,
    st.dictionaries(arbitrary.texts, arbitrary.json, max_size=3) | arbitrary.json,
)
def test_an_action_form(instructions, key, values):
    """From the parser of answers to the request of a button and to the browser."""
    data = {"id": "t", "version": 1, "status": "AWAITING_POS"}
    payload = {"data": {**data, "pos_instructions": instructions}}
    kept = messages.Transaction.from_answer(payload).present()
    form = kept.get("pos_instructions")
    for candidate in (form, instructions):
        url = forms.submit_url(candidate, key)
        assert url is None or isinstance(url, str) and url
        inputs = forms.input_values(candidate, values)
        for name, value in inputs.items():
            assert isinstance(name, str) and isinstance(value, str)
            assert len(value) <= forms.LONGEST_INPUT
        json.dumps(inputs).encode()
    shown = forms.without_urls(form)
    json.dumps(shown, allow_nan=False).encode()
    for element in forms._properties(shown).values():
        assert not isinstance(element, dict) or not element.get("submit_url")


@given(
    st.sampled_from(list(messages.KINDS)),
    st.dictionaries(
        st.sampled_from(messages.AMOUNTS) | arbitrary.texts | st.none(),
        arbitrary.json,
        max_size=3,
    ),
)
def test_a_create_request(kind, amounts):
    """Only whole minor units of the amounts that this kind knows are ever sent."""
    try:
        body = messages.create_request(kind, amounts)
    except ValueError:
        return
    block, needed, optional = messages.KINDS[kind]
    assert body[block] == amounts
    assert set(needed) <= set(amounts) <= {*needed, *optional}
    for amount in amounts.values():
        assert type(amount) is int and 0 <= amount < 10**10


@pytest.mark.parametrize("kind", messages.KINDS)
def test_every_kind_can_be_asked_for(kind):
    block, needed, _optional = messages.KINDS[kind]
    amounts = dict.fromkeys(needed, 1)
    assert messages.create_request(kind, amounts)[block] == amounts


def answered(status, content, wants_json=True):
    response = SimpleNamespace(status_code=status, headers={"Date": "\udfff"})
    return _payload(response, content, wants_json)


def storable_text(text):
    return isinstance(text, str) and text and arbitrary.storable(text)


def assert_safe(url, sandbox):
    parts = urlsplit(url)
    assert parts.scheme == "https" or sandbox and is_loopback(url)
    assert parts.hostname and not parts.username
    assert not parts.query and not parts.fragment
    assert url.isprintable() and " " not in url

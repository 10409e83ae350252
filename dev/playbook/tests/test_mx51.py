"""What the sentences about arriving requests expect."""

import json
from functools import partial
from types import SimpleNamespace

import pytest
from playbook import mx51
from playbook.exchanges import ExchangeLog
from playbook.sentences import Unmet, play

ID = "0a1b2c3d-0000-4000-8000-00000000abcd"
INFO, CREATE = "GET /v1/pairing-info", "POST /v1/transactions"
CHECKED = f"mx51: gets {INFO} before {CREATE}"
CANCELLED = "mx51: gets the cancel request"
FORM = "mx51: gets first with the form, and nothing for its other inputs"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """What has not arrived is not waited for."""
    monkeypatch.setattr(mx51, "until", partial(mx51.until, patience=0))


@pytest.fixture
def expect(tmp_path):
    """Play a sentence after these exchanges; ``(call, body, at, host)`` of each."""

    def expected(sentence, *exchanges):
        file = tmp_path / "exchanges.jsonl"
        lines = [
            {
                **{"n": n, "at": at, "method": call.split()[0], "request_body": body},
                "url": f"https://{host}{call.split()[1]}",
            }
            for n, (call, body, at, host) in enumerate(exchanges, 1)
        ]
        file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        return play(SimpleNamespace(exchanges=ExchangeLog(file), mark=0), sentence)

    return expected


def call(text, body=None, at=0, host="one.example"):
    return text, body, at, host


def test_the_pairing_is_checked_a_moment_before(expect):
    expect(CHECKED, call(INFO, at=1), call(CREATE, at=2))


@pytest.mark.parametrize(
    "before",
    [
        (),
        (call(INFO, at=92),),
        (call(INFO, at=99, host="other.example"),),
    ],
    ids=["not at all", "when a screen was opened", "the other terminal's"],
)
def test_the_check_of_something_else_is_not_the_one_before(expect, before):
    with pytest.raises(Unmet):
        expect(CHECKED, *before, call(CREATE, at=100), call(INFO, at=101))


def test_an_enquiry_is_no_settlement(expect):
    sent = call("POST /v1/settlements", {"type": "SETTLEMENT"})
    expect("mx51: gets type SETTLEMENT in POST /v1/settlements", sent)
    with pytest.raises(Unmet, match="type was SETTLEMENT"):
        expect("mx51: gets type ENQUIRY in POST /v1/settlements", sent)


def test_fields_are_found_in_their_block_and_beside_it(expect):
    body = {"purchase_details": {"purchase_amount": 495}, "print": True}
    sent = call(CREATE, body)
    expect(f"mx51: gets purchase_amount 495 and print true in {CREATE}", sent)
    with pytest.raises(Unmet, match="tip_amount was None"):
        expect(f"mx51: gets tip_amount 100 in {CREATE}", sent)


@pytest.mark.parametrize("path", ["cancel", "actions/anything"])
def test_a_cancel_request_is_the_registers_or_the_forms(expect, path):
    sent = call(f"{CREATE}/{ID}/{path}")
    expect(CANCELLED, call(CREATE), sent)


def test_neither_a_create_nor_a_poll_is_a_cancel_request(expect):
    with pytest.raises(Unmet):
        expect(CANCELLED, call(CREATE), call(f"GET /v1/transactions/{ID}"))


def test_a_form_has_every_input(expect):
    submit = f"{CREATE}/{ID}/actions/x"
    expect(FORM, call(CREATE, {"a": 1}), call(submit, {"x": "", "y": "first"}))


@pytest.mark.parametrize(
    "body", [None, {"y": "first"}, {"x": "first", "y": "first"}, {"x": "", "y": "one"}]
)
def test_a_form_without_its_inputs_is_not_the_form(expect, body):
    with pytest.raises(Unmet):
        expect(FORM, call(f"{CREATE}/{ID}/actions/x", body))

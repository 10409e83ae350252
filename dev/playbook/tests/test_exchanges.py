"""What is recorded may be published, and our parsers can read it."""

import json
from pathlib import Path

import pytest
from playbook import report
from playbook.cases import Case
from playbook.certify import (
    FAIL,
    NEEDS_MX51,
    NOT_PLAYED,
    PASS,
    SKIPPED,
    Result,
    _say_results,
)
from playbook.exchanges import as_fixture
from requests import Request
from testbed.addons import exchange_log

from sci.messages import Transaction

RECORDED = sorted(Path(__file__).parents[1].glob("recorded/*.json"))
ID = "0a1b2c3d-0000-4000-8000-00000000abcd"
EXCHANGE = {
    "n": 1,
    "method": "GET",
    "url": f"https://sci-api.bank.example/v1/transactions/{ID}?min_version=2",
    "request_headers": {"Signature": "sig1=:(masked):"},
    "request_body": None,
    "status": 200,
    "response_headers": {},
    "response_body": {
        "data": {
            "id": ID,
            "version": 2,
            "merchant_receipt": "TID 12345678\nCARD ....4242 REF 0A1B2C3D\n",
            "pos_instructions": {
                "action_form": {
                    "details": {"Pairing ID": f"pid_{ID}", "TID": "12345678"},
                    "properties": {
                        "a": {"submit_url": f"https://sci-api.bank.example/v1/x/{ID}"}
                    },
                }
            },
        }
    },
}


def test_a_fixture_names_no_shop_terminal_or_card():
    text = json.dumps(as_fixture([EXCHANGE]))
    for word in (ID, "bank.example", "12345678", "4242", "0A1B2C3D", "Signature"):
        assert word not in text


def test_ids_of_a_fixture_still_belong_together():
    (one, other) = as_fixture([EXCHANGE, EXCHANGE])
    assert one["path"] == other["path"]
    assert one["response_body"]["data"]["id"] in one["path"]


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_recorded_transactions_can_be_read(file):
    for exchange in json.loads(file.read_text())["exchanges"]:
        body = exchange.get("response_body")
        data = isinstance(body, dict) and body.get("data") or {}
        if "/v1/transactions/" in exchange["path"] and "status" in data:
            assert Transaction.from_answer(exchange["response_body"]).id == data["id"]


def test_secrets_are_masked_before_they_are_written():
    request = Request(
        "POST",
        "https://sci-api.bank.example/v1/unpair",
        headers={
            "Authorization": "ApiKey key-that-is-secret",
            "Signature": "sig1=:c2VjcmV0:",
            "Cookie": "secret",
        },
        json={"pairing_code": "1", "deep": [{"signing_secret_part_b": "secret"}]},
    ).prepare()
    request.logged_body = request.body

    noted = exchange_log._of_request(request)

    assert "secret" not in str(noted).replace("signing_secret", "")
    assert noted["request_headers"]["Authorization"] == "ApiKey (masked)"
    assert noted["request_headers"]["Signature"] == "sig1=:(masked):"
    assert noted["request_body"]["deep"] == [{"signing_secret_part_b": "(masked)"}]


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ((PASS, NEEDS_MX51, SKIPPED), 0),
        ((PASS, FAIL), 1),
        ((PASS, NOT_PLAYED), 1),
        ((), 0),
    ],
)
def test_a_case_that_falls_short_fails_the_command(verdicts, status):
    assert _say_results([Result(None, verdict) for verdict in verdicts], []) == status


def test_the_run_sheet_has_everything(tmp_path):
    case = Case(
        *("X-01", "Group", "Title <b>", "Requirement", "Where", "mandatory"),
        steps=["Cashier: press Done", "See: Approved"],
        sandbox_words=["See: Approved"],
    )
    result = Result(case, FAIL, "See: Approved: Instead: “Declined”")
    result.steps = [(case.steps[0], ""), (case.steps[1], "Instead: “Declined”")]
    result.pictures, result.exchanges = [b"jpeg"], [EXCHANGE]

    class Options:
        to, quick, against = tmp_path, True, None

    page, table = report.write(Options, [result], 60)

    text = page.read_text()
    assert "Title &lt;b&gt;" in text and "falls short" in text
    assert "src='data:image/jpeg;base64,anBlZw=='" in text
    assert f"GET /v1/transactions/{ID}?min_version=2 → 200" in text
    assert "http" not in text.replace("https://sci-api.bank.example", "")[:2000]
    assert "Cashier: press Done" in table.read_text()
    for sheet in (text, table.read_text()):
        assert "See: Approved (as the sandbox says it)" in sheet

"""Which signatures are accepted. The other side signs with the library."""

import time
from email.utils import parsedate_to_datetime

import pytest
from harness import SIGNED, Pos, code_of
from http_message_signatures import HTTPMessageSigner

REFUSED = (401, "no_valid_signatures_found")
INFO = ("GET", "/v1/pairing-info")
BUY = ("POST", "/v1/transactions", {"purchase_details": {"purchase_amount": 100}})


def verdict(sandbox):
    return sandbox.get("exchanges")[-1]["signature"]


def test_documented_calls_verify(sandbox, pos):
    assert pos.call(*INFO).status_code == 200
    assert pos.call(*BUY).status_code == 200
    assert verdict(sandbox) == "valid"


def test_unsigned(sandbox, pos):
    answer = pos.session.get(f"{pos.base_url}/v1/pairing-info")
    assert code_of(answer) == REFUSED
    assert answer.json()["error"]["message"] == "No valid signatures found"


def test_a_wrong_part_a(sandbox, pos):
    assert code_of(Pos(pos.data, part_a="another").call(*INFO)) == REFUSED


def test_an_unknown_key(sandbox, pos):
    pos.data["key_id"] = "kid_unknown"
    assert code_of(pos.call(*INFO)) == REFUSED
    assert "unknown keyid" in verdict(sandbox)


@pytest.mark.parametrize("skew", [-7, -6, 7])
def test_a_clock_that_is_six_seconds_off(sandbox, pos, skew):
    answer = pos.call(*INFO, skew=skew)
    assert code_of(answer) == REFUSED
    assert "clock skew" in verdict(sandbox)
    assert answer.headers["Date"]


@pytest.mark.parametrize("skew", [-4, 4])
def test_a_clock_that_is_nearly_right(pos, skew):
    assert pos.call(*INFO, skew=skew).status_code == 200


def test_a_clock_of_its_own(sandbox, pos):
    sandbox.set(clock_offset=-60)
    refused = pos.call(*INFO)
    assert code_of(refused) == (401, "no_valid_signatures_found")
    late = time.time() - parsedate_to_datetime(refused.headers["Date"]).timestamp()
    assert 58 <= late <= 62
    assert pos.call(*INFO, skew=-60).status_code == 200


def test_a_digest_of_another_body(sandbox, pos):
    assert code_of(pos.call(*BUY, digest=False)) == REFUSED
    assert "content-digest" in verdict(sandbox)


def test_a_body_that_was_changed_on_the_way(pos):
    prepared = pos.signed(*BUY)
    prepared.body = prepared.body.replace(b"100", b"900")
    assert code_of(pos.session.send(prepared)) == REFUSED


def test_a_target_that_was_changed_on_the_way(pos):
    prepared = pos.signed("GET", "/v1/transactions/x?min_version=1")
    prepared.url = f"{pos.base_url}/v1/pairing-info?min_version=2"
    assert code_of(pos.session.send(prepared)) == REFUSED


@pytest.mark.parametrize(
    "components",
    [
        SIGNED,
        ("@authority", "@method", "@request-target", "content-digest"),
        ("@method", "@authority", "@path", "content-digest"),
        ("@method", "@authority", "@request-target", "content-digest", "accept"),
    ],
)
def test_other_components_or_another_order(sandbox, pos, components):
    prepared = pos.signed(*BUY, components=components)
    assert code_of(pos.session.send(prepared)) == REFUSED


def test_another_order_of_the_parameters(sandbox, pos):
    pos.signer = HTTPMessageSigner
    assert code_of(pos.call(*INFO)) == REFUSED
    assert "spelled" in verdict(sandbox)


def test_the_port_belongs_to_the_authority(sandbox, pos):
    sandbox.set(authority="without_port")
    assert code_of(pos.call(*INFO)) == REFUSED
    sandbox.set(authority="any")
    assert pos.call(*INFO).status_code == 200


def test_a_digest_on_get_depends_on_the_switch(sandbox, pos):
    sandbox.set(get_digest="required")
    assert code_of(pos.call(*INFO)) == REFUSED
    sandbox.set(get_digest="accepted")
    assert pos.call(*INFO).status_code == 200


def test_the_kind_of_empty_body_depends_on_the_switch(sandbox, pos):
    sandbox.set(empty_body="object")
    assert code_of(pos.call("POST", "/v1/unpair")) == REFUSED
    assert pos.call("POST", "/v1/unpair", {}).status_code == 204


@pytest.mark.parametrize("path", ["/api/v1/pairing-info", "/pairing-info"])
def test_a_wrong_path(sandbox, pos, path):
    answer = pos.call("GET", path)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Route not found"
    assert answer.headers["Date"]

"""The Pairing API, from the start of a pairing to its end, as documented."""

import pytest
import requests
from harness import API_KEY, code_of


def test_a_pairing_answers_with_every_field_of_the_guide(sandbox):
    code = sandbox.touch("start_pairing")["pairing_code"]
    answer = sandbox.progress(code)
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["pairing_id"].startswith("pid_")
    assert data["key_id"].startswith("kid_")
    assert len(data["signing_secret_part_b"]) == 32
    assert data["spi_cloud_api_base_url"] == sandbox.url
    assert (data["tid"], data["terminal_nickname"]) == ("10000001", "Front Bar")
    assert data["pairing_nickname"] == "Bar register"
    shown = sandbox.shows("confirm_pairing")
    assert shown["confirmation_code"] == data["confirmation_code"]


@pytest.mark.parametrize("field", ["sci_api_base_url", "both"])
def test_the_other_spelling_of_the_base_url(sandbox, field):
    sandbox.set(base_url_field=field)
    code = sandbox.touch("start_pairing")["pairing_code"]
    data = sandbox.progress(code).json()["data"]
    assert data["sci_api_base_url"] == sandbox.url
    assert ("spi_cloud_api_base_url" in data) == (field == "both")


def test_a_terminal_with_a_base_url_of_its_own(sandbox):
    other = sandbox.url.replace("127.0.0.1", "localhost")
    sandbox.touch("config", "bistro", base_url=other)
    first, second = sandbox.pair(), sandbox.pair("bistro")
    assert (first.base_url, second.base_url) == (sandbox.url, other)
    assert second.call("GET", "/v1/pairing-info").status_code == 200
    second.base_url = first.base_url
    answer = second.call("GET", "/v1/pairing-info")
    assert code_of(answer) == (401, "no_valid_signatures_found")


def test_without_authorization(sandbox):
    answer = requests.post(f"{sandbox.url}/v1/progress-pairing", json={})
    assert code_of(answer) == (401, "api_key_missing")


def test_with_a_wrong_key(sandbox):
    assert code_of(sandbox.progress("123456", key="other")) == (401, "api_key_invalid")


@pytest.mark.parametrize("body", [{}, {"pairing_code": 123456}, {"pairing_code": "x"}])
def test_an_invalid_request(sandbox, body):
    headers = {"Authorization": f"ApiKey {API_KEY}"}
    url = f"{sandbox.url}/v1/progress-pairing"
    answer = requests.post(url, json=body, headers=headers)
    assert code_of(answer) == (400, "invalid_request")


def test_an_unknown_code_has_the_literal_text(sandbox):
    answer = sandbox.progress("999999")
    assert code_of(answer) == (404, "pairing_not_found")
    message = answer.json()["error"]["message"]
    assert message == "Pairing not found: Pairing not found"


@pytest.mark.parametrize(
    ("tenant", "code"),
    [
        ("forbidden", "pairing_route_forbidden"),
        ("live", "test_api_key_forbidden_for_live_pairing"),
    ],
)
def test_a_terminal_of_another_tenant(sandbox, tenant, code):
    sandbox.touch("config", tenant=tenant)
    shown = sandbox.touch("start_pairing")["pairing_code"]
    assert code_of(sandbox.progress(shown)) == (403, code)


def test_a_code_works_once(sandbox):
    code = sandbox.touch("start_pairing")["pairing_code"]
    assert sandbox.progress(code).status_code == 200
    assert code_of(sandbox.progress(code)) == (422, "pairing_not_initial")


def test_a_code_that_was_given_up_or_has_expired(sandbox):
    revoked = sandbox.touch("start_pairing")["pairing_code"]
    sandbox.touch("reject")
    assert code_of(sandbox.progress(revoked)) == (422, "pairing_not_initial")
    sandbox.set(pairing_code_ttl=0)
    sandbox.touch("start_pairing")
    sandbox.shows("idle")
    assert not sandbox.get("terminals/front-bar")["pairing_code"]


def test_pairing_info_before_and_after_the_confirmation(sandbox):
    pos = sandbox.pair(confirm=False)
    answer = pos.call("GET", "/v1/pairing-info")
    assert code_of(answer) == (401, "no_active_pairings_found")
    assert answer.json()["error"]["message"] == "No active pairings found"
    assert sandbox.touch("confirm")["paired"]
    answer = pos.call("GET", "/v1/pairing-info")
    assert answer.status_code == 200
    assert answer.json()["data"]["pairing_id"] == pos.data["pairing_id"]


def test_a_rejected_confirmation(sandbox):
    pos = sandbox.pair(confirm=False)
    assert sandbox.touch("reject")["screen"] == "idle"
    answer = pos.call("GET", "/v1/pairing-info")
    assert code_of(answer) == (401, "no_active_pairings_found")


def test_pairing_info_may_lag_behind_the_confirmation(sandbox):
    sandbox.set(pairing_lag=60)
    pos = sandbox.pair()
    answer = pos.call("GET", "/v1/pairing-info")
    assert code_of(answer) == (401, "no_active_pairings_found")
    sandbox.set(pairing_lag=0)
    assert pos.call("GET", "/v1/pairing-info").status_code == 200


@pytest.mark.parametrize("body", [None, {}])
def test_unpair_by_the_pos(sandbox, pos, body):
    answer = pos.call("POST", "/v1/unpair", body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not sandbox.get("terminals/front-bar")["paired"]
    for method, path in (("POST", "/v1/unpair"), ("GET", "/v1/pairing-info")):
        answer = pos.call(method, path)
        assert code_of(answer) == (401, "no_active_pairings_found")


def test_cancelling_a_pairing_clears_the_terminal(sandbox):
    pos = sandbox.pair(confirm=False)
    assert pos.call("POST", "/v1/unpair").status_code == 204
    assert sandbox.get("terminals/front-bar")["screen"] == "idle"


def test_unpair_at_the_terminal(sandbox, pos):
    assert not sandbox.touch("unpair")["paired"]
    answer = pos.call("GET", "/v1/pairing-info")
    assert code_of(answer) == (401, "no_active_pairings_found")


def test_pairing_again_replaces_or_adds(sandbox, pos):
    sandbox.set(pairing_replaces=False)
    second = sandbox.pair()
    assert pos.call("GET", "/v1/pairing-info").status_code == 200
    sandbox.set(pairing_replaces=True)
    third = sandbox.pair()
    for old in (pos, second):
        answer = old.call("GET", "/v1/pairing-info")
        assert code_of(answer) == (401, "no_active_pairings_found")
    assert third.call("GET", "/v1/pairing-info").status_code == 200

"""What survives a restart, which must include every charge."""

import socket
import subprocess
import sys

import pytest
from harness import Sandbox

from sandbox.client import ROOT


@pytest.fixture
def own(tmp_path):
    """A sandbox for this test alone, which may kill it."""
    sandbox = Sandbox(tmp_path / "state.sqlite")
    yield sandbox
    sandbox.stop()


def test_pairings_charges_and_transactions_survive_a_kill(own):
    pos = own.pair()
    paid = pos.purchase(500)
    own.shows("present_card")
    own.touch("card", outcome="approve")
    pos.follow(paid)
    own.set(processing_delay=5)
    unfinished = pos.purchase(700)
    own.shows("present_card")
    own.touch("card", outcome="approve")
    charges = own.get("charges")
    own.stop()

    own.start()
    assert own.get("charges") == charges
    found = own.get(f"transactions/{paid['id']}")
    assert found["financial_status"] == "APPROVED"
    assert own.get("terminals/front-bar")["pairing_id"] == pos.data["pairing_id"]
    # The bank's answer, which was under way, arrives.
    own.get("wait", transaction=unfinished["id"], status="FINALISED", timeout=20)
    assert [c["amounts"]["purchase_amount"] for c in own.get("charges")] == [500, 700]


def test_as_many_terminals_as_wanted(tmp_path):
    sandbox = Sandbox(tmp_path / "state.sqlite", "--terminals", "4")
    ids = [terminal["id"] for terminal in sandbox.get("state")["terminals"]]
    paired = sandbox.pair("t4")
    sandbox.stop()
    assert ids == ["front-bar", "bistro", "t3", "t4"]
    assert paired.data["signing_secret_part_b"]


def test_a_second_port_is_the_base_url_of_the_second_terminal(tmp_path):
    sandbox = Sandbox(tmp_path / "state.sqlite", "--second-port", "0")
    first, second = sandbox.pair(), sandbox.pair("bistro")
    assert first.base_url == sandbox.url != second.base_url
    assert second.call("GET", "/v1/pairing-info").status_code == 200
    sandbox.stop()


def test_foreign_addresses_are_refused():
    done = start("--host", "0.0.0.0")
    assert done.returncode
    assert "this machine only" in done.stderr


def test_a_port_in_use_is_reported_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = start("--port", str(taken.getsockname()[1]))
    assert done.returncode
    assert done.stderr.count("\n") == 1
    assert "cannot be used" in done.stderr


def start(*options):
    """Run a sandbox that is expected to fail."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )

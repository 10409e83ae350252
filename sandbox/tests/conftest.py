"""A sandbox for each test, and a POS that is paired with it."""

import pytest
from harness import Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox") / "state.sqlite")
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running):
    """A sandbox that was reset, with quick terminals."""
    running.post("reset")
    running.set(
        accept_delay=0.02,
        processing_delay=0.02,
        cancel_delay=0.02,
        walk_away_delay=0.02,
        slow_delay=1.5,
    )
    return running


@pytest.fixture
def pos(sandbox):
    return sandbox.pair()

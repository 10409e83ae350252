"""What waits for the sandbox's state, without a server."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sandbox.server import ApiRequest
from sandbox.store import Store
from sandbox.world import World


def test_many_wait_and_none_is_woken_in_vain(tmp_path):
    world = World(Store(tmp_path / "state.sqlite"))
    terminal = world.terminals["front-bar"]
    looks, begun = [], Barrier(9)

    def off():
        looks.append(1)
        return not terminal.reachable

    def wait():
        begun.wait()
        return world.hold_until(off, 30)

    with ThreadPoolExecutor(8) as pool:
        held = [pool.submit(wait) for _ in range(8)]
        begun.wait()
        while len(looks) < len(held):
            time.sleep(0.01)
        for _ in range(100):
            world.exchanges.add(ApiRequest("GET", "/v1/pairing-info", (), b""))
        assert len(looks) == len(held)
        with world.change():
            terminal.power = False
        assert all(waited.result(10) for waited in held)


def test_what_does_not_happen_is_waited_for_no_longer(tmp_path):
    world = World(Store(tmp_path / "state.sqlite"))
    assert not world.hold_until(lambda: False, 0.01)

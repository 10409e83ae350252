"""Two payments of one order at the same instant, on two terminals: one leaves.

Without ``dues.serialise`` in ``ledger/start.py`` both do.
"""

import threading

import pytest
from world import World

from odoo.addons.pos_mx51_sci.ledger import dues, refusals, start
from odoo.addons.pos_mx51_sci.ledger.request import StartRequest
from odoo.addons.pos_mx51_sci.server.short_transactions import ShortTransactions

CENTS = 1250


@pytest.fixture(scope="module")
def world(registry):
    return World(registry)


@pytest.fixture
def at_once(monkeypatch):
    """Whoever has read what is due waits for the other to have done so too, as far as
    that can be."""
    both = threading.Barrier(2)
    left_to_charge = dues.left_to_charge

    def slowly(*args):
        left = left_to_charge(*args)
        try:
            both.wait(timeout=1)
        except threading.BrokenBarrierError:
            pass
        return left

    monkeypatch.setenv("MX51_SCI_SIGNING_SECRET_PART_A", "part-a")
    monkeypatch.setattr(refusals.dues, "left_to_charge", slowly)


def begin(world, order, payment, terminal, results):
    with world.environment() as env:
        values = {
            "payment_uuid": payment,
            "attempt": 1,
            "order_uuid": order,
            "config_id": world.registers[0],
            "payment_method_id": world.method,
            "terminal_id": terminal,
            "kind": "purchase",
            "amounts": {"purchase_amount": CENTS},
        }
        request, short = StartRequest.from_values(env, values), ShortTransactions(env)
    results.append(short.run(start.begin, request))


def test_two_terminals(world, at_once):
    terminals = world.new_terminals()
    order, *payments = world.new_order(world.registers[0], CENTS, CENTS)
    results = []
    threads = [
        threading.Thread(target=begin, args=(world, order, *pair, results))
        for pair in zip(payments, terminals, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = world.database.query(
        "SELECT status, error_code FROM pos_sci_transaction WHERE order_uuid = %s",
        order,
    )
    assert sorted(row["status"] for row in found) == ["draft", "not_sent"]
    assert {row["error_code"] for row in found} == {None, "nothing_due"}
    assert sorted(type(result).__name__ for result in results) == [
        "Existing",
        "ReadyToSend",
    ]

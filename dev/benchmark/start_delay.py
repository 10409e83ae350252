"""What our code adds to the time that the start of a payment takes."""

import statistics
import time

from .table import Line, ms, spread
from .topology import NOTHING

GOAL = 0.015
START = "/websocket/mx51_sci/start"
BODY = {"purchase_details": {"purchase_amount": 1250}}


def measure(topology):
    times = 3 if topology.quick else 30
    shop, api = topology.shop, topology.shop.sci_api()
    topology.reset()
    starts, floors, nothings = [], [], []
    for _time in range(times + 1):
        values = shop.payment()
        starts.append(_seconds(lambda v=values: _start(shop, v)))
        end_payment(topology)
        floors.append(_seconds(lambda: (api.pairing_info(), _create(api))))
        end_payment(topology)
        nothings.append(_seconds(lambda: _nothing(topology)))
    # The first of each opens connections.
    starts, floors, nothings = starts[1:], floors[1:], nothings[1:]
    floor, nothing = statistics.median(floors), statistics.median(nothings)
    added = statistics.median(starts) - floor - nothing
    return [
        Line("start of a payment, browser's request to answer", spread(starts)),
        Line("… mx51 alone: pairing-info and create", ms(floor)),
        Line("… a request of Odoo that does nothing", ms(nothing)),
        Line(
            "added by our code",
            ms(added),
            goal=f"≤ {ms(GOAL)}",
            met=added <= GOAL,
            why="16 queries, some through the ORM: access, what the order owes, "
            "computed anew with its taxes, whether anything else prevents the payment, "
            "and a commit to disk for each of draft, sending and the answer.",
        ),
    ]


def _seconds(call):
    began = time.monotonic()
    call()
    return time.monotonic() - began


def _start(shop, values):
    view = shop.cashier.json(START, {"values": values})
    assert view["status"] == "PENDING", view


def _create(api):
    assert api.create_transaction(BODY).status == "PENDING"


def _nothing(topology):
    topology.shop.cashier.json(NOTHING, {})


def end_payment(topology):
    """The customer presses the red key; the terminal is free again."""
    topology.sandbox.shows("present_card")
    topology.sandbox.touch("cancel")
    topology.sandbox.shows("result")
    topology.shop.database.resolve_all()

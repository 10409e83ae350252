"""B4: what our code adds to the start of a payment."""

import statistics
import sys
import time
from types import SimpleNamespace

from processes import PART_A

from .. import places
from .table import Line, ms, spread

sys.path.append(str(places.CHECKOUT))

from sci.client import SciApi  # noqa: E402

GOAL = 0.015
START = "/websocket/mx51_sci/start"
#: A request of Odoo's own that does next to nothing, through the same process.
NOTHING = "/web/session/check"
BODY = {"purchase_details": {"purchase_amount": 1250}}


def measure(place):
    times = 3 if place.quick else 30
    shop, api = place.shop, _api(place)
    place.settle()
    starts, floors, nothings = [], [], []
    for _time in range(times + 1):
        values = shop.payment()
        starts.append(_seconds(lambda v=values: _start(shop, v)))
        _end(place)
        floors.append(_seconds(lambda: (api.pairing_info(), _create(api))))
        _end(place)
        nothings.append(_seconds(lambda: _nothing(place)))
    # The first of each opens connections.
    starts, floors, nothings = starts[1:], floors[1:], nothings[1:]
    floor, nothing = statistics.median(floors), statistics.median(nothings)
    added = statistics.median(starts) - floor - nothing
    return [
        Line("B4", "start of a payment, browser's request to answer", spread(starts)),
        Line("B4", "… mx51 alone: pairing-info and create", ms(floor)),
        Line("B4", "… a request of Odoo that does nothing", ms(nothing)),
        Line(
            "B4",
            "added by our code",
            ms(added),
            goal=f"≤ {ms(GOAL)}",
            met=added <= GOAL,
            why="17 queries through the ORM: the cashier's access, what stands in the "
            "way, and a commit to disk for each of draft, sending and the answer.",
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


def _nothing(place):
    evented = SimpleNamespace(url=f"http://127.0.0.1:{place.gevent}")
    place.shop.cashier.json(NOTHING, {}, at=evented)


def _api(place):
    (pairing,) = place.shop.database.query(
        "SELECT api_base_url, key_id, signing_secret_part_b FROM pos_sci_terminal"
        " WHERE id = %s",
        place.shop.terminal,
    )
    secret = PART_A + pairing["signing_secret_part_b"]
    return SciApi(pairing["api_base_url"], pairing["key_id"], secret)


def _end(place):
    """The customer presses the red key; the terminal is free again."""
    place.sandbox.shows("present_card")
    place.sandbox.touch("cancel")
    place.sandbox.shows("result")
    place.shop.database.settle()

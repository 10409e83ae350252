"""How much slower a long history of payments makes everything."""

import statistics
import time

from .start_delay import end_payment
from .table import Line, ms

GOAL = 1.3
LEDGER = "pos.sci.transaction"
LIST = {
    name: {}
    for name in ("create_date", "amount", "status", "financial_status", "message")
} | {name: {"fields": {"display_name": {}}} for name in ("terminal_id", "config_id")}
#: A finished payment of the last two years.
HISTORY = {
    "payment_uuid": "gen_random_uuid()",
    "order_uuid": "gen_random_uuid()",
    "sci_id": "gen_random_uuid()",
    "create_date": "one.create_date - random() * interval '700 days'",
}
#: Deletes what made it long, which the addon never does.
SHORTEN = """
ALTER TABLE pos_sci_transaction DISABLE TRIGGER USER;
DELETE FROM pos_sci_transaction WHERE id IN (
    SELECT id FROM pos_sci_transaction
     WHERE create_date < now() - interval '1 day' ORDER BY id DESC LIMIT %s);
ALTER TABLE pos_sci_transaction ENABLE TRIGGER USER
"""


def measure(topology):
    small, large = (100, 1000) if topology.quick else (10_000, 1_000_000)
    topology.reset(delay=0)
    values, _view = topology.shop.sold()
    row = topology.shop.database.row(values["payment_uuid"])
    found = []
    for size in (small, large, small):  # a drift counts for both
        _fill(topology, row["id"], size)
        found.append(_costs(topology))
    lines = []
    for what, many in found[1].items():
        few = statistics.mean([found[0][what], found[2][what]])
        lines.append(
            Line(
                f"{what}, ledger of {large:,} rows against {small:,}",
                f"{many / few:.2f} times ({ms(many)})",
                floor=ms(few),
                goal=f"≤ {GOAL}",
                met=many <= GOAL * few,
            )
        )
    return lines


def _fill(topology, row_id, size):
    query = topology.shop.database.query
    (rows,) = query("SELECT count(*) FROM pos_sci_transaction")
    for begin in range(rows["count"], size, 100_000):
        count = min(100_000, size - begin)
        topology.shop.database.copy("pos_sci_transaction", row_id, count, **HISTORY)
    if rows["count"] > size:
        query(SHORTEN, rows["count"] - size)
    query("VACUUM FULL ANALYZE pos_sci_transaction")
    query("CHECKPOINT")  # not while something is measured


def _costs(topology):
    """Medians of what a register, the back office and the scheduled action do."""
    shop, times, view = topology.shop, 3 if topology.quick else 30, None
    (cron,) = shop.database.query(
        "SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_sweep'"
    )
    calls = {
        "start": lambda: shop.cashier.json(
            "/websocket/mx51_sci/start", {"values": shop.payment()}
        ),
        "poll": lambda: shop.cashier.call(LEDGER, "sci_poll", [view["id"]], 0),
        "resume": shop.resume,
        "sweep": lambda: shop.admin.call(
            "ir.cron", "method_direct_trigger", [cron["res_id"]]
        ),
        "list": lambda: shop.manager.call(
            LEDGER, "web_search_read", [], LIST, limit=80, count_limit=10001
        ),
    }
    seconds = {name: [] for name in calls}
    for _time in range(times):
        for name, call in calls.items():
            began = time.monotonic()
            answer = call()
            seconds[name].append(time.monotonic() - began)
            if name == "start":
                view = answer
        end_payment(topology)
    return {name: statistics.median(values) for name, values in seconds.items()}

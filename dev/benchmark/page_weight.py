"""What the addon adds to the start of a register, in bytes and queries."""

import gzip
import json

from lib import databases, odoo, places

from .table import Line

GOAL_BYTES, GOAL_QUERIES = 25_000, 3
#: For the Odoo shell: the bundle of the register, and the queries that load its data.
SCRIPT = """
import base64, json
env = env(user=env.ref("base.user_admin"))
bundles = {"": "point_of_sale.assets_prod"}
if "pos.sci.transaction" in env:
    bundles["later_"] = "pos_mx51_sci.assets_dialogs"
sizes = {}
for when, name in bundles.items():
    bundle = env["ir.qweb"]._get_asset_bundle(name)
    for kind in ("js", "css"):
        attachment = getattr(bundle, kind)()
        sizes[when + kind] = base64.b64encode(attachment.raw).decode()
config = env["pos.config"].search([], limit=1)
config.open_ui()
session = config.current_session_id
session.state = "opened"
env.cr.commit()
def loaded():
    env.invalidate_all()
    before = env.cr.sql_log_count
    session.load_data([])
    if "pos.sci.transaction" in env:
        env["pos.sci.transaction"].sci_resume(config.id)
    return env.cr.sql_log_count - before
loaded()
print("RESULT" + json.dumps({**sizes, "queries": loaded()}))
"""


def measure(topology):
    with_, without = _start_of(topology, True), _start_of(topology, False)
    added = {
        kind: len(gzip.compress(with_[kind])) - len(gzip.compress(without[kind]))
        for kind in ("js", "css")
    }
    size = sum(added.values())
    later = sum(len(gzip.compress(with_[f"later_{kind}"])) for kind in added)
    queries = with_["queries"] - without["queries"]
    return [
        Line(
            "POS start: JavaScript and CSS added, minified, gzip",
            f"{size / 1000:.1f} kB ({added['js'] / 1000:.1f} + "
            f"{added['css'] / 1000:.1f})",
            goal=f"≤ {GOAL_BYTES / 1000:.0f} kB",
            met=size <= GOAL_BYTES,
            why="what a cashier needs while Odoo, mx51 or the network is down has to "
            "be loaded before.",
        ),
        Line("… dialogs, loaded once the POS is up", f"{later / 1000:.1f} kB"),
        Line(
            "POS start: queries added",
            f"{queries} (to {without['queries']})",
            goal=f"≤ {GOAL_QUERIES}",
            met=queries <= GOAL_QUERIES,
            why="terminals, their payment methods and the unresolved payments, each "
            "with its access rules.",
        ),
    ]


def _start_of(topology, with_addon):
    import base64

    name = f"{topology.database}_weight"
    (databases.new if with_addon else databases.copy_of_template)(name)
    try:
        script, log = topology.folder / "weight.py", places.LOGS / "bench-weight.log"
        script.write_text(SCRIPT)
        _status, printed = odoo.run_logged(
            ("shell", "-d", name, "--no-http", "--log-level", "warn"), log, stdin=script
        )
        found = json.loads(printed.partition("RESULT")[2].splitlines()[0])
    finally:
        databases.drop(name)
    return {
        kind: base64.b64decode(value) if kind != "queries" else value
        for kind, value in found.items()
    }

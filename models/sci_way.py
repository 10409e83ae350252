"""Which kind of process polls arrive in: whether waiting is free there.

A proxy that does not send ``/websocket`` to the evented process costs nothing but
time, so nobody would notice: each answer says the way, and each register's settings
show the last one seen.
"""

import odoo
from odoo.tools import config

from .sci_flow import holding_is_free

WAYS = [
    ("evented", "Held by the evented process"),
    ("threads", "Held by a thread of the server"),
    ("worker", "Not held: the register asks every second"),
]

#: For nginx: one in its `http`, one in its `server`.
PROXY_LINES = """\
map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
location /websocket {{ proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1; \
proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; \
proxy_set_header Connection $connection_upgrade; }}"""


def way():
    """The way of a request that is served by this process."""
    if odoo.evented:
        return "evented"
    return "threads" if holding_is_free() else "worker"


def proxy_lines():
    """What nginx needs to know about the evented process."""
    return PROXY_LINES.format(port=config["gevent_port"])


def remember(env, config_id, seen):
    """The work of one short transaction, when a register's way has changed."""
    env.cr.execute(
        "UPDATE pos_config SET sci_way = %s"
        " WHERE id = %s AND sci_way IS DISTINCT FROM %s",
        [seen, config_id, seen],
        log_exceptions=False,
    )

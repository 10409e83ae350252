"""Where a request may wait for mx51 without holding up the shop.

A proxy that does not send ``/websocket`` to the evented process costs nothing but
time, so nobody would notice. Each answer to a poll therefore names the kind of process
it came from, and each register's settings show the last one seen.
"""

import odoo
from odoo.tools import config

#: Kinds of process that answer polls.
WAYS = [
    ("evented", "Held by the evented process"),
    ("threads", "Held by a thread of the server"),
    ("worker", "Not held: the register asks every second"),
]

#: For nginx: one line in its `http`, one in its `server`.
PROXY_LINES = """\
map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
location /websocket {{ proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1; \
proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; \
proxy_set_header Connection $connection_upgrade; }}"""


def is_free():
    """Whether a request that waits here occupies nothing the shop needs: true in the
    evented process and in threads, not in a prefork HTTP worker."""
    server = odoo.service.server.server
    return odoo.evented or not isinstance(server, odoo.service.server.PreforkServer)


def way():
    """The kind of process that serves this request; a key of :data:`WAYS`."""
    if odoo.evented:
        return "evented"
    return "threads" if is_free() else "worker"


def proxy_lines():
    """What nginx needs to send polls to the evented process."""
    return PROXY_LINES.format(port=config["gevent_port"])

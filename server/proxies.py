"""What common proxies need to send all of ``/websocket`` to the evented process."""

from odoo.tools import config

from . import waiting

_OTHERS = """\
# Apache 2.4.47 or later, with mod_proxy_http
ProxyPass /websocket http://127.0.0.1:{port}/websocket upgrade=websocket

# Caddy
reverse_proxy /websocket* 127.0.0.1:{port}

# Traefik, labels of Odoo's container
traefik.http.routers.odoo-websocket.rule=PathPrefix(`/websocket`)
traefik.http.routers.odoo-websocket.service=odoo-websocket
traefik.http.services.odoo-websocket.loadbalancer.server.port={port}
"""


def lines():
    """Lines for each proxy, to copy."""
    others = _OTHERS.format(port=config["gevent_port"])
    return f"# nginx\n{waiting.proxy_lines()}\n\n{others}"

"""What common proxies need to send all of ``/websocket`` to the evented process."""

from odoo.tools import config

from . import waiting

# Apache: of two lines that match, the first one counts. Without ProxyPreserveHost, Odoo
# takes 127.0.0.1 for its own host name.
# Caddy: where a site has a `handle`, a bare `reverse_proxy` would never be reached.
# Traefik: where there are two services, it refuses a router that names none. Without a
# priority, the router with the longer rule comes first.
_OTHERS = """\
# Apache 2.4.47 or later, with mod_proxy_http; the order counts
ProxyPreserveHost On
ProxyPass /websocket http://127.0.0.1:{port}/websocket upgrade=websocket
ProxyPass / http://127.0.0.1:{http_port}/

# Caddy, within the site
handle /websocket* {{
    reverse_proxy 127.0.0.1:{port}
}}

# Traefik, all labels of Odoo's container, with your host, entry point and certificates
labels:
  - "traefik.enable=true"
  - "traefik.http.routers.odoo.rule=Host(`pos.example.com.au`)"
  - "traefik.http.routers.odoo.entrypoints=websecure"
  - "traefik.http.routers.odoo.tls=true"
  - "traefik.http.routers.odoo.service=odoo"
  - "traefik.http.services.odoo.loadbalancer.server.port={http_port}"
  - "traefik.http.routers.odoo-websocket.rule=\
Host(`pos.example.com.au`) && PathPrefix(`/websocket`)"
  - "traefik.http.routers.odoo-websocket.priority=1000"
  - "traefik.http.routers.odoo-websocket.entrypoints=websecure"
  - "traefik.http.routers.odoo-websocket.tls=true"
  - "traefik.http.routers.odoo-websocket.service=odoo-websocket"
  - "traefik.http.services.odoo-websocket.loadbalancer.server.port={port}"
"""


def lines():
    """Lines for each proxy, to copy."""
    ports = {"port": config["gevent_port"], "http_port": config["http_port"]}
    nginx = "# nginx, the first line in its http, the second in its server"
    return f"{nginx}\n{waiting.proxy_lines()}\n\n{_OTHERS.format(**ports)}"

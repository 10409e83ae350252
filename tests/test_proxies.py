import re
from unittest.mock import patch

from odoo.tests import BaseCase
from odoo.tools import config

from ..server import proxies

#: A line of a list in YAML, as Docker Compose takes labels.
LABEL = re.compile(r'^ *- "traefik\.([\w.-]+)=(.+)"$', re.MULTILINE)


class TestProxies(BaseCase):
    """Lines that somebody pastes have to work as they are."""

    def setUp(self):
        super().setUp()
        ports = {"http_port": 1234, "gevent_port": 5678}
        self.startPatcher(patch.dict(config.options, ports))
        sections = re.split(r"^# ", proxies.lines(), flags=re.MULTILINE)
        self.lines = {text.split()[0].strip(":,"): text for text in sections if text}

    def labels(self, kind):
        """``{router or service: {option: value}}`` of Traefik"""
        found = {}
        for key, value in LABEL.findall(self.lines["Traefik"]):
            parts = key.split(".", 3)
            if parts[:2] == ["http", kind]:
                found.setdefault(parts[2], {})[parts[3]] = value
        return found

    def test_each_proxy_has_its_lines(self):
        self.assertEqual(set(self.lines), {"nginx", "Apache", "Caddy", "Traefik"})
        for name, text in self.lines.items():
            with self.subTest(proxy=name):
                self.assertIn("5678", text)
                self.assertIn("/websocket", text)

    def test_each_router_of_traefik_names_a_service_with_a_port(self):
        routers, services = self.labels("routers"), self.labels("services")
        ports = {
            router: services[options["service"]]["loadbalancer.server.port"]
            for router, options in routers.items()
        }
        self.assertEqual(ports, {"odoo": "1234", "odoo-websocket": "5678"})
        self.assertEqual(set(services), set(routers))

    def test_the_websocket_comes_first_at_traefik(self):
        """Without a priority, the router with the longer rule does."""
        routers = self.labels("routers")
        shop, bus = routers["odoo"], routers["odoo-websocket"]
        self.assertIn("PathPrefix(`/websocket`)", bus["rule"])
        self.assertIn(shop["rule"], bus["rule"])
        self.assertRegex(shop["rule"], r"^Host\(`[\w.]+`\)$")
        self.assertGreater(int(bus["priority"]), len(shop["rule"]))
        same = ("entrypoints", "tls")
        self.assertTrue(all(shop[name] == bus[name] for name in same))

    def test_apache_keeps_the_host_and_looks_at_the_websocket_first(self):
        lines = self.lines["Apache"].splitlines()
        self.assertIn("ProxyPreserveHost On", lines)
        passes = [line.split() for line in lines if line.startswith("ProxyPass ")]
        self.assertEqual([line[1] for line in passes], ["/websocket", "/"])
        self.assertIn("upgrade=websocket", passes[0])
        self.assertEqual(passes[1][2], "http://127.0.0.1:1234/")

    def test_caddy_looks_at_the_websocket_before_other_handlers(self):
        """``handle`` comes before ``reverse_proxy`` in Caddy's order, and of two the
        more specific one."""
        self.assertRegex(
            self.lines["Caddy"],
            r"\nhandle /websocket\* \{\n\s+reverse_proxy 127\.0\.0\.1:5678\n\}",
        )

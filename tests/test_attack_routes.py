"""Every route of the addon, called by those who have no business here, and with every
kind of argument. Held by ``auth="user"``, ``_flow``, ``_start_flow`` and
``sci_arguments``."""

import inspect
import json

from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, tagged

from .common_attack import ANYTHING, SHOP, AttackCommon

SENTENCES = ("odoo.exceptions.", "odoo.http.SessionExpired", "werkzeug.exceptions.")


@tagged("sci_http")
class TestRoutes(AttackCommon, HttpCase):
    def registry_enter_test_mode(self, **kwargs):
        """HttpCase has done so for the whole class."""

    def routes(self):
        """(path, parameters that have no default) of each route of ours."""
        found = []
        for path, handler in _generate_routing_rules(["pos_mx51_sci"], nodb_only=False):
            endpoint = handler.original_endpoint
            parameters = list(inspect.signature(endpoint).parameters)[1:]
            found.append((path, parameters))
        return found

    def call(self, path, params):
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.text

    def test_routes(self):
        row = self.theirs["pos.sci.transaction"]
        telling = {
            "id": row.id,
            "version": 0,
            "values": self.values(),
            "button_key": "cancel_transaction",
            "successful": True,
            "reason": "x",
            # A register's token opens nothing: it is no kiosk's.
            "access_token": self.theirs["pos.config"].access_token,
            "order_uuid": row.order_uuid,
            "order_token": "x",
            "payment_method_id": row.payment_method_id.id,
        }
        routes = self.routes()
        self.assertGreaterEqual(len(routes), 4)
        people = self.strangers()
        del people["nobody"]
        for user in people.values():
            user.password = user.login
        self.watch(SHOP)
        asked = len(self.sandbox.get("exchanges"))
        for who, user in {"nobody": None, **people}.items():
            self.authenticate(user and user.login, user and user.login)
            for path, names in routes:
                for value in (telling, ANYTHING[0], ANYTHING[-1]):
                    params = {
                        n: value[n] if value is telling else value
                        for n in names
                        if value is not telling or n in telling
                    }
                    with self.subTest(who, path=path, params=params):
                        text = self.call(path, params)
                        self.assert_tells_nothing(text)
                        self.assertNotIn(row.payment_uuid, text)
                        self.assertIn("error", json.loads(text))
                        self.assert_sentence(text)
            self.env.invalidate_all()
            self.assertEqual(self.fingerprint(), self.untouched, who)
        self.assertEqual(len(self.sandbox.get("exchanges")), asked)

    def test_a_cashier_who_sends_anything(self):
        self.cashier.password = self.cashier.login
        self.authenticate(self.cashier.login, self.cashier.login)
        row = self.theirs["pos.sci.transaction"]
        for path, names in self.routes():
            for value in ANYTHING:
                for params in (
                    dict.fromkeys(names, value),
                    {**dict.fromkeys(names, value), "id": row.id},
                ):
                    params = {n: v for n, v in params.items() if n in names}
                    with self.subTest(path=path, params=params):
                        text = self.call(path, params)
                        self.assert_tells_nothing(text)
                        self.assert_sentence(text)

    def assert_sentence(self, text):
        error = json.loads(text).get("error")
        if error:
            self.assertTrue(error["data"]["name"].startswith(SENTENCES), error)
            self.assertNotIn("Traceback", error["data"]["message"])

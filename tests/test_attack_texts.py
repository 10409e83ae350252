"""What mx51 writes is text and stays text; what is secret lies in one place.

Breaking one of these turns a test red: ``t-out`` in the report, ``groups=NO_ACCESS``
and ``copy=False`` of the secrets, ``data/neutralize.sql``, ``_load_pos_data_fields``,
``pos_order_line.create``.
"""

import json
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries

from ..ledger.reviews import raise_item
from .common_attack import SECRET_FIELDS, AttackCommon
from .sandbox_process import API_KEY, PART_A

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
ADDON = Path(__file__).parents[1]
#: How a browser is told that a text is HTML.
HTML = ("t-raw", "markup(", "innerHTML", "outerHTML", 'widget="html"', "insertAdjacent")


class TestTexts(AttackCommon):
    def setUp(self):
        super().setUp()
        self.row_ = self.theirs["pos.sci.transaction"]

    def test_a_receipt_is_printed_as_text(self):
        self.env.cr.execute(
            "UPDATE pos_sci_transaction SET message = %s, merchant_receipt = %s,"
            " customer_receipt = %s WHERE id = %s",
            [EVIL, EVIL, EVIL, self.row_.id],
        )
        self.terminal.name = EVIL
        self.env.invalidate_all()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "pos_mx51_sci.report_sci_receipts", self.row_.ids
        )
        self.assertNotIn(b"<script>alert", html)
        self.assertNotIn(b"<img src=x", html)
        self.assertEqual(html.count(b"&lt;script&gt;alert"), 3)

    def test_a_review_is_told_as_text(self):
        item = raise_item(self.env, "missing_payment", EVIL, row=self.row_)
        item.note = EVIL
        item.action_done()
        told = [*item.message_ids.mapped("body"), *item.activity_ids.mapped("note")]
        self.assertTrue(told)
        for html in filter(None, told):
            self.assertNotIn("<script>", html)
            self.assertNotIn("<img src=x", html)

    def test_nothing_is_drawn_as_html(self):
        for model in self.our_models():
            for field in self.env[model]._fields.values():
                if field.get_description(self.env)["type"] == "html":
                    self.assertFalse(field.name not in ("activity_note",), field)
        for folder in ("static/src", "views", "report"):
            for file in (ADDON / folder).rglob("*.*"):
                if file.suffix in (".js", ".xml"):
                    text = file.read_text()
                    for way in HTML:
                        self.assertNotIn(way, text, file)

    # -- secrets -----------------------------------------------------------------------

    def places(self, secret):
        """Tables of the database in which ``secret`` is written."""
        self.env.flush_all()
        query = self.env.cr.execute
        query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema")
        found = []
        for (table,) in self.env.cr.fetchall():
            query(
                f'SELECT 1 FROM "{table}" t WHERE t::text LIKE %s LIMIT 1',
                [f"%{secret}%"],
            )
            found += [table] * bool(self.env.cr.fetchone())
        return found

    def test_a_secret_lies_in_one_place(self):
        part_b = self.terminal.sudo().signing_secret_part_b
        self.assertEqual(self.places(part_b), ["pos_sci_terminal"])
        for secret in (PART_A, API_KEY):
            self.assertEqual(self.places(secret), [])
        copy = self.terminal.copy()
        for field in (*SECRET_FIELDS[:2], "key_id", "api_base_url", "pairing_id"):
            self.assertFalse(copy.sudo()[field])

    def test_a_neutralized_copy_has_no_secret_and_asks_nobody(self):
        part_b = self.terminal.sudo().signing_secret_part_b
        for query in get_neutralization_queries(["pos_mx51_sci"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(self.places(part_b), [])
        asked = len(self.sandbox.get("exchanges"))
        self.age({"id": self.row_.id}, "followed_at", 60)
        self.env["pos.sci.transaction"]._cron_sweep()
        for method, args in (
            ("sci_poll", [0]),
            ("sci_cancel", []),
            ("sci_submit", [1, "cancel_transaction"]),
            ("sci_override", [False, "a copy"]),
        ):
            self.rpc(self.row_, method, *args)
        self.rpc(self.terminal, "check_pairing")
        self.assertEqual(len(self.sandbox.get("exchanges")), asked)

    def test_nobody_asks_for_a_secret_by_other_means(self):
        """Nor guesses it letter by letter: not even whether it begins with an "a"."""
        secret = SECRET_FIELDS[0]
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids |= self.company
        for user in (self.cashier, self.manager, administrator):
            env = self.env(
                user=user.id, context={"allowed_company_ids": self.company.ids}
            )
            for model, path in (
                ("pos.sci.terminal", secret),
                ("pos.sci.transaction", f"terminal_id.{secret}"),
                ("pos.config", f"sci_terminal_id.{secret}"),
                ("pos.payment.method", f"sci_terminal_ids.{secret}"),
                ("pos.sci.review", f"transaction_id.terminal_id.{secret}"),
            ):
                records = env[model]
                guess = [(path, "=like", "a%")]
                for ask in (
                    lambda r, g: r.search(g),
                    lambda r, g: r.search([], order=g[0][0]),
                    lambda r, g: r.search_count(g),
                    lambda r, g: r.search_read(g, []),
                    lambda r, g: r.name_search("", g),
                    lambda r, g: r.web_search_read(g, {}),
                    lambda r, g: r.formatted_read_group(g, [], ["__count"]),
                    lambda r, g: r.formatted_read_group([], [g[0][0]], ["__count"]),
                    lambda r, g: r.formatted_read_group([], [], [g[0][0] + ":max"]),
                    lambda r, g: r.read_group(g, ["id"], []),
                ):
                    with self.subTest(
                        user.login, path=path, ask=ask.__code__.co_firstlineno
                    ):
                        try:
                            ask(records, guess)
                        except (AccessError, UserError, ValueError):
                            continue
                        self.fail("was answered")
            self.assertNotIn(secret, env["pos.sci.terminal"].fields_get())
            self.assertNotIn(
                secret,
                json.dumps(
                    env["pos.sci.terminal"].get_views(
                        [(False, "form"), (False, "list")]
                    )
                ),
            )

    def test_no_secret_is_tracked(self):
        for model in self.our_models():
            for name in SECRET_FIELDS:
                field = self.env[model]._fields.get(name)
                self.assertFalse(getattr(field, "tracking", False))

    def test_a_register_gets_no_secret(self):
        session = self.theirs["pos.session"].with_user(self.cashier)
        text = json.dumps(session.load_data([]), default=str)
        self.assertIn(self.terminal.name, text)
        self.assert_tells_nothing(text)
        for value in (self.terminal.key_id, self.terminal.api_base_url):
            self.assertNotIn(value, text)

    # -- links -------------------------------------------------------------------------

    def test_a_context_links_no_line_to_a_transaction(self):
        """It would stand in the way of the rightful one."""
        product = self.env["product.product"].create({"name": "Tip"})
        line = (
            self.env["pos.order.line"]
            .with_user(self.cashier)
            .with_context(
                default_sci_transaction_id=self.row_.id, default_sci_line_kind="tip"
            )
        )
        order = self.env["pos.order"].create(
            {
                "uuid": "another-order",
                "session_id": self.theirs["pos.session"].id,
                "amount_tax": 0,
                "amount_total": 0,
                "amount_paid": 0,
                "amount_return": 0,
            }
        )
        created = line.create(
            {
                "order_id": order.id,
                "product_id": product.id,
                "price_subtotal": 0,
                "price_subtotal_incl": 0,
            }
        )
        self.assertFalse(created.sci_transaction_id)

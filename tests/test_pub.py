from uuid import uuid4

from odoo.tests import tagged

from ..ledger.amounts import charged
from ..ledger.states import PAID
from .common_books import BooksAgree
from .common_tours import PATIENCE, SciTourCommon


@tagged("-standard", "sci_all_modules")
class TestPub(BooksAgree, SciTourCommon):
    """A pub on one evening: two tablets on one register, a kiosk, and guests who order
    by phone. At its end bank, ledger, orders and journal items agree."""

    def setUp(self):
        super().setUp()
        self.pair()
        self.open_pub()
        self.open_kiosk()
        self.gift_card = self.sell_gift_card()

    def open_pub(self):
        Employee = self.env["hr.employee"].sudo()
        kim = Employee.create({"name": "Kim", "pin": "1111"})
        robin = Employee.create({"name": "Robin", "pin": "2222"})
        self.pub = self.main_pos_config
        self.pub.floor_ids.unlink()
        self.pub.write(
            {
                "module_pos_restaurant": True,
                "module_pos_hr": True,
                "basic_employee_ids": [(6, 0, kim.ids)],
                "advanced_employee_ids": [(6, 0, robin.ids)],
                "sci_surcharge_rate": 2,
                "use_presets": False,
                "self_ordering_mode": "mobile",
                "self_ordering_pay_after": "each",
                "self_ordering_service_mode": "counter",
                "self_ordering_default_user_id": self.pos_user.id,
            }
        )
        floor = self.env["restaurant.floor"].create(
            {"name": "Terrace", "pos_config_ids": self.pub.ids}
        )
        self.tables = self.env["restaurant.table"].create(
            [
                {
                    "table_number": number,
                    "floor_id": floor.id,
                    "position_h": 100 * number,
                    "position_v": 100,
                }
                for number in range(3, 8)
            ]
        )

    def open_kiosk(self):
        drinks = self.env["pos.category"].create({"name": "Lemonades"})
        self.env["product.product"].create(
            {
                "name": "Lemonade",
                "list_price": 4,
                "taxes_id": False,
                "available_in_pos": True,
                "pos_categ_ids": drinks.ids,
            }
        )
        self.kiosk = self.env["pos.config"].create(
            {
                "name": "Kiosk",
                "payment_method_ids": self.card.ids,
                "sci_terminal_id": self.add_bistro().id,
                "self_ordering_mode": "kiosk",
                "self_ordering_pay_after": "each",
                "self_ordering_service_mode": "counter",
                "self_ordering_default_user_id": self.pos_user.id,
                "use_presets": False,
                "limit_categories": True,
                "iface_available_categ_ids": drinks.ids,
            }
        )
        self.kiosk.with_user(self.pos_user).open_ui()
        self.kiosk.current_session_id.set_opening_control(0, "")

    def sell_gift_card(self):
        """One with $8, that somebody has bought earlier."""
        Program = self.env["loyalty.program"].sudo()
        Program.search([]).active = False
        product = self.env.ref("loyalty.gift_card_product_50").product_tmpl_id
        product.write({"active": True, "available_in_pos": True})
        made = Program.create_from_template("gift_card")
        program = Program.browse(made["res_id"])
        reports = self.env["ir.actions.report"].sudo()
        domain = [("model", "=", "loyalty.card")]
        program.pos_report_print_id = reports.search(domain, limit=1)
        return (
            self.env["loyalty.card"]
            .sudo()
            .create({"program_id": program.id, "points": 8, "code": "0441234567"})
        )

    # -- who comes ---------------------------------------------------------------------

    def guest_at_the_kiosk(self, person):
        for outcome in ("decline", "approve"):
            person.see("present_card", "bistro")
            person.touch("card", terminal="bistro", outcome=outcome)

    def order_by_phone(self):
        """A guest orders by QR code, and pays at the counter."""
        product = self.desk_organizer.product_variant_id
        line = {
            "uuid": str(uuid4()),
            "product_id": product.id,
            "qty": 1,
            "price_unit": 5.1,
            "price_subtotal": 5.1,
            "price_subtotal_incl": 5.1,
            "tax_ids": [],
        }
        order = {
            "uuid": str(uuid4()),
            "company_id": self.env.company.id,
            "session_id": self.pub.current_session_id.id,
            "state": "draft",
            **dict.fromkeys(("amount_paid", "amount_tax", "amount_return"), 0),
            "amount_total": 5.1,
            "lines": [[0, 0, line]],
            # Whoever has the code of a table can send anything.
            "sci_coupons": {"answer": {}},
        }
        params = {
            "access_token": self.pub.access_token,
            "table_identifier": None,
            "order": order,
        }
        self.env.flush_all()
        answer = self.url_open(
            "/pos-self-order/process-order/mobile",
            json={"params": params},
            method="POST",
        ).json()
        self.assertIn("result", answer, answer.get("error"))
        sent = self.env["pos.order"].search([("uuid", "=", order["uuid"])])
        self.assertFalse(sent.sudo().sci_coupons)

    # -- the evening -------------------------------------------------------------------

    def test_one_evening(self):
        self.let_terminal_ask(tip_prompt=True)
        self.sell("pos_mx51_sci.pub_first_tablet")
        self.order_by_phone()
        with self.customer(self.guest_at_the_kiosk):
            route = self.kiosk._get_self_order_route()
            self.start_tour(route, "sci_kiosk_pays", timeout=PATIENCE)
        self.sell("pos_mx51_sci.pub_second_tablet")
        sessions = self.pub.current_session_id, self.kiosk.current_session_id
        self.assert_charged(620, 520, 204, 224, 400, 520)
        self.assert_bank_and_ledger()
        self.assert_orders(*sessions)
        for session in sessions:
            self.count_cash(session)
            self.assert_books(session)

    def assert_bank_and_ledger(self):
        """Each charge is one paid row's, and the other way round."""
        charges = {
            charge["transaction_id"]: sum(charge["amounts"].values())
            for charge in self.sandbox.get("charges")
        }
        paid = self.rows().filtered(PAID.holds)
        self.assertEqual({row.sci_id: charged(row) for row in paid}, charges)

    def assert_orders(self, pub, kiosk):
        self.assertEqual(
            sorted(pub.order_ids.mapped("amount_total")),
            [2.24, 3.2, 5.14, 5.2, 5.2, 6.2],
        )
        order = kiosk.order_ids
        self.assertEqual(
            (order.amount_total, order.state, order.source), (4, "paid", "kiosk")
        )
        self.assertEqual(set(pub.order_ids.mapped("state")), {"paid"})
        self.assertFalse(self.tables.parent_id)
        rows = self.rows()
        of_pub = rows.filtered(lambda row: row.config_id == self.pub)
        # What was ordered by phone is no employee's.
        self.assertEqual(
            of_pub.mapped("cashier"),
            ["Kim", "Kim", "Robin", "Robin", self.pos_user.name],
        )
        tables = of_pub.pos_order_id.mapped("table_id.table_number")
        self.assertEqual(sorted(tables), [3, 6, 7])
        self.assertFalse(self.gift_card.points)
        self.assertEqual(
            [row.financial_status for row in rows - of_pub], ["DECLINED", "APPROVED"]
        )

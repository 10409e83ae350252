from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_tours import SciTourCommon


@tagged("-standard", "sci_all_modules")
class TestToursModules(SciTourCommon):
    """The register with modules that only a database of its own has (see
    ``test_doors_all_modules``)."""

    def setUp(self):
        super().setUp()
        self.pair()

    # -- pos_online_payment ------------------------------------------------------------

    def add_online(self):
        """A method "Online", and customers who pay through it."""
        provider = self.env["payment.provider"].create(
            {"name": "Web", "code": "none", "state": "test", "is_published": True}
        )
        online = self.env["pos.payment.method"].create(
            {
                "name": "Online",
                "is_online_payment": True,
                "online_payment_provider_ids": provider.ids,
            }
        )
        self.main_pos_config.payment_method_ids |= online
        journal = self.bank_journal

        def sci_pays_online(order):
            """What ``pos_online_payment`` does once its provider has been paid."""
            order = order.sudo()
            amount = order._get_checked_next_online_payment_amount()
            payment = order.env["account.payment"].create(
                {
                    "amount": amount,
                    "payment_type": "inbound",
                    "journal_id": journal.id,
                    "pos_order_id": order.id,
                }
            )
            order.add_payment(
                {
                    "amount": amount,
                    "payment_method_id": online.id,
                    "online_account_payment_id": payment.id,
                    "pos_order_id": order.id,
                }
            )
            if order._is_pos_order_paid():
                order._process_saved_order(False)
            order.config_id._notify("ONLINE_PAYMENTS_NOTIFICATION", {"id": order.id})
            return order.state

        Order = self.env.registry["pos.order"]
        phone = patch.object(Order, "sci_pays_online", sci_pays_online, create=True)
        phone.start()
        self.addCleanup(phone.stop)

    def test_online_is_offered_and_a_card_pays(self):
        self.add_online()
        self.main_pos_config.sci_close_after = 4
        self.sell("pos_mx51_sci.sale", lambda person: person.present("approve"))
        self.assert_sold("Card")
        self.assert_charged(510)

    def test_online_is_offered_and_cash_pays_after_a_decline(self):
        self.add_online()
        decline = lambda person: person.present("decline", response_code="051")  # noqa: E731
        self.sell("pos_mx51_sci.declined_then_cash", decline)
        self.assert_sold("Cash")
        self.assert_charged()

    def test_part_by_card_and_the_rest_online(self):
        self.add_online()
        with mute_logger("odoo.http"):  # no library here draws the QR code
            self.sell(
                "pos_mx51_sci.rest_online", lambda person: person.present("approve")
            )
        order = self.assert_sold("Online", "Card")
        self.assertEqual(order.payment_ids.mapped("amount"), [3.1, 2])
        self.assert_charged(200)

    # -- pos_event ---------------------------------------------------------------------

    def test_an_event_without_a_limit_of_seats(self):
        ticket = self.env["product.product"].create(
            {
                "name": "Ticket",
                "type": "service",
                "service_tracking": "event",
                "list_price": 20,
                "taxes_id": False,
                "available_in_pos": True,
            }
        )
        begin = datetime.now() + timedelta(days=1)
        event = (
            self.env["event.event"]
            .sudo()
            .create(
                {
                    "name": "Pub quiz",
                    "date_begin": begin,
                    "date_end": begin + timedelta(hours=3),
                    "question_ids": False,
                    "event_ticket_ids": [
                        (0, 0, {"name": "Team", "product_id": ticket.id, "price": 20})
                    ],
                }
            )
        )
        self.pos_user.group_ids |= self.env.ref("event.group_event_user")
        self.sell("pos_mx51_sci.event", lambda person: person.present("approve"))
        order = self.assert_sold("Card")
        self.assertEqual(event.registration_ids.pos_order_id, order)
        self.assertEqual(len(event.registration_ids), 1)
        self.assertEqual(event.registration_ids.state, "open")

    # -- pos_loyalty -------------------------------------------------------------------

    def test_a_discount_takes_nothing_off_the_tip(self):
        self.env["loyalty.program"].sudo().search([]).active = False
        self.env["loyalty.program"].sudo().create(
            {
                "name": "Ten percent",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [(0, 0, {"minimum_qty": 0})],
                "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 10})],
            }
        )
        self.let_terminal_ask(tip_prompt=True)

        def story(person):
            person.see("tip")
            person.touch("tip", amount=100)
            person.present("approve")

        self.sell("pos_mx51_sci.discounted_and_tipped", story)
        order = self.assert_sold("Card")
        self.assert_charged(559)
        self.assertEqual(sorted(order.lines.mapped("price_unit")), [-0.51, 1, 5.1])
        self.assertEqual(order.amount_total, 5.59)
        self.assertFalse(order.amount_return)

import threading
import time
from contextlib import contextmanager, nullcontext

import requests

from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon

from .common import leave_it
from .sandbox_process import Sandbox

#: Seconds that the customer waits for what a tour is about to do.
PATIENCE = 120


class Customer(threading.Thread):
    """Somebody at the virtual terminal, while a tour is at the register.

    :param story: what this person does; it gets the customer, and may wait
    """

    def __init__(self, sandbox, story):
        super().__init__(name="customer", daemon=True)
        self.sandbox = sandbox
        self.error = None
        self._story = story

    def run(self):
        try:
            self._story(self)
        except Exception as error:
            self.error = error

    def see(self, screen, terminal="front-bar"):
        """Wait until a terminal shows a screen."""
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                return self.sandbox.get(
                    "wait", terminal=terminal, screen=screen, timeout=10
                )
            except requests.HTTPError:
                if time.monotonic() > give_up:
                    raise

    def touch(self, verb, **details):
        return self.sandbox.terminal(verb, **details)

    def present(self, outcome, **details):
        """Wait to be asked for a card, and present one."""
        self.see("present_card")
        self.touch("card", outcome=outcome, **details)


@tagged("post_install", "-at_install", "sci_http")
class SciTourCommon(TestPointOfSaleHttpCommon):
    """A register with the method "Card", a terminal "Front Bar" and the sandbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.stop)
        cls.terminal = cls.env["pos.sci.terminal"].create({"name": "Front Bar"})
        cls.card = cls.env["pos.payment.method"].create(
            {
                "name": "Card",
                "journal_id": cls.bank_journal.id,
                "payment_method_type": "terminal",
                "use_payment_terminal": "mx51_sci",
                "sci_terminal_ids": cls.terminal.ids,
            }
        )
        cls.main_pos_config.write(
            {
                "payment_method_ids": [(4, cls.card.id)],
                "sci_terminal_id": cls.terminal.id,
                # A tour that looks at a result must not be raced by the clock.
                "sci_close_after": 0,
            }
        )

    def setUp(self):
        super().setUp()
        self.sandbox.control("reset")
        credentials = self.sandbox.environment()
        credentials.start()
        self.addCleanup(credentials.stop)

    def let_terminal_ask(self, **config):
        """A terminal that asks for a tip or adds a surcharge, at a register that leaves
        it to it."""
        leave_it(self.main_pos_config)
        self.sandbox.terminal("config", **config)

    def add_bistro(self):
        """A second terminal, with a base URL of its own."""
        bistro = self.terminal.create({"name": "Bistro"})
        self.pair(bistro, "bistro")
        self.card.sci_terminal_ids = self.terminal | bistro
        return bistro

    def pair(self, terminal=None, virtual="front-bar"):
        """Pair a terminal as a merchant would, confirmation and test included."""
        terminal = (terminal or self.terminal).with_user(self.pos_admin)
        shown = self.sandbox.terminal("start_pairing", virtual)
        self.env.flush_all()
        terminal.action_pair(shown["pairing_code"], terminal.name)
        self.sandbox.terminal("confirm", virtual)
        view = terminal.action_test()
        self.assertEqual(view["state"], "paired")
        # Old enough for a loss to be believed.
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET paired_at = paired_at - interval '2 min'"
        )
        self.env.invalidate_all()

    @contextmanager
    def customer(self, story):
        """Run a customer's story beside the tour; what fails in it fails the test."""
        customer = Customer(self.sandbox, story)
        customer.start()
        yield
        customer.join(PATIENCE)
        if customer.error:
            raise customer.error
        self.assertFalse(customer.is_alive(), "the customer still waits")

    def sell(self, tour, story=None, register=None, **options):
        """One tour at an open register.

        :param story: a customer's at the terminal, unless the tour is that as well
        """
        register = register or self.main_pos_config
        register.with_user(self.pos_user).open_ui()
        options["cookies"] = {"sci_sandbox": self.sandbox.url}
        with self.customer(story) if story else nullcontext():
            self.start_pos_tour(tour, pos_config=register, timeout=PATIENCE, **options)

    def rows(self):
        """The ledger, oldest row first."""
        self.env.invalidate_all()
        return self.env["pos.sci.transaction"].search([], order="id")

    def assert_charged(self, *cents):
        """These amounts, and nothing else, were charged to cards."""
        charges = self.sandbox.get("charges")
        self.assertEqual(
            [sum(charge["amounts"].values()) for charge in charges], list(cents)
        )

    def assert_sold(self, *methods):
        """The last order is paid, by these payment methods."""
        order = self.env["pos.order"].search([], limit=1, order="id desc")
        self.assertEqual(order.state, "paid")
        self.assertEqual(
            order.payment_ids.payment_method_id.mapped("name"), list(methods)
        )
        return order

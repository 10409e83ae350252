"""A kiosk's order that staff open at a counter."""

from unittest.mock import patch

from odoo.addons.point_of_sale.models.pos_bus_mixin import PosBusMixin

from ..kiosk import view as kiosk_view
from .common import SciCommon
from .test_kiosk import KioskCommon


class CounterCommon(KioskCommon):
    def setUp(self):
        super().setUp()
        journal = self.company_data["default_journal_cash"].copy()
        self.cash = self.env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": journal.id}
        )
        self.counter = self.env["pos.config"].create(
            {
                "name": "Counter",
                "payment_method_ids": (self.method | self.cash).ids,
            }
        )
        self.open_session(self.counter)
        self.told = []
        notify = PosBusMixin._notify

        def listen(register, *notifications, **kwargs):
            if isinstance(notifications[0], str):
                self.told.append((register, *notifications))
            return notify(register, *notifications, **kwargs)

        listening = patch.object(PosBusMixin, "_notify", listen)
        listening.start()
        self.addCleanup(listening.stop)

    def news(self, name):
        """``[(register, news)]`` of that name."""
        return [(who, news) for who, kind, news in self.told if kind == name]

    def save_at_counter(self, *lines, **changes):
        """As a register does whose cashier has opened the order."""
        session = self.open_session(self.counter)
        payload = self.payload("order-1", lines, register=self.counter, **changes)
        payload.update(
            session_id=session.id,
            access_token=self.order.access_token,
            source="kiosk",
        )
        if not lines:
            payload["amount_total"] = self.order.amount_total
        self.sync(payload)
        self.assertEqual(self.order.config_id, self.counter)

    def follow_at_counter(self, view):
        """Poll a register's payment until the bank has spoken."""
        for _poll in range(20):
            if view["status"] == "FINALISED":
                return
            view = SciCommon.poll(self, view)
        self.fail(f"no final answer: {view}")

    def take_cash(self, amount):
        total = self.order.amount_total
        line = {
            "uuid": "cash",
            "amount": amount,
            "payment_method_id": self.cash.id,
            "name": "2026-01-01 00:00:00",
        }
        self.save_at_counter(
            state="paid",
            amount_total=total,
            amount_paid=total,
            payment_ids=[(0, 0, line)],
        )
        self.assertEqual(self.order.state, "paid")

    def approved_but_grown(self):
        """The card has paid 12.50 of 17.50; the customer was sent to the staff."""
        view = self.pay()
        self.sync(self.payload("order-1", [("more", 5)], amount_total=17.5))
        self.present()
        return self.until("staff", view)


class TestWhatRegistersAreShown(CounterCommon):
    @property
    def line(self):
        return self.order.payment_ids

    def test_a_line_says_what_it_is(self):
        view = self.pay()
        self.assertEqual(self.line.payment_status, "waiting")
        self.present("decline")
        view = self.until("not_paid", view)
        self.assertEqual(self.line.payment_status, "retry")
        view = self.pay(known=view["id"])
        self.assertEqual(self.line.payment_status, "waiting")
        self.present()
        self.until("paid", view)
        self.assertEqual(self.line.payment_status, "done")

    def test_a_start_that_came_to_nothing_leaves_the_line_free(self):
        self.sandbox.terminal("online", on=False)
        self.pay()
        self.assertEqual(self.line.payment_status, "retry")
        self.terminal.sudo().state = "unpaired"
        self.pay(known=self.rows()[-1:].id)
        self.assertEqual(self.line.payment_status, "retry")

    def test_registers_hear_of_each_attempt(self):
        view = self.pay()
        hints = self.news("MX51_SCI_TRANSACTION")
        self.assertIn((self.counter, {"id": view["id"], "version": 1}), hints)

    def test_staff_is_called_once(self):
        view = self.pay()
        self.sandbox.fault("/v1/transactions/.+", "drop_before", method="GET", times=50)
        self.age(view, "silent_since", kiosk_view.PATIENCE)
        view = self.until("staff", view)
        self.poll(view)
        ((register, news),) = self.news("MX51_SCI_STAFF_CALLED")
        self.assertEqual(register, self.counter)
        self.assertEqual(news["order"], "K1-001")

    def test_staff_may_answer_there(self):
        """Whoever serves at the counter reaches the row of the kiosk."""
        view = self.pay()
        self.save_at_counter()
        row = self.row(view)
        seen = self.rpc(row, "sci_poll", 0, user=self.cashier)
        self.assertEqual(seen["order_uuid"], "order-1")
        self.rpc(row, "sci_cancel", user=self.cashier)
        self.until("not_paid", view)
        values = self.values(
            self.line.uuid,
            attempt=2,
            order_uuid="order-1",
            config_id=self.counter.id,
            terminal_id=self.terminal.id,
        )
        self.assertEqual(self.send(values)["attempt"], 2)


class TestKioskAtTheCounter(CounterCommon):
    def test_it_sees_the_end_that_the_counter_brings_about(self):
        view = self.approved_but_grown()
        self.save_at_counter()
        self.assertEqual(self.poll(view)["state"], "staff")
        self.take_cash(5)
        view = self.poll(view)
        self.assertEqual((view["state"], view["number"]), ("paid", "K1-001"))
        self.assertEqual(self.pay(known=view["id"])["state"], "paid")

    def test_it_sees_an_approval_after_the_counter_has_saved_the_order(self):
        view = self.pay()
        self.save_at_counter()
        self.present()
        self.assertEqual(self.until("paid", view)["number"], "K1-001")
        registers = [who for who, _news in self.news("PAYMENT_STATUS")]
        self.assertEqual(set(registers), {self.counter, self.kiosk})
        self.assertEqual(self.order.config_id, self.counter)

    def test_it_may_cancel(self):
        view = self.pay()
        self.save_at_counter()
        self.sandbox.get("wait", terminal="front-bar", screen="present_card")
        self.assertFalse(self.call("cancel")["may_cancel"])
        view = self.until("not_paid", view)
        self.assertEqual(view["text"], "The payment was cancelled.")

    def test_it_charges_nothing_more_then(self):
        view = self.pay()
        self.present("decline")
        view = self.until("not_paid", view)
        self.save_at_counter()
        view = self.pay(known=view["id"])
        self.assertEqual((view["state"], view["id"]), ("not_paid", False))
        self.assertEqual(view["text"], "Please pay at the counter.")
        self.assertEqual(len(self.upstream()), 1)

    def test_an_order_that_was_paid_in_cash_is_paid(self):
        view = self.pay()
        self.present("decline")
        view = self.until("not_paid", view)
        self.take_cash(12.5)
        for seen in (self.pay(known=view["id"]), self.poll(view)):
            self.assertEqual((seen["state"], seen["number"]), ("paid", "K1-001"))
            self.assertEqual(seen["text"], "Thank you. Your order is paid.")

    def test_it_has_no_access_to_what_it_has_not_begun(self):
        """The token of an order does not make a kiosk of it."""
        self.save_at_counter()
        self.assertIsNone(self.pay())
        self.assertIsNone(self.call("poll", version=0))
        self.assertIsNone(self.call("cancel"))
        self.assertFalse(self.upstream())

    def test_nor_to_its_own_with_another_token(self):
        view = self.pay()
        self.save_at_counter()
        for token in ("wrong", False, None):
            self.assertIsNone(self.poll(view, order_token=token))
        self.assertEqual(self.poll(view)["id"], view["id"])

    def test_the_counters_payment_is_none_of_its_own(self):
        view = self.approved_but_grown()
        self.save_at_counter(cards=[("rest", 5)], amount_total=17.5)
        values = self.values(
            "rest", amount=500, order_uuid="order-1", config_id=self.counter.id
        )
        rest = self.send({**values, "terminal_id": self.terminal.id})
        self.assertTrue(rest["unresolved"])
        seen = self.poll(view)
        self.assertEqual((seen["id"], seen["state"]), (view["id"], "staff"))
        self.present()
        self.follow_at_counter(rest)
        self.assertEqual(self.poll(view)["state"], "paid")

    # -- closed ------------------------------------------------------------------------

    def give_back(self):
        paid = self.rows()
        self.save_at_counter(cards=[("back", -12.5)], amount_total=17.5)
        values = self.values(
            "back",
            kind="refund",
            amounts={"refund_amount": 1250},
            order_uuid="order-1",
            config_id=self.counter.id,
            original_payment_uuid=paid.payment_uuid,
        )
        view = self.send({**values, "terminal_id": self.terminal.id}, self.manager)
        self.present()
        self.follow_at_counter(view)

    def test_money_given_back_closes_the_order_for_the_kiosk(self):
        view = self.approved_but_grown()
        self.give_back()
        seen = self.poll(view)
        self.assertEqual(seen["state"], "closed")
        self.assertIn("given back", seen["text"])
        self.order.action_pos_order_cancel()
        self.assertEqual(self.poll(view)["state"], "closed")

    def test_so_does_an_order_that_is_cancelled_or_deleted(self):
        view = self.pay()
        self.present("decline")
        view = self.until("not_paid", view)
        self.order.action_pos_order_cancel()
        self.assertEqual(self.poll(view)["state"], "closed")
        self.assertEqual(self.pay(known=view["id"])["state"], "closed")
        order = self.order
        params = {"order_uuid": order.uuid, "order_token": order.access_token}
        order.payment_ids.unlink()
        order.unlink()
        self.order = self.ordered("order-2")
        for call, more in (
            ("poll", {"version": 0}),
            ("cancel", {}),
            ("start", {"payment_method_id": self.method.id}),
        ):
            seen = self.call(call, **params, **more)
            self.assertEqual(seen["state"], "closed")
            self.assertEqual(set(seen), {*seen} & {*view})
        self.assertIsNone(self.call("poll", version=0, order_uuid="never"))


class TestKioskSentences(CounterCommon):
    """What a customer reads is one of a few sentences, whatever went wrong."""

    def said(self, **row):
        view = {
            "id": 1,
            "status": "not_sent",
            "financial_status": False,
            "overridden": False,
            "order_uuid": "order-1",
            "order_id": self.order.id,
            "order_state": "draft",
            "paid": False,
            "unresolved": False,
            "override_open": False,
            "silent_for": 0,
            "version": 1,
            "message": "SECRET",
            "cancel_requested": False,
            "cancel_state": False,
            "error": False,
            **row,
        }
        texts = kiosk_view.sentences(self.env)
        return kiosk_view.customer_view(self.env, view, texts, "K1-001")

    def test_each_has_a_state_and_is_short(self):
        texts = kiosk_view.sentences(self.env)
        self.assertEqual(set(texts), set(kiosk_view.STATES))
        for text in texts.values():
            self.assertLess(len(text), 60)

    def test_of_any_error(self):
        texts = kiosk_view.sentences(self.env).values()
        for code in ("terminal_busy", "no_credentials", "nothing_due", "anything", ""):
            error = {"code": code, "message": "SECRET", "hint": "SECRET"}
            for status in ("not_sent", "FINALISED"):
                seen = self.said(status=status, error=error)
                self.assertIn(seen["text"], texts)
                self.assertNotIn("SECRET", str(seen))
        self.assertEqual(
            self.said(error={"code": "terminal_busy", "message": ""})["text"],
            "The terminal is in use. Please try again in a moment.",
        )

    def test_of_any_outcome(self):
        outcomes = {
            "DECLINED": "Your card was declined. Please try again.",
            "CANCELLED": "The payment was cancelled.",
            "UNKNOWN": "The payment was not made.",
        }
        for outcome, text in outcomes.items():
            seen = self.said(status="FINALISED", financial_status=outcome)
            self.assertEqual((seen["state"], seen["text"]), ("not_paid", text))

    def test_mx51s_own_only_while_the_terminal_is_at_work(self):
        seen = self.said(status="PENDING", unresolved=True, message="Present card")
        self.assertEqual((seen["state"], seen["text"]), ("waiting", "Present card"))
        seen = self.said(status="PENDING", unresolved=True, message="")
        self.assertEqual(seen["text"], "Follow the terminal.")
        for row in ({"status": "AWAITING_POS"}, {"silent_for": 30}):
            seen = self.said(**{"status": "PENDING", "unresolved": True, **row})
            self.assertEqual(seen["text"], "Please call our staff.")

    def test_a_day_without_an_answer_is_no_refusal(self):
        self.assertEqual(self.said(status="PENDING")["state"], "staff")

    def test_a_busy_terminal_names_neither_itself_nor_its_register(self):
        bar = self.counter
        self.start("elsewhere", order_uuid="other", config_id=bar.id)
        seen = self.pay()
        self.assertEqual(seen["state"], "not_paid")
        for told in (self.terminal.name, bar.name):
            self.assertNotIn(told, str(seen))
        message = self.rows()[-1:].error_message
        self.assertIn(self.terminal.name, message, "what a cashier would read")

    def test_without_credentials_nothing_of_the_server_is_told(self):
        self.kiosk.self_ordering_default_user_id = self.env.ref("base.user_admin")
        self.env.ref("base.user_admin").company_ids |= self.company
        with patch.dict("os.environ", {"MX51_SCI_SIGNING_SECRET_PART_A": ""}):
            seen = self.pay()
        self.assertEqual(seen["text"], "Cards cannot be taken here right now.")

    def test_cancel_is_offered_until_it_was_taken(self):
        at_work = {"status": "PENDING", "unresolved": True, "message": "Present card"}
        said = self.said(**at_work)
        self.assertTrue(said["may_cancel"])
        self.assertEqual(said["text"], "Present card")
        for state in ("due", "sent", "accepted", "refused"):
            asked = {"cancel_requested": True, "cancel_state": state}
            said = self.said(**at_work, **asked)
            self.assertFalse(said["may_cancel"])
            self.assertEqual((said["state"], said["cancel_state"]), ("waiting", state))
            self.assertIn("is being cancelled", said["text"])
        asked = {"cancel_requested": True, "cancel_state": "no_answer"}
        said = self.said(**at_work, **asked)
        self.assertTrue(said["may_cancel"])
        self.assertIn("not cancelled yet", said["text"])
        self.assertFalse(self.said(status="FINALISED")["may_cancel"])
        # A press would do nothing there.
        unknown = {"status": "unknown", "unresolved": True}
        self.assertFalse(self.said(**unknown)["may_cancel"])
        # One that has left is sent again by a press.
        self.assertTrue(self.said(**unknown, **asked)["may_cancel"])

    def test_staff_is_called_all_the_same_where_a_cancel_takes_long(self):
        asked = {"cancel_requested": True, "cancel_state": "no_answer"}
        at_work = {"status": "PENDING", "unresolved": True, "override_open": True}
        self.assertEqual(self.said(**at_work, **asked)["state"], "staff")

"""Pairings are checked without anybody looking, and people are told once."""

from ..ledger import alerts
from ..pairing import watch
from .common import SciCommon


class TestWatch(SciCommon):
    def setUp(self):
        super().setUp()
        self.pair()
        self.age_pairing()

    def watch(self, seconds=watch.TURN):
        """One run of the scheduled action, some time after the last one."""
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET watched_at = watched_at - interval '1 h'"
        )
        self.env.invalidate_all()
        turn = watch.watch(self.env, seconds)
        self.env.invalidate_all()
        return turn

    def told(self, terminal=None):
        """``[(user, summary)]`` of the activities on a terminal."""
        found = (terminal or self.terminal).activity_ids
        return [(activity.user_id, activity.summary) for activity in found]

    def lose(self, terminal=None, virtual="front-bar"):
        self.sandbox.terminal("unpair", virtual)
        self.watch()
        self.assertEqual((terminal or self.terminal).state, "unpaired")

    def test_a_loss_is_noticed_and_told_once(self):
        self.company.sci_keeper_ids = self.manager
        self.lose()
        ((user, summary),) = self.told()
        self.assertEqual(user, self.manager)
        self.assertIn("Front Bar is no longer paired", summary)
        message = self.terminal.message_ids[0]
        self.assertIn(self.manager.partner_id, message.notified_partner_ids)
        self.watch()
        self.assertEqual(len(self.told()), 1)
        self.assertEqual(self.terminal.message_ids[0], message)

    def test_what_is_kept_and_told_is_in_the_shops_language(self):
        self.let_speak(self.manager, "fr_FR")
        self.company.sci_keeper_ids = self.manager
        self.lose()
        hint = (
            "This terminal was unpaired on its side. Start a new pairing on the "
            "terminal and enter the code here."
        )
        self.assertEqual(self.terminal.last_error_hint, self.said_in("fr_FR", hint))
        text = "%s is no longer paired: no card payments until it is paired again."
        ((_user, summary),) = self.told()
        self.assertEqual(summary, self.said_in("fr_FR", text) % "Front Bar")

    def test_two_that_tell_at_once_tell_once(self):
        """The scheduled action, and the request that has noticed the loss."""
        self.sandbox.terminal("unpair")
        self.rpc(self.terminal, "check_pairing")
        for _teller in range(2):
            alerts.tell_loss(self.env, self.terminal.id)
        self.assertEqual(len(self.told()), 1)

    def test_a_pairing_that_somebody_is_ending_is_no_loss(self):
        self.env.cr.execute("UPDATE pos_sci_terminal SET claimed_at = now()")
        self.sandbox.terminal("unpair")
        self.watch()
        self.assertEqual(self.terminal.state, "paired")
        self.assertFalse(self.told())

    def test_a_loss_that_a_screen_has_noticed_is_told_as_well(self):
        self.sandbox.terminal("unpair")
        self.rpc(self.terminal, "check_pairing", user=self.cashier)
        self.watch()
        self.assertEqual(len(self.told()), 1)

    def test_those_whom_the_company_names_are_told(self):
        other = self.env["res.company"].create({"name": "Another shop"})
        elsewhere = self._user(
            "elsewhere", "point_of_sale.group_pos_manager", company=other
        )
        office = self._user("office", "base.group_user")
        self.company.sci_keeper_ids = self.manager | self.cashier | elsewhere | office
        self.lose()
        users = {user for user, _summary in self.told()}
        self.assertEqual(users, {self.manager, self.cashier})

    def test_nobody_is_named(self):
        """Then a manager of the company is told, whoever made the record."""
        self.assertFalse(self.company.sci_keeper_ids)
        self.lose()
        ((user, _summary),) = self.told()
        self.assertTrue(user.has_group("point_of_sale.group_pos_manager"))
        self.assertIn(self.company, user.company_ids)

    def test_paired_again_there_is_nothing_to_do_any_more(self):
        self.lose()
        self.pair()
        self.assertFalse(self.told())
        self.age_pairing()
        self.lose()
        self.assertEqual(len(self.told()), 1)

    def test_no_answer_is_no_loss(self):
        self.sandbox.fault("/v1/pairing-info", "drop_before", method="GET", times=0)
        self.watch()
        self.assertEqual(self.terminal.state, "paired")
        self.assertFalse(self.told())

    def test_a_run_is_bounded_where_mx51_is_silent(self):
        second = self.env["pos.sci.terminal"].create({"name": "Bistro"})
        self.pair(second, "bistro")
        second.sudo().api_base_url = self.terminal.api_base_url
        self.sandbox.fault("/v1/pairing-info", "hang", "GET", seconds=2, times=0)
        self.assertTrue(self.watch().is_cut)
        self.env.cr.execute(
            "SELECT count(*) FROM pos_sci_terminal WHERE watched_at > %s",
            [self.env.cr.now()],
        )
        self.assertEqual(self.env.cr.fetchone(), (1,))
        self.sandbox.clear_faults()
        self.assertFalse(self.watch().is_cut)

    def test_no_pairing_is_checked_twice_in_a_moment(self):
        before = self.pairing_checks()
        self.watch()
        self.assertEqual(self.pairing_checks(), before + 1)
        before = self.pairing_checks()
        watch.watch(self.env)
        self.assertEqual(self.pairing_checks(), before)

    def test_a_copy_of_the_database_asks_nobody(self):
        self.terminal.sudo().paired_database = "uuid original"
        before = self.pairing_checks()
        self.watch()
        self.assertEqual(self.pairing_checks(), before)

    def test_opening_a_register_waits_for_no_check(self):
        cron = self.env.ref("pos_mx51_sci.ir_cron_watch")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        asked = self.pairing_checks()
        self.open_session()
        self.assertEqual(self.pairing_checks(), asked)
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + 1)

    # -- silent all day ----------------------------------------------------------------

    def sold(self, *hours_ago):
        """Orders of the register, paid in cash so many hours ago."""
        self.register.sci_terminal_id = self.terminal
        for hours in hours_ago:
            order = self.draft(5, uuid=f"order-{hours}")
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE pos_order SET state = 'paid', date_order ="
                " clock_timestamp() AT TIME ZONE 'UTC' - make_interval(hours => %s)"
                " WHERE id = %s",
                [hours, order.id],
            )
        self.env.cr.execute(
            "UPDATE pos_sci_terminal SET paired_at = paired_at - interval '2 days'"
        )
        self.env.invalidate_all()

    def test_a_terminal_that_takes_nothing_all_day_is_told_once(self):
        self.sold(9, 5, 1)
        self.watch()
        ((_user, summary),) = self.told()
        self.assertIn("Front Bar has taken no card all day", summary)
        self.watch()
        self.assertEqual(len(self.told()), 1)

    def test_one_that_took_a_card_is_not_missed(self):
        self.sold(9, 5, 1)
        self.start()
        self.watch()
        self.assertFalse(self.told())

    def test_nor_where_little_was_sold(self):
        self.sold(3, 1)
        self.watch()
        self.assertFalse(self.told())

    def test_nor_before_it_was_paired(self):
        self.sold(9, 5, 1)
        self.terminal.sudo().paired_at = self.env.cr.now()
        self.watch()
        self.assertFalse(self.told())

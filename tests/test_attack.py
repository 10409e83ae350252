"""Who has no business with a shop's payments calls everything there is.

The methods are read from the registry: one that is new is covered by itself. What
holds them off (break it, and these go red): ``security/*``, ``check_access`` in each
method of the Point of Sale, ``groups=NO_ACCESS`` of the secrets,
``sci_arguments`` (a sentence instead of a traceback), ``pos_order_line`` (links).
"""

from .common_attack import ANYTHING, MONEY, SHOP, AttackCommon

#: What the ORM makes of a wrong argument is its own business.
NOT_OURS = ("create", "write")


class TestAttack(AttackCommon):
    def ids(self, model):
        return self.theirs[model].ids if model in self.theirs else []

    def test_strangers_and_our_models(self):
        """No secret, no record of the shop, no change, nothing sent to mx51."""
        asked = len(self.sandbox.get("exchanges"))
        mine = [self.theirs["pos.sci.transaction"].payment_uuid]
        mine += self.terminal.mapped("pairing_id")
        strangers = self.strangers()
        self.watch(SHOP)
        for who, stranger in strangers.items():
            for model in self.our_models():
                ours = self.public_methods(model, ours_only=True)
                for name in self.public_methods(model, ours_only=False):
                    pool = ANYTHING if name in ours else ()
                    for arguments in self.argument_lists(model, name, pool):
                        with self.subTest(who, model=model, name=name, args=arguments):
                            text, error, changed = self.attack(
                                stranger, model, name, self.ids(model), arguments
                            )
                            self.assertFalse(changed)
                            self.assert_tells_nothing(text)
                            for value in mine:
                                self.assertNotIn(value, text)
                            if name in ours and name not in NOT_OURS:
                                self.assert_is_a_sentence(error)
        self.assertEqual(len(self.sandbox.get("exchanges")), asked)

    def test_strangers_and_what_we_add_to_other_models(self):
        strangers = self.strangers().items()
        self.watch(SHOP)
        for model in self.other_models():
            for name in self.public_methods(model, ours_only=True):
                for arguments in self.argument_lists(model, name, ()):
                    for who, stranger in strangers:
                        with self.subTest(who, model=model, name=name, args=arguments):
                            text, _error, changed = self.attack(
                                stranger, model, name, self.ids(model), arguments
                            )
                            self.assertFalse(changed)
                            self.assert_tells_nothing(text)

    def test_staff_and_our_models(self):
        """Those who work here get no secret either, and what they send in error is
        answered with a sentence; money and pairings change by our methods only."""
        administrator = self.env.ref("base.user_admin")
        administrator.write(
            {"company_ids": [(4, self.company.id)], "company_id": self.company.id}
        )
        self.watch(MONEY)
        for person in (self.cashier, self.manager, administrator):
            for model in self.our_models():
                ours = self.public_methods(model, ours_only=True)
                for name in self.public_methods(model, ours_only=False):
                    pool = ANYTHING if name in ours else ()
                    for arguments in self.argument_lists(model, name, pool):
                        with self.subTest(
                            person.login, model=model, name=name, args=arguments
                        ):
                            text, error, changed = self.attack(
                                person, model, name, self.ids(model), arguments
                            )
                            self.assert_tells_nothing(text)
                            if name in ours and name not in NOT_OURS:
                                self.assert_is_a_sentence(error)
                            else:
                                self.assertFalse(changed)

    def test_ids_that_are_none(self):
        """Methods of ours on what is not one record."""
        self.watch(MONEY)
        for model in ("pos.sci.transaction", "pos.sci.terminal", "pos.session"):
            for name in self.public_methods(model, ours_only=True):
                if name in NOT_OURS or name.startswith("action_pos_"):
                    continue
                arguments = self.argument_lists(model, name, [])[0]
                for ids in ([], [0], [-1], [2**70], ["x"], [None], [True], [2**31 - 1]):
                    with self.subTest(model=model, name=name, ids=ids):
                        _text, error, _changed = self.attack(
                            self.manager, model, name, ids, arguments
                        )
                        self.assert_is_a_sentence(error)

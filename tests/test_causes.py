from odoo.tests import TransactionCase, tagged

from ..sci import errors
from ..server.causes import OF_THE_SERVER, cause_text
from ..server.sentences import error_view


@tagged("post_install", "-at_install")
class TestCauses(TransactionCase):
    """Each cause of a failed request has a sentence, for whom it concerns."""

    def error(self, reason):
        error = errors.NoAnswer("x", sent=False)
        error.reason, error.host, error.http_status = reason, "sci.example", 502
        return error

    def env_of(self, *groups):
        user = self.env["res.users"].create(
            {"name": "x", "login": f"sci_{len(groups)}"}
        )
        user.group_ids += self.env["res.groups"].union(*map(self.env.ref, groups))
        return self.env(user=user.id)

    def test_every_reason_has_a_sentence(self):
        env = self.env(user=self.env.ref("base.user_admin").id)
        texts = [cause_text(env, self.error(reason)) for reason in errors.REASONS]
        self.assertTrue(all(texts))
        self.assertEqual(len(set(texts)), len(texts))

    def test_what_concerns_the_server_is_for_its_administrator(self):
        env = self.env_of("point_of_sale.group_pos_user")
        for reason in OF_THE_SERVER:
            text = cause_text(env, self.error(reason))
            self.assertNotIn("sci.example", text)
            self.assertIn("administrator", text)

    def test_it_is_the_hint_below_the_required_text(self):
        env = self.env(user=self.env.ref("base.user_admin").id)
        view = error_view(env, self.error("certificate"))
        self.assertEqual(view["message"], errors.NETWORK_TEXT)
        self.assertIn("sci.example", view["hint"])
        self.assertIn("REQUESTS_CA_BUNDLE", view["hint"])
        self.assertEqual(cause_text(env, errors.NoAnswer("x")), "")

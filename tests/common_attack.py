"""What attackers have in common: who they are, what they can call, what they send."""

import inspect
import json
from contextlib import closing

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tools import mute_logger

from ..ledger.reviews import raise_item
from .common import SciCommon
from .sandbox_process import API_KEY, PART_A

ADDON = "odoo.addons.pos_mx51_sci."
#: What nobody may change who has no business here: tables, and which rows of them.
SHOP = dict.fromkeys(
    (
        "pos_sci_transaction",
        "pos_sci_terminal",
        "pos_sci_review",
        "pos_config",
        "pos_payment_method",
    ),
    "TRUE",
)
#: What only payments and pairing change.
MONEY = {
    "pos_sci_transaction": "TRUE",
    "(SELECT id, company_id, state, pairing_id, key_id, api_base_url,"
    " signing_secret_part_b FROM pos_sci_terminal)": "state <> 'unpaired'",
}
SECRET_FIELDS = ("signing_secret_part_b", "claimed_at", "pos_instructions")

#: Of every kind that JSON has, and some that nobody expects.
ANYTHING = (
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "x",
    "half \ud800 and \x00",
    [],
    [[6, 0, [1]]],
    {},
    {"payment_uuid": "\x00", "attempt": 2**70, "amounts": [[]], "config_id": {}},
)
#: What somebody who knows Odoo sends for an argument of this name.
TELLING = {
    "fields": list(SECRET_FIELDS),
    "field_names": list(SECRET_FIELDS),
    "fields_to_export": list(SECRET_FIELDS),
    "allfields": list(SECRET_FIELDS),
    "fnames": list(SECRET_FIELDS),
    "field_name": SECRET_FIELDS[0],
    "specification": {name: {} for name in SECRET_FIELDS},
    "domain": [(SECRET_FIELDS[0], "like", "%")],
    "groupby": [SECRET_FIELDS[0]],
    "aggregates": [f"{SECRET_FIELDS[0]}:array_agg"],
    "order": SECRET_FIELDS[0],
    "values": {"state": "paired", "api_base_url": "https://evil.example"},
    "vals": {"status": "FINALISED", "financial_status": "APPROVED"},
    "vals_list": [{"name": "x", "api_base_url": "https://evil.example"}],
    "default": {"api_base_url": "https://evil.example"},
}


class AttackCommon(SciCommon):
    """A shop with a paired terminal and a payment in progress; people who try."""

    def setUp(self):
        super().setUp()
        self.mute("ledger.flow")
        # Refusals are what is expected, and Odoo logs each.
        muted = mute_logger(
            *("odoo.sql_db", "odoo.models", "odoo.http", "py.warnings"),
            "odoo.addons.base.models.ir_module",
        )
        muted.__enter__()
        self.addCleanup(muted.__exit__)
        self.pair()
        self.register.open_ui()
        row = self.row(self.start())
        item = raise_item(self.env, "other_amount", "x", row=row)
        #: A record of the shop by model.
        self.theirs = {
            record._name: record
            for record in (
                *(row, item, self.terminal, self.register, self.method),
                self.register.current_session_id,
            )
        }
        self.secrets = [
            self.terminal.sudo().signing_secret_part_b,
            PART_A,
            API_KEY,
            "sig1=",
        ]

    def watch(self, what):
        """What nobody may change from now on: ``{table: rows}``."""
        self.env.flush_all()
        self.watched = what
        self.companies = {}
        self.untouched = self.fingerprint()

    def strangers(self):
        """Who has no business with this shop, by what they are."""
        elsewhere = self.env["res.company"].create({"name": "Another shop"})
        portal = self._user("portal", "base.group_user")
        portal.group_ids = self.env.ref("base.group_portal")
        return {
            "manager elsewhere": self._user(
                "boss", "point_of_sale.group_pos_manager", elsewhere
            ),
            "cashier elsewhere": self._user(
                "till", "point_of_sale.group_pos_user", elsewhere
            ),
            "employee": self._user("clerk", "base.group_user"),
            "portal": portal,
            "nobody": self.env.ref("base.public_user"),
        }

    # -- what can be called ------------------------------------------------------------

    def our_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if model._original_module == "pos_mx51_sci"
        ]

    def other_models(self):
        """Models of others that this addon extends."""
        return [
            name
            for name, model in self.env.registry.items()
            if model._original_module != "pos_mx51_sci"
            and any(base.__module__.startswith(ADDON) for base in model.mro())
        ]

    def public_methods(self, model, ours_only):
        """Names of the methods that a remote call may name.

        :param ours_only: those that are defined or overridden in this addon
        """
        cls = type(self.env[model])
        names = [
            name
            for name in dir(cls)
            if not name.startswith("_")
            and inspect.isroutine(getattr(cls, name))
            and (
                not ours_only
                or any(
                    name in vars(base) and base.__module__.startswith(ADDON)
                    for base in cls.mro()
                )
            )
        ]
        return [name for name in names if self._is_public(model, name)]

    def _is_public(self, model, name):
        try:
            return bool(get_public_method(self.env[model], name))
        except (AccessError, AttributeError):
            return False

    def argument_lists(self, model, name, pool):
        """The arguments of ``name``: each of ``pool`` in every place, and what is
        telling of an argument's name."""
        parameters = [
            parameter
            for parameter in list(
                inspect.signature(
                    getattr(type(self.env[model]), name)
                ).parameters.values()
            )[1:]
            if parameter.kind
            in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        ]
        if not parameters:
            return [{}]
        names = [parameter.name for parameter in parameters]
        found = [{name: TELLING.get(name, 1) for name in names}]
        return found + [dict.fromkeys(names, value) for value in pool]

    def attack(self, user, model, name, ids, arguments):
        """One remote call, undone afterwards.

        :return: ``(answer or error as text, exception or None, whether the shop's
            records have changed)``
        """
        record = self.env[model].with_user(user).with_company(self._company_of(user))
        is_model_method = getattr(getattr(type(record), name), "_api_model", False)
        error = None
        with closing(self.env.cr.savepoint()):
            try:
                args = [] if is_model_method else [ids]
                text = json.dumps(call_kw(record, name, args, arguments), default=str)
                self.env.flush_all()
            except Exception as exc:
                text, error = str(exc), exc
            changed = self.fingerprint() != self.untouched
        self.env.invalidate_all()
        return text, error, changed

    def _company_of(self, user):
        if user.id not in self.companies:
            self.companies[user.id] = user.sudo().company_id
        return self.companies[user.id]

    def fingerprint(self):
        """All that the shop's records hold. What PostgreSQL refuses changes none."""
        query = " UNION ALL ".join(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t"
            f" WHERE company_id = {self.company.id} AND {rows}"
            for table, rows in self.watched.items()
        )
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except psycopg2.errors.InFailedSqlTransaction:
            return self.untouched
        return self.env.cr.fetchall()

    def assert_tells_nothing(self, text):
        for secret in self.secrets:
            self.assertNotIn(secret, text)

    def assert_is_a_sentence(self, error):
        """A person gets a sentence, not a traceback."""
        if error and not isinstance(error, UserError | AccessError):
            raise error

"""Who may pay at a kiosk: nobody has logged in, so tokens stand for the register and
for the order, as in ``pos_self_order``."""

from werkzeug.exceptions import NotFound, Unauthorized

from odoo.tools import consteq

from ..ledger import alerts
from ..server.odoo_adapter import is_card_method
from .payment import last_row


def register_of(env, access_token):
    """The kiosk with this token, for its own user and company, and in the shop's
    language: what is written for a customer, the shop reads.

    :raises Unauthorized: there is none, or its session is not open
    """
    found = env["pos.config"].sudo()
    if _is_token(access_token):
        found = found.search([("access_token", "=", access_token)], limit=1)
    # The field is of a module that need not be installed.
    is_kiosk = "self_ordering_mode" in found._fields and (
        found.self_ordering_mode == "kiosk"
    )
    if not is_kiosk or not found.has_active_session:
        raise Unauthorized("Invalid access token")
    company, user = found.company_id, found.self_ordering_default_user_id
    return (
        found.sudo(False)
        .with_company(company)
        .with_user(user)
        .with_context(allowed_company_ids=company.ids, lang=alerts.language(company))
    )


def in_language(register, chosen):
    """The kiosk in its customer's language.

    :param chosen: what its page keeps in a cookie: a language's code, or anything else
    :return: in ``chosen`` if the kiosk offers that, else in the kiosk's own language
    """
    kiosk = register.sudo()
    own = kiosk.self_ordering_default_language_id
    offered = kiosk.self_ordering_available_language_ids | own
    codes = offered.filtered("active").mapped("code")
    if chosen not in codes:
        chosen = own.code if own.code in codes else register.env.lang
    return register.with_context(lang=chosen)


def order_of(register, uuid, access_token):
    """The order that the tokens name: this kiosk's, also once a counter has taken it
    over and it belongs to that register.

    :return: empty where it was deleted since this kiosk asked for a card
    :raises Unauthorized: there is none
    """
    if not _is_token(uuid) or not _is_token(access_token):
        raise Unauthorized("Invalid order token")
    order = register.env["pos.order"].search([("uuid", "=", uuid)], limit=1)
    if order.config_id != register:
        is_begun_here = bool(last_row(register.env, register, uuid))
        if not is_begun_here or order and order.company_id != register.company_id:
            raise Unauthorized("Invalid order token")
    if order and not consteq(order.access_token or "", access_token):
        raise Unauthorized("Invalid order token")
    return order


def method_of(register, method_id):
    """:raises NotFound: no card method of this kiosk"""
    methods = register.payment_method_ids.filtered(
        lambda method: method.id == method_id and is_card_method(method)
    )
    if not methods:
        raise NotFound("No such payment method")
    return methods


def _is_token(value):
    """Whether a database can be asked for it."""
    return (
        bool(value)
        and isinstance(value, str)
        and value.isascii()
        and (value.isprintable())
    )

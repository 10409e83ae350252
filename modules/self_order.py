"""Kiosks of ``pos_self_order``: they learn that this addon takes cards."""

from odoo.fields import Domain

from ..server.odoo_adapter import CARD_METHODS, MX51_SCI
from ..server.wrapping import wrap


def is_installed(env):
    return "self_ordering_mode" in env["pos.config"]._fields


def extend(env):
    wrap(env["pos.config"], "_supported_kiosk_payment_terminal", _with_ours)
    methods = env["pos.payment.method"]
    wrap(methods, "_load_pos_self_data_domain", _with_cards)
    wrap(env["pos.config"], "load_self_data", _without_ours)


def _with_ours(original, register):
    return [*original(register), MX51_SCI]


def _with_cards(original, methods, data, config):
    domain = original(methods, data, config)
    if config.self_ordering_mode != "kiosk":
        return domain
    of_register = Domain("id", "in", config.payment_method_ids.ids)
    return Domain.OR([domain, of_register & Domain(CARD_METHODS)])


def _without_ours(original, register):
    """Anybody may load it, and nothing of this addon is for anybody."""
    return {
        model: [
            {
                name: it
                for name, it in values.items()
                if not name.lstrip("_").startswith("sci_")
            }
            for values in records
        ]
        for model, records in original(register).items()
    }

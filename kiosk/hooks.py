"""How a kiosk of ``pos_self_order`` learns that this addon takes cards.

That module is no dependency. Its hooks return fixed values without asking further, and
it is loaded after this addon, so an override here would never be called: they are
wrapped in the registry's classes instead, where they exist.
"""

from odoo.fields import Domain

from ..server.odoo_adapter import CARD_METHODS, MX51_SCI


def extend(env):
    """Once the registry is complete."""
    _wrap(env["pos.config"], "_supported_kiosk_payment_terminal", _with_ours)
    _wrap(env["pos.payment.method"], "_load_pos_self_data_domain", _with_cards)


def _wrap(model, name, wrapper):
    registry_class = type(model)
    original = getattr(registry_class, name, None)
    if not original or hasattr(original, "_mx51_sci"):
        return

    def wrapped(self, *args):
        return wrapper(original(self, *args), *args)

    wrapped._mx51_sci = True
    setattr(registry_class, name, wrapped)


def _with_ours(terminals):
    return [*terminals, MX51_SCI]


def _with_cards(domain, _data, config):
    if config.self_ordering_mode != "kiosk":
        return domain
    of_register = Domain("id", "in", config.payment_method_ids.ids)
    return Domain.OR([domain, of_register & Domain(CARD_METHODS)])

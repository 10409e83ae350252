"""Turns a fresh database into the demo shop; run by ./dev/run in the Odoo shell.

An Australian company with two registers, "Front Bar" and "Bistro". If run again, it
adds what is missing and leaves the rest alone.
"""

REGISTERS = ["Front Bar", "Bistro"]
PEOPLE = {
    "cashier": ("Casey the cashier", "point_of_sale.group_pos_user"),
    "manager": ("Morgan the manager", "point_of_sale.group_pos_manager"),
}
DRINKS = {
    "Flat white": 4.50,
    "Long black": 4.00,
    "Schooner of pale ale": 8.50,
    "Lemon, lime and bitters": 5.00,
}
TIME_ZONE = "Australia/Sydney"
LANGUAGE = "en_AU"
BAKERY = "point_of_sale.pos_config_bakery"


def make(env):
    company = env.ref("base.main_company")
    assert company.chart_template == "au" and company.currency_id.name == "AUD"
    company.name = "The Corner Pub"
    env["res.lang"]._activate_and_install_lang(LANGUAGE)
    company.partner_id.lang = LANGUAGE
    _make_products(env)
    card = _make_card(env, company)
    for name in REGISTERS:
        _make_register(env, company, name, card)
    for login, (name, group) in PEOPLE.items():
        _make_user(env, login, name, group)
    env.ref("base.user_admin").write({"tz": TIME_ZONE, "lang": LANGUAGE})
    env.cr.commit()


def _make_products(env):
    """Odoo's own bakery products, without the register that comes with them."""
    if not env.ref("point_of_sale.product_wholemeal_loaf", raise_if_not_found=False):
        env["pos.config"].load_onboarding_bakery_scenario()
        bakery = env.ref(BAKERY)
        methods = bakery.payment_method_ids
        bakery.unlink()
        methods.filtered("is_cash_count").unlink()
    category = _named(env, "pos.category", "Drinks")
    for name, price in DRINKS.items():
        _named(
            env,
            "product.template",
            name,
            available_in_pos=True,
            list_price=price,
            pos_categ_ids=category.ids,
        )


def _make_card(env, company):
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    card = _named(env, "pos.payment.method", "Card", journal_id=bank.id)
    if not card.use_payment_terminal:  # Odoo refuses it while a register is open
        card.payment_method_type = "terminal"
        card.use_payment_terminal = "mx51_sci"
    return card


def _make_register(env, company, name, card):
    """A register with cash, the card method and an unpaired EFTPOS terminal."""
    register = env["pos.config"].search([("name", "=", name)])
    if register:
        return
    journal = env["account.journal"].create(
        {"name": f"Cash {name}", "type": "cash", "company_id": company.id}
    )
    cash = env["pos.payment.method"].create({"name": "Cash", "journal_id": journal.id})
    terminal = _named(env, "pos.sci.terminal", name)
    card.sci_terminal_ids |= terminal
    env["pos.config"].create(
        {
            "name": name,
            "payment_method_ids": [(6, 0, (cash | card).ids)],
            "sci_terminal_id": terminal.id,
        }
    )


def _make_user(env, login, name, group):
    """A user in exactly this group; the password is the login."""
    found = env["res.users"].search([("login", "=", login)])
    if found:
        found.lang = LANGUAGE
        return
    groups = env.ref("base.group_user") | env.ref(group)
    env["res.users"].create(
        {
            "name": name,
            "login": login,
            "password": login,
            "tz": TIME_ZONE,
            "lang": LANGUAGE,
            "group_ids": [(6, 0, groups.ids)],
        }
    )


def _named(env, model, name, **values):
    """The record of this name, created if there is none."""
    found = env[model].search([("name", "=", name)], limit=1)
    return found or env[model].create({"name": name, **values})


make(env)  # noqa: F821

"""Set-up of EFTPOS: the "Card" payment method, and which register uses which terminal.

Works with the user's own rights; nothing here asks mx51.
"""

from odoo.exceptions import UserError
from odoo.fields import Domain

from ..ledger import rows
from ..ledger.states import PAID
from ..server.odoo_adapter import MX51_SCI, TERMINAL_FIELD, card_methods


def overview(env, wanted=None):
    """The terminals and registers of the company, as the set-up screen shows them.

    ``next`` is the terminal to pair now, ``{id, name}`` without an id where it has to
    be made, ``False`` where each register has one; ``another`` is a name for one more.

    :param wanted: the register that somebody wants a terminal for
    """
    of_company = [("company_id", "=", env.company.id)]
    found = env["pos.sci.terminal"].search(of_company)
    registers = env["pos.config"].search(of_company, order="id")
    return {
        "terminals": [_terminal(terminal) for terminal in found],
        "registers": [_register(register) for register in registers],
        "next": _next(found, registers, wanted),
        "another": env._("Terminal %s", len(found) + 1),
        "keepers": ", ".join(env.company.sudo().sci_keeper_ids.mapped("name")),
    }


def _terminal(terminal):
    return {
        "id": terminal.id,
        "name": terminal.name,
        "state": terminal.state,
        "is_copy": terminal.is_of_other_database,
        "has_paid": has_paid(terminal),
    }


def _register(register):
    return {
        "id": register.id,
        "name": register.name,
        "terminal_id": register.sci_terminal_id.id,
        "terminal": register.sci_terminal_id.name or "",
        "takes_cards": bool(card_methods(register)),
        # Odoo changes the payment methods of no open register.
        "is_open": bool(register.current_session_id),
    }


def has_paid(terminal):
    """Whether a card was charged under the terminal's pairing."""
    return bool(terminal.pairing_id) and bool(
        terminal.env["pos.sci.transaction"]
        .sudo()
        .search_count(
            PAID.domain
            & Domain("terminal_id", "=", terminal.id)
            & Domain("pairing_id", "=", terminal.pairing_id),
            limit=1,
        )
    )


def _next(found, registers, wanted):
    """What has begun comes first, then what registers wait for: most shops have a
    terminal beside each register, called the same."""
    begun = found.filtered(lambda it: it.state == "confirming")
    if wanted and wanted in registers:
        begun, registers = begun & wanted.sci_terminal_id, wanted
    waited_for = registers.sci_terminal_id.filtered(lambda it: it.state == "unpaired")
    for terminal in begun or waited_for:
        return {"id": terminal.id, "name": terminal.name}
    names = set(found.filtered(lambda it: it.state == "paired").mapped("name"))
    for register in registers:
        if not register.sci_terminal_id and register.name not in names:
            return {"id": False, "name": register.name}
    return False


def name_terminal(env, name, known=None):
    """The terminal that is about to be paired under a name: the one that is known, or
    an unpaired one of this name without a history, or a new one.

    :return: its id
    """
    Terminal = env["pos.sci.terminal"]
    if not known:
        domain = [
            ("company_id", "=", env.company.id),
            ("name", "=", name),
            ("state", "=", "unpaired"),
        ]
        unused = Terminal.search(domain).filtered(lambda it: not rows.any_of(it))
        known = unused[:1] or Terminal.create({"name": name})
    elif known.name != name:
        known.name = name
    return known.id


def use(register, terminal):
    """Have a register take cards with a terminal."""
    method = _card_method(register)
    if method not in register.payment_method_ids:
        if register.current_session_id:
            raise UserError(
                register.env._(
                    "%s is open, and payment methods cannot be added to an open "
                    "register. Close it, then tick it here.",
                    register.name,
                )
            )
        register.payment_method_ids = (
            register.payment_method_ids - _namesakes(register, method) + method
        )
    register.sci_terminal_id = terminal
    method.sci_terminal_ids |= terminal


def leave(register, terminal):
    """Have a register use this terminal no more; its payment methods stay."""
    if register.sci_terminal_id == terminal:
        register.sci_terminal_id = False


def suggest(terminal):
    """Have the register beside a terminal that has just been paired use it: the one of
    the same name, or the only one."""
    env = terminal.env
    if terminal.config_ids:
        return
    registers = env["pos.config"].search([("company_id", "=", terminal.company_id.id)])
    beside = registers.filtered(lambda register: register.name == terminal.name)
    if not beside and len(registers) == 1:
        beside = registers
    for register in beside.filtered(lambda register: not register.sci_terminal_id):
        if is_ready(register):
            use(register, terminal)


def is_ready(register):
    """Whether a register may be given a terminal now."""
    return bool(card_methods(register)) or not register.current_session_id


def look_after(env):
    """Who sets EFTPOS up looks after it, until the company names somebody else."""
    company = env.company.sudo()
    if not company.sci_keeper_ids:
        company.sci_keeper_ids = env.user


# -- the payment method ------------------------------------------------------------


def _card_method(register):
    """The register's method for SCI terminals, else the company's, else a new one."""
    env = register.env
    own = card_methods(register)
    domain = [
        ("company_id", "in", register.company_id.parent_ids.ids),
        (TERMINAL_FIELD, "=", MX51_SCI),
    ]
    Method = env["pos.payment.method"]
    return own[:1] or Method.search(domain, limit=1) or _new_method(register)


def _new_method(register):
    env, company = register.env, register.company_id
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "in", company.parent_ids.ids)], limit=1
    )
    if not journal:
        raise UserError(
            env._(
                "%s has no bank journal for card payments. Choose a chart of accounts "
                "or add a bank journal first.",
                company.name,
            )
        )
    return env["pos.payment.method"].create(
        {
            "name": env._("Card"),
            "journal_id": journal.id,
            "company_id": company.id,
            "payment_method_type": "terminal",
            TERMINAL_FIELD: MX51_SCI,
            "sequence": 1,
        }
    )


def _namesakes(register, method):
    """Methods of the register that are called the same and charge no terminal: of two
    buttons "Card", a cashier would press the wrong one."""
    return register.payment_method_ids.filtered(
        lambda other: (
            other.name == method.name
            and other.type == "bank"
            and other.payment_method_type == "none"
        )
    )

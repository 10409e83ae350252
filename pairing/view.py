"""What the pairing screen shows of a terminal: no secret."""

from ..ledger import terminals
from ..server import credentials
from ..server.sentences import cannot_sign_text


def pairing_view(terminal, error=None, confirmed=False):
    """:param terminal: in the environment of the user who looks at it
    :param error: shown instead of the stored one; ``False`` shows none
    :param confirmed: whether a pairing that is ``confirming`` is active already
    """
    shown = terminal.sudo()
    confirming = shown.state == "confirming"
    registers = shown.config_ids | shown.payment_method_ids.config_ids
    return {
        "id": shown.id,
        "name": shown.name,
        "state": shown.state,
        "pairing_nickname": shown.pairing_nickname or "",
        "pairing_id": shown.pairing_id or "",
        "confirmation_code": confirming and shown.confirmation_code,
        "tid": shown.tid or "",
        "terminal_nickname": shown.terminal_nickname or "",
        "paired_at": _iso(shown.paired_at),
        "last_checked_at": _iso(shown.last_checked_at),
        "error": (_stored_error(shown) if error is None else error) or False,
        "confirmed": confirming and confirmed,
        "can_pair": terminal.has_access("write"),
        "can_forget": shown.can_forget,
        "is_copy": shown.is_of_other_database,
        "credentials_error": _missing_credentials(terminal),
        "sandbox": shown.sandbox,
        "sandbox_page": credentials.sandbox_page(shown.api_base_url),
        "registers": registers.mapped("name"),
        "payment_methods": shown.payment_method_ids.mapped("name"),
        "suggested_nickname": shown.pairing_nickname
        or shown.config_ids[:1].name
        or shown.name,
    }


def _stored_error(terminal):
    return terminal.last_error_code and {
        "code": terminal.last_error_code,
        "message": terminal.last_error or "",
        "hint": terminal.last_error_hint or "",
    }


def _missing_credentials(terminal):
    env = terminal.env
    try:
        terminals.check_database(terminal.sudo())
        credentials.pairing_credentials()
    except credentials.CannotSign as exc:
        return cannot_sign_text(env, exc)
    return False


def _iso(moment):
    return moment and moment.isoformat() + "Z"

"""Errors of SCI as sentences for people: the only place where one becomes the other."""

from ..sci.errors import NotOurs, SciError
from .causes import cause_text
from .credentials import (
    CannotSign,
    OtherDatabase,
    OtherPairing,
    UnusableCredentials,
    option_of,
)

#: Codes of what keeps this server from asking mx51; by default, what it has not.
_CANNOT_SIGN = {OtherDatabase: "other_database", OtherPairing: "other_pairing"}


def error_view(env, error, hint=""):
    """``{code, message, hint}`` for the screens.

    ``message`` is the API's own text, as certification asks; ``hint`` says what to
    do next.
    """
    if isinstance(error, CannotSign):
        return {
            "code": _CANNOT_SIGN.get(type(error), "no_credentials"),
            "message": cannot_sign_text(env, error),
            "hint": "",
        }
    if not isinstance(error, SciError):
        raise TypeError(error)
    return {
        "code": error.code,
        "message": _message(env, error),
        "hint": hint or _advice(env, error),
    }


def in_one_text(error):
    """What :func:`error_view` says, where there is only room for one text."""
    return " ".join(filter(None, (error["message"], error["hint"])))


def _advice(env, error):
    if isinstance(error, NotOurs):
        return env._("Use another button, or cancel the payment.")
    return cause_text(env, error) or _hint(env, error.code)


def _message(env, error):
    """Sentences of ours are translated, those of the API stay as given."""
    if isinstance(error, NotOurs):
        return cause_text(env, error)
    if error.code in ("no_answer", "bad_answer"):
        return env._("Please check network and terminal connections and try again")
    if error.code == "device_not_connected":
        return env._(
            "The terminal is not connected. "
            "Please check network and terminal connections and try again."
        )
    return error.text


def cannot_sign_text(env, error):
    """Tell administrators what to set and where, and others whom to ask."""
    if isinstance(error, OtherDatabase):
        return env._(
            "This is a copy of the database that %s was paired in. Nothing is sent to "
            "the terminal from here.",
            error.terminal_name,
        )
    if isinstance(error, OtherPairing):
        return env._(
            "The pairing of %s has changed since, so the bank cannot be asked about "
            "this payment. Look at the terminal's receipt.",
            error.terminal_name,
        )
    if not env.user.has_group("base.group_system"):
        return env._("Ask your administrator to finish the SCI set-up.")
    if isinstance(error, UnusableCredentials):
        return _unusable_text(env, error)
    return env._(
        "Set %(variables)s in the environment of the Odoo server, or %(options)s in "
        "the section [mx51_sci] of its configuration file, then restart Odoo.",
        variables=", ".join(error.variables),
        options=", ".join(map(option_of, error.variables)),
    )


def _unusable_text(env, error):
    place = place_text(env, error.source)
    return {
        "quotes": env._(
            "%s has quotes around its value. Remove them, then restart Odoo.", place
        ),
        "blanks": env._(
            "%s has blanks or line breaks in its value. Remove them, then restart "
            "Odoo.",
            place,
        ),
        "comment": env._(
            "%s has a comment in its value. Remove it, then restart Odoo.", place
        ),
        "characters": env._(
            "%s has characters that cannot be sent, such as typographic quotes or "
            "invisible ones. Remove them, then restart Odoo.",
            place,
        ),
        "address": env._(
            "%s has no address that requests may go to: https:// and a host, without "
            "user name, ? or #. Correct it, then restart Odoo.",
            place,
        ),
        "unreadable": env._(
            "%s cannot be read. Check its path and its permissions.", place
        ),
    }[error.mistake]


def place_text(env, source):
    """Where a credential was found, to begin a sentence with.

    :param source: :class:`~.credentials.Source`
    """
    return {
        "environment": env._("The environment variable %s", source.name),
        "file": env._("The file named by the environment variable %s", source.name),
        "configuration": env._(
            "The option %s in the section [mx51_sci] of Odoo's configuration file",
            source.name,
        ),
    }[source.kind]


def not_sent_hint(env, code):
    """What to do about a payment that was refused before anything was charged."""
    hints = {
        "transaction_refused": env._(
            "The terminal is busy. Finish what it shows, then press Retry."
        ),
        "invalid_request": env._(
            "The terminal may not be set up for this kind of payment."
        ),
        "no_valid_signatures_found": _hint(env, "no_valid_signatures_found"),
    }
    return hints.get(code) or env._("Nothing was charged.")


def _hint(env, code):
    """What to do next, for every error in mx51's pairing guide
    (``docs/protocol.md`` 2.4)."""
    hints = {
        "invalid_request": env._(
            "Check the pairing code on the terminal and enter it again."
        ),
        "api_key_invalid": env._(
            "Ask your administrator to check the Pairing API key of the server."
        ),
        "api_key_missing": env._(
            "Ask your administrator to check the Pairing API key of the server."
        ),
        "pairing_route_forbidden": env._(
            "This terminal does not belong to a bank your key is made for. "
            "Use a terminal of an authorised environment."
        ),
        "test_api_key_forbidden_for_live_pairing": env._(
            "The server uses a test key, but this is a live terminal. "
            "Ask your administrator to set the live Pairing API key."
        ),
        "pairing_not_found": env._(
            "Compare the code with the one on the terminal and enter it again."
        ),
        "pairing_not_initial": env._(
            "This code was used or has expired. Start a new pairing on the terminal "
            "and enter the new code."
        ),
        "no_active_pairings_found": env._(
            "This terminal was unpaired on its side. Start a new pairing on the "
            "terminal and enter the code here."
        ),
        "no_valid_signatures_found": env._(
            "Ask your administrator to check the signing secret (Part A) and the "
            "clock of the server."
        ),
    }
    return hints.get(code, "")

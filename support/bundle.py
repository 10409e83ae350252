"""The support bundle: what somebody far away needs to find a fault, and nothing that
must not leave the shop: no secret, no card number, no receipt, no form, no customer."""

import io
import json
import platform
import re
import zipfile

from odoo.tools import config

from ..server import credentials, log_tail, waiting
from ..server.odoo_adapter import MX51_SCI, TERMINAL_FIELD
from . import check, reach

#: Attempts that are included.
ATTEMPTS = 50
#: Bytes at the end of Odoo's log file among which our lines are looked for.
OF_LOG_FILE = 2 * 1024 * 1024
HIDDEN = "•••"

_ODOO_OPTIONS = (
    "workers",
    "max_cron_threads",
    "gevent_port",
    "proxy_mode",
    "db_maxconn",
    "db_maxconn_gevent",
    "limit_time_cpu",
    "limit_time_real",
    "limit_time_real_cron",
    "limit_memory_soft",
    "limit_memory_soft_gevent",
)
_TERMINAL_FIELDS = (
    "id",
    "active",
    "state",
    "pairing_id",
    "tid",
    "api_base_url",
    "paired_at",
    "is_of_other_database",
    "last_checked_at",
    "not_connected_since",
    "last_error_code",
    "clock_offset",
    "override_after",
    "override_after_cancel",
)
_ATTEMPT_FIELDS = (
    "id",
    "payment_uuid",
    "attempt",
    "order_uuid",
    "kind",
    "status",
    "financial_status",
    "version",
    "amounts",
    "result_amounts",
    "exponent",
    "pairing_id",
    "sci_id",
    "error_code",
    "error_cause",
    "override_outcome",
    "given_up",
    "posting_due",
    "review_due",
    "sent_at",
    "followed_at",
    "finalised_at",
    "cancel_requested_at",
    "override_at",
)
_REGISTER_FIELDS = (
    "id",
    "sci_surcharge_rate",
    "sci_terminal_surcharge",
    "sci_cashout",
    "sci_moto",
    "sci_override_by_managers",
    "sci_way",
    "cash_rounding",
    "only_round_cash_method",
    "iface_tipproduct",
)
#: A card number, as a whole or in groups.
_CARD_NUMBER = re.compile(r"\b(?:\d[ -]?){12,18}\d\b")
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
#: What may be a login.
_WORD = re.compile(r"[\w.+@-]+")
#: What PostgreSQL adds to an error, in whichever language: values of a record.
_VALUES = re.compile(
    r"((?:^|(?<=\\n))[^\W\d_a-z]{4,}(?: \d+)? ?:).*?"
    r"(?=^\d{4}-\d\d-\d\d |^During handling |^The above exception |\Z)",
    re.DOTALL | re.MULTILINE,
)


def build(env, findings):
    """The bundle as bytes of a ZIP archive.

    :param findings: see :func:`~.check.findings`
    """
    hide = _hider(env)
    content = {
        "check.json": findings,
        "versions.json": _versions(env),
        "settings.json": _settings(env),
        "terminals.json": _records(env, "pos.sci.terminal", _TERMINAL_FIELDS),
        "attempts.json": _records(
            env, "pos.sci.transaction", _ATTEMPT_FIELDS, order="id desc", limit=ATTEMPTS
        ),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, values in content.items():
            text = json.dumps(values, indent=1, default=str, ensure_ascii=False)
            bundle.writestr(name, hide(text))
        bundle.writestr("log.txt", hide(_without_names(env, "\n".join(_log()))))
    return archive.getvalue()


def _versions(env):
    env.cr.execute("SHOW server_version")
    (postgresql,) = env.cr.fetchone()
    return {
        **check.versions(env),
        "python": platform.python_version(),
        "system": platform.system(),
        "postgresql": postgresql,
        "modules": env["ir.module.module"]
        .sudo()
        .search([("state", "=", "installed")])
        .mapped("name"),
    }


def _settings(env):
    with_terminals = [(f"payment_method_ids.{TERMINAL_FIELD}", "=", MX51_SCI)]
    registers = env["pos.config"].sudo().search(with_terminals)
    return {
        "odoo": {name: config.get(name) for name in _ODOO_OPTIONS},
        "credentials": {name: _origin(name) for name in credentials.VARIABLES},
        "pairing_api_host": reach.host_of(credentials.pairing_api_url()),
        "waits_in": waiting.way(),
        "registers": registers.read(_REGISTER_FIELDS, load=None),
    }


def _origin(variable):
    """Where a credential was found, never what it is."""
    try:
        value, source = credentials.find(variable)
    except credentials.UnusableCredentials as exc:
        return f"{exc.source.kind}: {exc.mistake}"
    return source.kind if value else "not set"


def _records(env, model, names, **options):
    found = env[model].sudo().with_context(active_test=False).search([], **options)
    return found.read(names, load=None)


# -- the log -----------------------------------------------------------------------


def _log():
    """Our last lines: of Odoo's log file, or of this process where there is none."""
    try:
        found = _of_file(config["logfile"])
    except (OSError, TypeError):
        found = []
    return found or [*_whose_lines(), *log_tail.lines()]


def _whose_lines():
    """Nobody is to take the lines of one process for all there are."""
    if waiting.way() == "threads":
        return
    yield (
        f"Lines of one process ({waiting.way()}) only. Payments are followed in others "
        "as well, above all in the evented one: Odoo has no log file that can be read, "
        "so their lines are where this server's output goes."
    )


def _of_file(path):
    if not path:
        return []
    ours = f" odoo.addons.{__name__.split('.')[2]}"
    with open(path, "rb") as file:
        file.seek(0, io.SEEK_END)
        file.seek(max(file.tell() - OF_LOG_FILE, 0))
        text = file.read().decode(errors="replace")
    found = [line for line in text.splitlines() if ours in line]
    return found[-log_tail.KEPT :]


# -- what must not leave the shop --------------------------------------------------


def _hider(env):
    """A function that takes secrets, card numbers and e-mail addresses out."""
    secrets = {value for name in credentials.SECRETS for value in _found(name)}
    env.cr.execute("SELECT signing_secret_part_b, key_id FROM pos_sci_terminal")
    secrets |= {value for row in env.cr.fetchall() for value in row if value}
    secrets |= {config[name] for name in ("db_password", "admin_passwd")}
    # What is as short as "admin" would be found in ordinary words.
    secrets = {secret for secret in secrets if secret and len(secret) > 5}
    longest_first = sorted(secrets, key=len, reverse=True)

    def hide(text):
        for secret in longest_first:
            text = text.replace(secret, HIDDEN)
        return _CARD_NUMBER.sub(HIDDEN, _EMAIL.sub(HIDDEN, text))

    return hide


def _without_names(env, text):
    """The log without logins and without values of records in database errors."""
    env.cr.execute("SELECT login FROM res_users WHERE length(login) > 5")
    logins = {login for (login,) in env.cr.fetchall()}
    text = _VALUES.sub(rf"\1 {HIDDEN}\n", text)
    return _WORD.sub(lambda it: HIDDEN if it[0].strip(".") in logins else it[0], text)


def _found(variable):
    try:
        value, _source = credentials.find(variable)
    except credentials.UnusableCredentials:
        return
    yield value

"""The support bundle: what somebody far away needs to find a fault, and nothing that
must not leave the shop: no secret, no card number, no receipt, no form, no customer,
and nothing of the server's other databases."""

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
    "cancel_sent_at",
    "cancel_result",
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
#: Nothing between two digits that stands in a time of day.
_CARD_NUMBER = re.compile(r"(?<!\d)(?:\d[ \xa0./_-]{0,2}){12,18}\d(?!\d)")
_EMAIL = re.compile(r"""(?:"[^"\n]*"|[^\s@<>"(),;:=]+)(?:@|%40)[\w-]+(?:\.[\w-]+)*""")
#: What may be a login.
_WORD = re.compile(r"[\w.+@-]+")
#: How a traceback ends: the type of an error, and its text, which may name anybody.
_RAISED = re.compile(
    r"(^Traceback \(most recent call last\):\n(?:[ \t][^\n]*\n)+[^\s:]+).*?"
    r"(?=\n\n(?:During handling of the|The) above exception[^\n]*\n\nTraceback |\Z)",
    re.DOTALL | re.MULTILINE,
)
#: What PostgreSQL adds to an error, in whichever language: values of a record.
_VALUES = re.compile(
    r"((?:^|(?<=\\n))[^\W\d_a-z]{4,}(?: \d+)? ?:).*?(?=^Traceback |\Z)",
    re.DOTALL | re.MULTILINE,
)
#: How Odoo's format begins a line of ours, with the database that it is about.
_OF_OURS = re.compile(
    rf"\S+ \S+ \d+ \S+ (.+?) odoo\.addons\.{__name__.split('.')[2]}[.\w]*: "
)
#: What Odoo writes where a line is about no database.
_NO_DATABASE = ("?", "None")


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
        bundle.writestr("log.txt", hide(_without_names(env, _log(env.cr.dbname))))
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


def _log(dbname):
    """Our last lines about this database and about none: of Odoo's log file, or of this
    process where there is none."""
    try:
        found = _of_file(config["logfile"], dbname)
    except (OSError, TypeError):
        found = []
    return found or [*_whose_lines(), *log_tail.lines(dbname)]


def _whose_lines():
    """Nobody is to take the lines of one process for all there are."""
    if waiting.way() == "threads":
        return
    yield (
        f"Lines of one process ({waiting.way()}) only. Payments are followed in others "
        "as well, above all in the evented one: Odoo has no log file that can be read, "
        "so their lines are where this server's output goes."
    )


def _of_file(path, dbname):
    if not path:
        return []
    with open(path, "rb") as file:
        file.seek(0, io.SEEK_END)
        file.seek(max(file.tell() - OF_LOG_FILE, 0))
        text = file.read().decode(errors="replace")
    begun = ((_OF_OURS.match(line), line) for line in text.splitlines())
    wanted = (dbname, *_NO_DATABASE)
    found = [line for start, line in begun if start and start[1] in wanted]
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


def _without_names(env, entries):
    """The log without logins, texts of errors in tracebacks, and values of records in
    database errors."""
    env.cr.execute("SELECT login FROM res_users WHERE length(login) > 5")
    logins = {login for (login,) in env.cr.fetchall()}
    entries = (_RAISED.sub(r"\1", entry) for entry in entries)
    text = "\n".join(_VALUES.sub(rf"\1 {HIDDEN}\n", entry) for entry in entries)
    return _WORD.sub(lambda it: HIDDEN if it[0].strip(".") in logins else it[0], text)


def _found(variable):
    try:
        value, _source = credentials.find(variable)
    except credentials.UnusableCredentials:
        return
    yield value

"""The set-up check: shows an administrator what is wrong before a cashier finds out.

It works on any server: nothing of ``dev/`` is needed.
"""

import odoo
from odoo.tools import config, format_datetime

from ..ledger import terminals
from ..server import credentials, proxies, waiting
from ..server.odoo_adapter import card_methods
from ..server.sentences import cannot_sign_text, place_text
from ..server.short_transactions import end_transaction
from . import reach
from .finding import Finding
from .set_up import has_paid

#: Minutes after which a scheduled action that should run every minute is late.
CRON_LATE = 10
#: Connections below which a burst of payments has to wait in the evented process.
FEW_CONNECTIONS = 8
#: ``problem`` of a browser that got no answer in time.
SILENCE = 0


def findings(env, way=None, problem=None):
    """All lines, as dictionaries of :class:`Finding`.

    :param way: the kind of process that answered the browser's request to
        ``/websocket`` (a key of :data:`~..server.waiting.WAYS`), ``None`` if none did
    :param problem: the HTTP status that it got instead, or :data:`SILENCE`
    """
    found = [_credentials(env), *_shop(env)]
    found += _databases(env)
    found += [_cron(env), _waiting(env, way, problem)]
    if way == "evented":
        found.append(_connections(env))
    addresses = reach.addresses(env)
    end_transaction(env)
    found += reach.findings(env, addresses)
    return [finding._asdict() for finding in found]


def shop_findings(env):
    """What a manager may set right, without asking anybody: of the user's company."""
    own = [("company_id", "=", env.company.id)]
    copied = [line for line in _databases(env, own) if line.state != "ok"]
    found = (_credentials(env), *copied, *_shop(env))
    return [finding._asdict() for finding in found]


def _credentials(env):
    title = env._("Credentials")
    try:
        credentials.pairing_credentials()
    except credentials.CannotSign as exc:
        return Finding("credentials", "error", title, cannot_sign_text(env, exc))
    text = env._("Pairing API key and signing secret (Part A) are set.")
    if credentials.is_sandbox():
        _url, source = credentials.find(credentials.PAIRING_API_URL_VARIABLE)
        text += " " + env._(
            "Payments go to a SANDBOX on this machine. %s leads there; for real ones, "
            "remove it.",
            place_text(env, source),
        )
        return Finding("credentials", "warning", title, text)
    return Finding("credentials", "ok", title, text)


# -- the shop ----------------------------------------------------------------------


def _shop(env):
    of_company = [("company_id", "=", env.company.id)]
    # An administrator need not sell.
    found = env["pos.sci.terminal"].sudo().search(of_company)
    registers = env["pos.config"].sudo().search(of_company)
    paired = found.filtered(lambda terminal: terminal.state == "paired")
    here = paired - paired.filtered(terminals.is_of_other_database)
    return [_paired(found, paired), _registers(registers), _tested(here)]


def _paired(found, paired):
    env, title = found.env, found.env._("Terminals")
    copied = found.filtered(terminals.is_of_other_database)
    if copied:
        text = env._(
            "Paired in another database: %s. See “Database”.",
            ", ".join(copied.mapped("name")),
        )
        return Finding("terminals", "warning", title, text)
    if not paired:
        text = env._("No terminal is paired yet. Begin with “Set up EFTPOS”.")
        return Finding("terminals", "warning", title, text)
    left = found - paired
    if left:
        text = env._(
            "Not paired: %s. Pair them, or archive what is no longer used.",
            ", ".join(left.mapped("name")),
        )
        return Finding("terminals", "warning", title, text)
    text = env._("Paired: %s.", ", ".join(paired.mapped("name")))
    return Finding("terminals", "ok", title, text)


def _registers(registers):
    env, title = registers.env, registers.env._("Registers")
    cards = registers.filtered(card_methods)
    if not cards:
        text = env._(
            "No register takes card payments with a terminal yet. Choose registers in "
            "“Set up EFTPOS”."
        )
        return Finding("registers", "warning", title, text)
    left = cards.filtered(
        lambda it: not (it.sci_terminal_id or card_methods(it).sci_terminal_ids)
    )
    if left:
        text = env._(
            "Without a terminal: %s. Choose one in “Set up EFTPOS”.",
            ", ".join(left.mapped("name")),
        )
        return Finding("registers", "warning", title, text)
    text = env._("With a terminal: %s.", ", ".join(cards.mapped("name")))
    return Finding("registers", "ok", title, text)


def _tested(paired):
    env, title = paired.env, paired.env._("Test payment")
    left = paired.filtered(lambda terminal: not has_paid(terminal))
    if left:
        text = env._(
            "No card has paid yet with %s. Sell something small at the register by "
            "card, then refund it.",
            ", ".join(left.mapped("name")),
        )
        return Finding("test", "warning", title, text)
    if not paired:
        text = env._("Pair a terminal first.")
        return Finding("test", "unknown", title, text)
    text = env._("A card has paid with each terminal.")
    return Finding("test", "ok", title, text)


# -- the database ------------------------------------------------------------------


def _databases(env, condition=()):
    """Archived terminals are paired too.

    :param condition: domain of the terminals
    """
    title = env._("Database")
    with_pairing = [("state", "!=", "unpaired"), *condition]
    every = env["pos.sci.terminal"].sudo().with_context(active_test=False)
    found = every.search(with_pairing)
    copied = found.filtered(terminals.is_of_other_database)
    if copied:
        text = env._(
            "This is a copy: nothing is sent to %s from here. If this is the live "
            "database, say so on the terminal's form.",
            ", ".join(copied.mapped("name")),
        )
        return [Finding("database", "error", title, text)]
    if not found:
        return []
    text = env._("Paired with this database: %s", ", ".join(found.mapped("name")))
    return [Finding("database", "ok", title, text)]


def _cron(env):
    title = env._("Scheduled actions")
    cron = env.ref("pos_mx51_sci.ir_cron_sweep", raise_if_not_found=False)
    if not cron or not cron.sudo().active:
        text = env._(
            "The scheduled action that finishes interrupted payments is switched off. "
            "Activate “EFTPOS: finish transactions nobody follows”."
        )
        return Finding("cron", "error", title, text)
    if cron.sudo().failure_count:
        return Finding("cron", "error", title, _failures(cron.sudo()))
    since = cron.sudo().lastcall
    if not since:
        text = env._("It has not run yet. Check again in a few minutes.")
        return Finding("cron", "warning", title, text)
    minutes = int((env.cr.now() - since).total_seconds() // 60)
    if minutes >= CRON_LATE:
        text = env._(
            "Interrupted payments were last looked after %s minutes ago. Start Odoo "
            "with --max-cron-threads of at least 1; a host that runs scheduled actions "
            "rarely finishes interrupted payments late.",
            minutes,
        )
        return Finding("cron", "error", title, text)
    text = env._("Interrupted payments were looked after %s minutes ago.", minutes)
    return Finding("cron", "ok", title, text)


def _failures(cron):
    """Odoo keeps when an action has last run, however that went."""
    env = cron.env
    since = format_datetime(env, cron.first_failure_date, dt_format="short")
    return env._(
        "It has failed since %(time)s (runs: %(count)s), so interrupted payments are "
        "left as they are. Odoo's log says why.",
        time=since,
        count=cron.failure_count,
    )


# -- how requests arrive -----------------------------------------------------------


def _waiting(env, way, problem):
    title = env._("Waiting for payments")
    if way == "evented":
        text = env._("Payments wait in the evented process, which costs nothing.")
        return Finding("waiting", "ok", title, text)
    if way == "threads" and waiting.most_held() == 0:
        text = env._(
            "Fewer than %s threads answer requests here (ODOO_MAX_HTTP_THREADS), so no "
            "payment waits in one, and each register asks every second. Set it to at "
            "least that number, or remove it, then restart Odoo.",
            waiting.COUNTED_PER_HELD,
        )
        return Finding("waiting", "warning", title, text)
    if way == "threads":
        text = env._("Payments wait in a thread of this server, which has no workers.")
        return Finding("waiting", "ok", title, text)
    if way == "worker":
        text = env._(
            "Payments work, but each register asks every second and takes a worker to "
            "do so. Have the proxy send all of /websocket to the evented process:"
        )
    else:
        text = env._(
            "/websocket did not answer (%s). Payments take another way, but registers "
            "learn of nothing by themselves. Have the proxy send all of /websocket to "
            "the evented process:",
            _problem(env, problem),
        )
    return Finding("waiting", "warning", title, text, proxies.lines())


def _problem(env, problem):
    if problem == SILENCE:
        return env._("no answer in time")
    return problem or env._("no connection")


def _connections(env):
    title = env._("Database connections")
    most = int(config["db_maxconn_gevent"] or config["db_maxconn"])
    text = env._(
        "The evented process may open %s database connections (db_maxconn_gevent).",
        most,
    )
    if most >= FEW_CONNECTIONS:
        return Finding("connections", "ok", title, text)
    text += " " + env._(
        "In a burst, payments wait for one another. Raise it to at least %s, within "
        "PostgreSQL's max_connections, then restart Odoo.",
        FEW_CONNECTIONS,
    )
    return Finding("connections", "warning", title, text)


def versions(env):
    """What support asks first."""
    module = env["ir.module.module"].sudo().search([("name", "=", "pos_mx51_sci")])
    return {
        "addon": module.installed_version,
        "odoo": odoo.release.version,
        "process": waiting.way(),
    }

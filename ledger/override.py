"""Who may state the outcome of a card payment (``docs/ledger.md`` "Override")."""

import hmac
import logging
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Domain

from ..server.arguments import clean_text, is_id
from ..server.short_transactions import ShortTransactions
from . import terminals
from .steps import override_refusal, pin_sentences

_logger = logging.getLogger(__name__)

#: Wrong PINs of one register until it has to wait, and for how long.
PIN_TRIES = 5
PIN_WAIT = timedelta(minutes=5)

MANAGERS = "point_of_sale.group_pos_manager"


class Person(NamedTuple):
    """Who has proved to be a manager.

    :param name: kept with what is stated
    :param ref: for the log, which names nobody: ``user 2``, ``employee 7``
    """

    name: str
    ref: str


def check_user(env, text=None):
    """:raises AccessError: the user is no manager"""
    if not env.user.has_group(MANAGERS):
        text = text or env._("Only a manager may state the outcome of a payment.")
        raise AccessError(text)


def check_cashier(row, short, who, secret):
    """Check a cashier at the register, according to its settings.

    Where ``pos_hr`` tells cashiers apart, a register's user says nothing about who
    stands in front of it: employee, role and PIN are checked here. Elsewhere a manager
    may answer in place of the user, with login and password.

    :param row: the row, in the environment of the register's user
    :param short: :class:`~..server.short_transactions.ShortTransactions`
    :param who: id of an employee, or a manager's login; ``None`` for the user
    :param secret: that employee's PIN, or the password
    :return: ``(name of that person or None, error or None)``
    :raises AccessError: not a manager where only managers may
    """
    config = row.config_id.sudo()
    if config.sci_override_by_managers:
        return check_manager(row, short, override_refusal, who, secret)
    employee = _employee(config, who)
    return employee and employee.name, None


def check_manager(row, short, refusal_of, who, secret):
    """The same where only a manager may.

    :param refusal_of: ``refusal_of(env, row id)``: a code where nobody may at this
        moment; then neither PIN nor password is compared
    """
    text = row.env._("Only a manager may state the outcome of a payment.")
    prove = _manager_at(row.env, row.config_id.sudo(), text, who)
    if not prove:
        return None, None
    refusal = short.run(refusal_of, row.id)
    person, error = (None, refusal) if refusal else prove(short, secret)
    return person and person.name, error


def identify(env, config, text, who, secret):
    """Who a manager at a register is: with ``pos_hr`` the employee, else the one who
    logs in, or the user.

    :param env: the user's
    :param text: what is said to others
    :param who: see :func:`check_cashier`
    :return: the manager, as the log may have it
    :raises AccessError: not a manager
    :raises UserError: not this manager's PIN or password
    """
    prove = _manager_at(env, config.sudo(), text, who)
    if not prove:
        return f"user {env.uid}"
    person, error = prove(ShortTransactions(env), secret)
    if error:
        raise UserError(pin_sentences(env)[error])
    return person.ref


def permit_refund(env, config, order_uuid, minor, who, secret):
    """A manager lets this order refund so much to a card, once, without naming a
    payment.

    :param minor: the amount in minor units
    :param who: see :func:`check_cashier`
    """
    text = env._("Only a manager may refund this to a card.")
    who = identify(env, config, text, who, secret)
    permit = _permit(clean_text(order_uuid), minor)
    _logger.info(
        "Register %s may refund without a payment (%s): %s", config.id, who, permit
    )
    ShortTransactions(env).run(_keep_permit, config.id, permit)


def use_permit(env, config):
    """A refund that named no payment is about to leave, or was refused: the next one
    needs another permit."""
    if config.sudo().sci_refund_permit:
        _keep_permit(env, config.id, None)


def switch_terminal(env, config, terminal, employee_id, pin):
    """A manager makes a terminal the register's own."""
    text = env._("Only a manager may change the terminal of a register.")
    who = identify(env, config, text, employee_id, pin)
    _logger.info("Register %s now uses terminal %s (%s)", config.id, terminal.id, who)
    ShortTransactions(env).run(_keep_terminal, config.id, terminal.id)


def _keep_terminal(env, config_id, terminal_id):
    # Not through the ORM: there, pos_hr changes who is a manager with every write.
    env.cr.execute(
        "UPDATE pos_config SET sci_terminal_id = %s WHERE id = %s",
        [terminal_id, config_id],
        log_exceptions=False,
    )
    terminals.notify(env["pos.config"].browse(config_id))


def _permit(order_uuid, minor):
    return f"{order_uuid} {minor}" if order_uuid and is_id(minor) else None


def _keep_permit(env, config_id, permit):
    # Not through the ORM: there, pos_hr changes who is a manager with every write.
    env.cr.execute(
        "UPDATE pos_config SET sci_refund_permit = %s WHERE id = %s",
        [permit, config_id],
        log_exceptions=False,
    )


def may_refund_freely(env, config, order_uuid, minor):
    """Whether this order may refund so much to a card without naming a payment.

    :param minor: in minor units; ``None`` where that is not known yet
    """
    if not config.sci_free_refund:
        return False
    if uses_employees(config):
        permit = _permit(order_uuid, minor)
        return bool(permit) and config.sudo().sci_refund_permit == permit
    return env.user.has_group(MANAGERS)


def _manager_at(env, config, text, who):
    """:return: ``prove(short, secret)``, which returns ``(Person or None, error or
        None)``; ``None`` where the user counts
    :raises AccessError: not a manager
    """
    if uses_employees(config):
        employee = _employee(config, who)
        if not employee or not _is_manager(config, employee):
            raise AccessError(text)
        return partial(_by_pin, config, employee)
    login = clean_text(who)
    if login:
        return partial(_by_login, config, login)
    check_user(env, text)
    return None


def _by_pin(config, employee, short, pin):
    error = short.run(_take_pin, config.id, employee.pin or "", clean_text(pin))
    person = Person(employee.name, f"employee {employee.id}")
    return (None, error) if error else (person, None)


def _by_login(config, login, short, password):
    return short.run(_take_password, config.company_id.id, login, password)


def uses_employees(config):
    """Whether ``pos_hr`` tells the cashiers of this register apart."""
    config = config.sudo()
    return "advanced_employee_ids" in config._fields and config.module_pos_hr


def _employee(config, employee_id):
    """The employee, if that is somebody who may log in at this register."""
    if not uses_employees(config) or not is_id(employee_id):
        return None
    may_log_in = Domain(config._employee_domain(config.current_user_id.id))
    named = Domain("id", "=", employee_id)
    return config.env["hr.employee"].search(may_log_in & named) or None


def _is_manager(config, employee):
    return employee in config.advanced_employee_ids or (
        employee.user_id and employee.user_id.has_group(MANAGERS)
    )


def _take_password(env, company_id, login, password):
    """Odoo's own check of a login, with its wait after too many wrong passwords. The
    work of one short transaction. Nobody is logged in by it.

    :return: ``(Person or None, error or None)``
    """
    credential = {"type": "password", "login": login, "password": password}
    try:
        if not isinstance(password, str):
            raise AccessDenied
        known = env["res.users"].sudo()._login(credential, {"interactive": True})
    except AccessDenied:
        return None, "wrong_login"
    user = env["res.users"].sudo().browse(known["uid"])
    if known["mfa"] != "skip" and user._mfa_type():
        return None, "second_factor"
    is_manager = user.has_group(MANAGERS) and company_id in user.company_ids.ids
    person = Person(user.name, f"user {user.id}")
    return (person, None) if is_manager else (None, "no_manager")


def _take_pin(env, config_id, expected, given):
    """Compare a PIN; after too many wrong ones even the right one has to wait. The
    work of one short transaction: the count outlives a refused request.

    :return: the code of the error, ``None`` for the right PIN
    """
    env.cr.execute(
        "SELECT sci_pin_failures, sci_pin_failed_at FROM pos_config"
        " WHERE id = %s FOR UPDATE",
        [config_id],
        log_exceptions=False,
    )
    failures, failed_at = env.cr.fetchone()
    now = fields.Datetime.now()
    if failed_at and failed_at < now - PIN_WAIT:
        failures = 0
    if (failures or 0) >= PIN_TRIES:
        return "too_many_pins"
    right = bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
    if right and not failures:
        return None
    # Not through the ORM: there, pos_hr changes who is a manager with every write.
    env.cr.execute(
        "UPDATE pos_config SET sci_pin_failures = %s, sci_pin_failed_at = %s"
        " WHERE id = %s",
        [0 if right else (failures or 0) + 1, None if right else now, config_id],
        log_exceptions=False,
    )
    return None if right else "wrong_pin"

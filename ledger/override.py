"""Who may state the outcome of a card payment (``docs/ledger.md`` "Override")."""

import hmac
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..server.arguments import clean_text, is_id
from .steps import override_refusal

#: Wrong PINs of one register until it has to wait, and for how long.
PIN_TRIES = 5
PIN_WAIT = timedelta(minutes=5)


def check_user(env):
    """:raises AccessError: the user is no manager"""
    if not env.user.has_group("point_of_sale.group_pos_manager"):
        raise AccessError(env._("Only a manager may state the outcome of a payment."))


def check_cashier(row, short, employee_id, pin):
    """Check a cashier at the register, according to its settings.

    Where ``pos_hr`` tells cashiers apart, a register's user says nothing about who
    stands in front of it: employee, role and PIN are checked here.

    :param row: the row, in the environment of the register's user
    :param short: :class:`~..server.short_transactions.ShortTransactions`
    :return: ``(name of the employee or None, error or None)``
    :raises AccessError: not a manager where only managers may
    """
    config = row.config_id.sudo()
    if config.sci_override_by_managers:
        return check_manager(row, short, override_refusal, employee_id, pin)
    employee = _employee(config, employee_id)
    return employee and employee.name, None


def check_manager(row, short, refusal_of, employee_id, pin):
    """The same where only a manager may.

    :param refusal_of: ``refusal_of(env, row id)``: a code where nobody may at this
        moment; then no PIN is compared
    """
    config = row.config_id.sudo()
    if not _uses_employees(config):
        check_user(row.env)
        return None, None
    employee = _employee(config, employee_id)
    if not employee or not _is_manager(config, employee):
        raise AccessError(
            row.env._("Only a manager may state the outcome of a payment.")
        )
    refusal = short.run(refusal_of, row.id)
    if refusal:
        return None, refusal
    error = short.run(_take_pin, config.id, employee.pin or "", clean_text(pin))
    return (None, error) if error else (employee.name, None)


def _uses_employees(config):
    return "advanced_employee_ids" in config._fields and config.module_pos_hr


def _employee(config, employee_id):
    """The employee, if that is somebody who may log in at this register."""
    if not _uses_employees(config) or not is_id(employee_id):
        return None
    may_log_in = Domain(config._employee_domain(config.current_user_id.id))
    named = Domain("id", "=", employee_id)
    return config.env["hr.employee"].search(may_log_in & named) or None


def _is_manager(config, employee):
    manager_group = "point_of_sale.group_pos_manager"
    return employee in config.advanced_employee_ids or (
        employee.user_id and employee.user_id.has_group(manager_group)
    )


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
    # Not through the ORM: there, pos_hr changes who is a manager with every write.
    env.cr.execute(
        "UPDATE pos_config SET sci_pin_failures = %s, sci_pin_failed_at = %s"
        " WHERE id = %s",
        [0 if right else (failures or 0) + 1, None if right else now, config_id],
        log_exceptions=False,
    )
    return None if right else "wrong_pin"

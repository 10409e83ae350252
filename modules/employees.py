"""Employees of ``pos_hr``: who is a manager at a register."""

from ..server.wrapping import wrap


def is_installed(env):
    return "advanced_employee_ids" in env["pos.config"]._fields


def extend(env):
    wrap(env["pos.config"], "write", _write)


def _write(original, registers, vals):
    """That module lets whoever may write to a register choose its managers, and whoever
    does so may take the register's card method away for that moment."""
    if "advanced_employee_ids" in vals and not registers.env.su:
        registers._sci_check_manager()
    return original(registers, vals)

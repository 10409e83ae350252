"""Employees of ``pos_hr``: who is a manager at a register."""

from ..server.odoo_adapter import is_card_method
from ..server.wrapping import wrap


def is_installed(env):
    return "advanced_employee_ids" in env["pos.config"]._fields


def extend(env):
    wrap(env["pos.config"], "write", _write)


def _write(original, registers, vals):
    """That module lets whoever may write to a register choose its managers."""
    methods = registers.payment_method_ids
    is_chosen = "advanced_employee_ids" in vals and not registers.env.su
    if is_chosen and any(map(is_card_method, methods)):
        registers._sci_check_manager()
    return original(registers, vals)

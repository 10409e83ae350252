"""What is wrapped of Odoo's other modules, once the registry is complete."""

from . import employees, loyalty, online, sales, self_order


def extend(env):
    for module in (employees, loyalty, online, sales, self_order):
        if module.is_installed(env):
            module.extend(env)

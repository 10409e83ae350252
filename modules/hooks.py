"""What is wrapped of Odoo's other modules, once the registry is complete."""

from . import employees, loyalty, online, sales


def extend(env):
    for module in (employees, loyalty, online, sales):
        if module.is_installed(env):
            module.extend(env)

"""Which database this is: a copy must not reach the terminals of the original."""


def identity(env):
    """The database's uuid and name. A copy has at least another name, or another uuid
    where Odoo itself has made it."""
    uuid = env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
    return f"{uuid} {env.cr.dbname}"

from . import controllers
from . import models
from . import wizards


def uninstall_hook(env):
    """The ledger's guard goes with it (its trigger goes with the table)."""
    env.cr.execute("DROP FUNCTION IF EXISTS pos_sci_transaction_guard() CASCADE")

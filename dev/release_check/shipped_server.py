"""An Odoo server whose addon is that of a folder, not the checkout's."""

import contextlib

from lib import databases, odoo_log, source
from testbed.odoo_server import OdooServer


class ShippedServer(OdooServer):
    """Logs as in production, and loads nothing of ours besides the addon."""

    loaded = "rpc"
    log_options = ()

    def __init__(self, addons_folder, name, database, sandbox, folder):
        super().__init__(name, database, sandbox, folder)
        self.addons_folder = addons_folder

    def environment(self):
        return super().environment() | {
            "ODOO_ADDONS_PATH": addons_path(self.addons_folder)
        }


@contextlib.contextmanager
def serving(addons_folder, name, database, sandbox, folder, problems):
    """A server within the block; what its log complains about is a problem."""
    server = ShippedServer(addons_folder, name, database, sandbox, folder)
    try:
        yield server.start()
    finally:
        server.kill()
    problems += odoo_log.complaints(server.log())


def install(database, addons_folder, arguments, title):
    """Run Odoo once with this addon; return what its log complains about."""
    options = [*arguments, "--addons-path", addons_path(addons_folder)]
    log = databases.install(database, options, title)
    if "-i" in arguments:
        databases.check_installed(database, log)
    return odoo_log.complaints(log.read_text(errors="replace"))


def addons_path(folder):
    return ",".join(str(place) for place in (*source.get().addons, folder))

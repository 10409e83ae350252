"""Properties of the protocol and of the ledger, for inputs that nobody thought of.

Odoo is loaded into this process, with a database of its own and cursors that commit.
The examples are always the same; ``--hypothesis-profile search`` looks for new ones.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from lib import databases, setup

from odoo import sql_db
from odoo.modules.module import initialize_sys_path
from odoo.tools import config

settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "search", settings.get_profile("same"), derandomize=False, max_examples=500
)
settings.load_profile("same")

config.parse_config(["--no-http"], setup_logging=False)
initialize_sys_path()


@pytest.fixture(scope="session")
def registry():
    """The registry of a fresh database that nobody else has."""
    from odoo.modules.registry import Registry

    setup.prepare()
    # ./dev/test drops databases of this name when their process is gone.
    name = f"test_{os.getpid()}_property"
    databases.new(name)
    yield Registry(name)
    sql_db.close_all()
    databases.drop(name)

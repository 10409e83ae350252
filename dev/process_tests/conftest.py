"""Real processes: two Odoo servers on one database, and a sandbox as mx51."""

import os
import signal

import pytest
from lib import databases, node, odoo, setup
from testbed import browser
from testbed.checked_register import CheckedRegister
from testbed.database import Database
from testbed.odoo_server import OdooServer
from testbed.proxy import Proxy
from testbed.sandbox import Sandbox
from testbed.shop import Shop


def pytest_configure(config):
    # SIGTERM ends everything that was started, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """The search for secrets comes after everything that logs and answers; after it
    the addon is removed."""
    last = {"test_secrets.py": 1, "test_removal.py": 2}
    items.sort(key=lambda item: last.get(item.path.name, 0))


@pytest.fixture(scope="session")
def database():
    """A fresh database for these tests alone."""
    setup.prepare()
    # ./dev/test drops databases of this name when their process is gone.
    name = f"test_{os.getpid()}_process"
    databases.new(name)
    opened = Database(name)
    # Without demo data, which takes longer than all the rest of these modules.
    opened.query("UPDATE ir_module_module SET demo = FALSE")
    others = "pos_hr,pos_loyalty"
    databases.install(name, ["-i", others], f"Installing {others}")
    # Scheduled actions run when a test wants them to.
    opened.query("UPDATE ir_cron SET active = FALSE")
    yield opened
    opened.close()
    databases.drop(name)


@pytest.fixture(scope="session")
def sandbox():
    process = Sandbox()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def servers(database, sandbox, tmp_path_factory):
    """Two Odoo servers with threads; the second one runs scheduled actions."""
    folder = tmp_path_factory.mktemp("odoo")
    # With rtlcss, by which Odoo turns its pages around.
    path = f"{node.modules() / '.bin'}{os.pathsep}{odoo.environment()['PATH']}"
    first = OdooServer(
        "first", database.name, sandbox, folder, variables={"PATH": path}
    )
    second = OdooServer("second", database.name, sandbox, folder, cron=True)
    yield first, second
    first.kill()
    second.kill()


@pytest.fixture(scope="session")
def answers():
    """The text of every answer that Odoo gave."""
    return []


@pytest.fixture(scope="session")
def lasting_shop(servers, database, sandbox, answers):
    return Shop(servers[0].start(), database, sandbox, answers)


@pytest.fixture
def first(servers):
    """A running Odoo server."""
    return servers[0].start()


@pytest.fixture
def second(servers):
    """Another running Odoo server, on the same database."""
    return servers[1].start()


@pytest.fixture
def shop(lasting_shop, first):
    """The shop with a terminal that was paired a moment ago."""
    lasting_shop.new_terminal()
    yield lasting_shop
    lasting_shop.database.resolve_all()


@pytest.fixture(scope="session")
def proxy():
    """The proxy between the browser and Odoo."""
    proxy = Proxy()
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def chromium():
    """The browser: playwright runs once in a process."""
    with browser.launched() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def checked_register(chromium, proxy, lasting_shop):
    """A register in Chromium."""
    proxy.target = lasting_shop.server.url
    register = CheckedRegister(chromium, proxy, lasting_shop)
    yield register
    slowest = max(register.delays, default=0)
    print(f"\nThe screen agreed with the ledger within {slowest:.1f} s", end=" ")


@pytest.fixture
def tab(request, checked_register, proxy, shop):
    """The register at a new order; an error in the browser fails the test."""
    proxy.target = shop.server.url
    failed = request.session.testsfailed
    yield checked_register.lasting_tab()
    proxy.heal()
    errors = checked_register.close_tabs(is_well=request.session.testsfailed == failed)
    assert not errors, "\n\n".join(errors)

"""Real processes: two Odoo servers on one database, and a sandbox as mx51."""

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from lib import browser, databases, setup  # noqa: E402
from processes import Odoo, Sandbox  # noqa: E402
from proxy import Proxy  # noqa: E402
from shop import Database, Shop  # noqa: E402
from till import Counter  # noqa: E402


def pytest_configure(config):
    # SIGTERM ends everything that was started, the way Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """The search for secrets comes after all that log and answer; after it the addon
    is removed."""
    last = {"test_secrets.py": 1, "test_removal.py": 2}
    items.sort(key=lambda item: last.get(item.path.name, 0))


@pytest.fixture(scope="session")
def database():
    """A fresh database that nobody else has."""
    setup.prepare()
    # ./dev/test drops databases of this name when their process is gone.
    name = f"test_{os.getpid()}_process"
    databases.new(name)
    opened = Database(name)
    # Without its demo data, which takes longer than all the rest of it.
    opened.query("UPDATE ir_module_module SET demo = FALSE")
    databases.install(name, ["-i", "pos_hr"], "Installing pos_hr")
    # Scheduled actions run when a test says so.
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
    first = Odoo("first", database.name, sandbox, folder)
    second = Odoo("second", database.name, sandbox, folder, cron=True)
    yield first, second
    first.kill()
    second.kill()


@pytest.fixture(scope="session")
def answers():
    """The text of every answer that Odoo gave."""
    return []


@pytest.fixture(scope="session")
def furnished(servers, database, sandbox, answers):
    return Shop(servers[0].start(), database, sandbox, answers)


@pytest.fixture
def first(servers):
    """A running Odoo server."""
    return servers[0].start()


@pytest.fixture
def second(servers):
    """Another one, on the same database."""
    return servers[1].start()


@pytest.fixture
def shop(furnished, first):
    """The shop with a terminal that was paired a moment ago."""
    furnished.new_terminal()
    yield furnished
    furnished.database.settle()


@pytest.fixture(scope="session")
def proxy():
    """Between the browser and Odoo."""
    proxy = Proxy()
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def counter(proxy, furnished):
    """A register in a real browser."""
    proxy.target = furnished.server.url
    with browser.launched() as chromium:
        counter = Counter(chromium, proxy, furnished)
        yield counter
    slowest = max(counter.delays, default=0)
    print(f"\nThe screen told the truth within {slowest:.1f} s", end=" ")


@pytest.fixture
def till(request, counter, proxy, shop):
    """The register at a new order; what a merchant would see fail is a failure."""
    proxy.target = shop.server.url
    failed = request.session.testsfailed
    yield counter.till()
    proxy.heal()
    errors = counter.clear(is_well=request.session.testsfailed == failed)
    assert not errors, "\n\n".join(errors)

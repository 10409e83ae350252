"""./dev/setup: get everything that Odoo 19 and the addon need, except a database.

Fetches and makes only what is missing, so it may be run at any time.
"""

import argparse
import shutil
from concurrent.futures import ThreadPoolExecutor, wait

from . import cluster, debian, node, packages, places, source
from .console import say, step


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="dev/setup",
        description=__doc__,
        epilog=places.HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args(arguments)
    prepare(browser=True, proxy=True, javascript=True)
    say(f"\nReady. Everything is in {places.SHARED}")
    variables = " ".join(f"{k}={v}" for k, v in cluster.environment().items())
    say(f"Databases of this checkout: {variables} psql")


def prepare(browser=False, proxy=False, javascript=False):
    """Everything that Odoo needs to run; with `browser` what its tests need, with
    `proxy` what stands in front of it in production, with `javascript` node.

    Returns whether the PostgreSQL cluster had to be started.
    """
    places.prepare()
    missing = cluster.missing() | packages.missing_for_venv()
    if browser and not browser_path():
        missing["chromium"] = "browser tests"
        missing["fonts-liberation"] = "browser tests"
    if proxy and not proxy_path():
        missing["nginx"] = "measurements"
    if javascript:
        missing |= node.missing()
    debian.install(missing)
    with ThreadPoolExecutor(1) as pool:
        odoo = pool.submit(source.get)
        packages.python()
        if not odoo.done():
            with step("Fetching the rest of Odoo 19"):
                wait([odoo])
        odoo.result()
    return cluster.start()


def browser_path():
    """The browser that Odoo's tests will find."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def proxy_path():
    """nginx; Debian installs it where only root searches."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

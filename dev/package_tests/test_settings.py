"""One version of each linter, wherever it is named."""

import json
import re

from lib import packages, places

PRE_COMMIT = (places.CHECKOUT / ".pre-commit-config.yaml").read_text()
#: Where pre-commit takes a tool from, and its package.
PACKAGES = {
    "OCA/odoo-pre-commit-hooks": "oca-odoo-pre-commit-hooks",
    "OCA/pylint-odoo": "pylint-odoo",
    "astral-sh/ruff-pre-commit": "ruff",
    "pre-commit/pre-commit-hooks": "pre-commit-hooks",
}


def test_python_linters():
    file = places.CHECKOUT / "dev" / packages.REQUIREMENTS[packages.LINTERS]
    pinned = dict(re.findall(r"^([\w.-]+)==(.+)$", file.read_text(), re.MULTILINE))
    found = re.findall(r"repo: https://github.com/(\S+)\n +rev: v(\S+)", PRE_COMMIT)
    wanted = {name: pinned[package] for name, package in PACKAGES.items()}
    assert dict(found) == wanted


def test_node_linters():
    pinned = json.loads((places.CHECKOUT / "dev/node/package.json").read_text())
    found = dict(re.findall(r'- "(@?[\w/-]+)@([\d.]+)"', PRE_COMMIT))
    assert found.items() <= pinned["dependencies"].items()
    assert set(found) >= {"eslint", "prettier", "@prettier/plugin-xml"}

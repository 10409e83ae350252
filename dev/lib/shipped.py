"""What a release holds: the addon, and in a file of its own the sandbox.

Both are ZIP files whose bytes depend on the files' names and contents alone: no time,
no owner, no order of a file system, and no compression, which differs between versions
of zlib.
"""

import ast
import zipfile

from . import checkout, places

#: What ships with the addon: folders and files of the repository's root.
ADDON = (
    *("__init__.py", "__manifest__.py", "uninstall.py", "migrations"),
    *("controllers", "kiosk", "ledger", "models", "modules", "pairing", "sci"),
    *("server", "support", "wizards"),
    *("data", "i18n", "report", "security", "views"),
    *("static/description", "static/img", "static/src"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.rst", "docs"),
)
#: The sandbox's files, and their places in its ZIP file.
SANDBOX = {
    "sandbox/README.rst": "README.rst",
    "LICENSE": "LICENSE",
    "dev/playbook/cases.json": "cases.json",
    "sandbox": "sandbox",
}
#: What stays. Tests need the sandbox, the testbed and the tools of ``dev``: whoever
#: runs them takes the source.
STAYS = (
    *("dev", "tests", "static/tests", "sandbox/tests", "readme"),
    *(".ci", ".editorconfig", ".gitignore", ".oca_hooks.cfg", ".pylintrc"),
    *(".pre-commit-config.yaml", ".ruff.toml", "eslint.config.cjs"),
    *("prettier.config.cjs", "pyproject.toml"),
)
#: The first moment that the format knows.
NEVER = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16


def manifest():
    return ast.literal_eval((places.CHECKOUT / "__manifest__.py").read_text())


def version():
    return manifest()["version"]


def addon_files():
    """{path in the ZIP file: path in the repository} of the addon."""
    return {f"{places.ADDON}/{name}": name for name in _chosen(ADDON)}


def sandbox_files():
    """The same of the sandbox."""
    root = f"mx51_sci_sandbox-{version()}"
    found = {}
    for source, target in SANDBOX.items():
        for name in _chosen([source]):
            if name == source or name not in SANDBOX:
                found[f"{root}/{target}{name.removeprefix(source)}"] = name
    return found


def undecided():
    """Files of the repository of which nobody has said whether they ship."""
    known = (*ADDON, *STAYS, *SANDBOX)
    return [name for name in checkout.files() if not _is_in(name, known)]


def build(folder):
    """Write the ZIP files of this version into `folder`; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for stem, files in (
        (f"{places.ADDON}-{version()}", addon_files()),
        (f"mx51_sci_sandbox-{version()}", sandbox_files()),
    ):
        made.append(folder / f"{stem}.zip")
        with zipfile.ZipFile(made[-1], "w", zipfile.ZIP_STORED) as archive:
            for target in sorted(files):
                entry = zipfile.ZipInfo(target, NEVER)
                entry.create_system = 3  # wherever it is made
                entry.external_attr = READABLE
                archive.writestr(entry, (places.CHECKOUT / files[target]).read_bytes())
    return made


def _chosen(wanted):
    """A file that is named itself ships, wherever it is."""
    return [
        name
        for name in checkout.files()
        if name in wanted or (_is_in(name, wanted) and not _is_in(name, STAYS))
    ]


def _is_in(name, folders):
    return any(name == place or name.startswith(f"{place}/") for place in folders)

import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[1]
#: What may import what of the addon (``docs/architecture.md`` "What may import what").
LAYERS = {
    "sci": set(),
    "server": {"sci"},
    "ledger": {"sci", "server"},
    "pairing": {"sci", "server", "ledger"},
    "support": {"sci", "server", "ledger"},
    "modules": {"sci", "server", "ledger"},
    "models": {"sci", "server", "ledger", "pairing", "support", "modules"},
    "wizards": {"server", "ledger"},
    "kiosk": {"sci", "server", "ledger"},
    "controllers": {"server", "kiosk"},
    "sandbox": set(),
}
#: The only file that calls each method of the SCI clients.
SENDING = {
    "create_transaction": "ledger/flow.py",
    "get_transaction": "ledger/asking.py",
    "cancel_transaction": "ledger/flow.py",
    "submit_action": "ledger/flow.py",
    "create_settlement": "ledger/settlement.py",
    "get_settlement": "ledger/settlement.py",
    "progress_pairing": "pairing/flow.py",
    "unpair": "pairing/flow.py",
}


def modules(folder):
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "tests" not in path.relative_to(ROOT).parts:
            yield path, ast.parse(path.read_text())


def imported(path, tree):
    """``(folder, whole name)`` of each import from the addon, in functions too."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            names = (node.module or "").split(".") if node.module else []
            for alias in node.names:
                whole = [*base, *names, alias.name]
                yield whole[0], ".".join(whole)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith("odoo.addons.pos_mx51_sci"):
                yield node.module.split(".")[3], node.module


@tagged("post_install", "-at_install")
class TestArchitecture(BaseCase):
    def test_no_import_runs_upward(self):
        for folder, allowed in LAYERS.items():
            for path, tree in modules(folder):
                for target, name in imported(path, tree):
                    with self.subTest(file=path.relative_to(ROOT), imports=name):
                        self.assertIn(target, allowed | {folder})

    def test_the_protocol_and_the_sandbox_know_nothing_of_odoo(self):
        for folder in ("sci", "sandbox"):
            for path, tree in modules(folder):
                for node in ast.walk(tree):
                    names = []
                    if isinstance(node, ast.Import):
                        names = [alias.name for alias in node.names]
                    elif isinstance(node, ast.ImportFrom) and not node.level:
                        names = [node.module]
                    with self.subTest(file=path.relative_to(ROOT)):
                        tops = {name.split(".")[0] for name in names}
                        self.assertNotIn("odoo", tops)

    def test_models_are_defined_in_models_and_wizards_only(self):
        bases = {"Model", "TransientModel", "AbstractModel"}
        for folder in set(LAYERS) - {"models", "wizards"}:
            for path, tree in modules(folder):
                for node in ast.walk(tree):
                    if isinstance(node, ast.ClassDef):
                        with self.subTest(file=path.relative_to(ROOT)):
                            found = {b.attr for b in node.bases if hasattr(b, "attr")}
                            self.assertFalse(found & bases)

    def test_one_model_a_file_named_after_it(self):
        for folder in ("models", "wizards"):
            for path, tree in modules(folder):
                classes = [n for n in tree.body if isinstance(n, ast.ClassDef)]
                if path.name == "__init__.py":
                    continue
                with self.subTest(file=path.relative_to(ROOT)):
                    self.assertEqual(len(classes), 1)
                    self.assertEqual(self.model_of(classes[0]), path.stem)

    @staticmethod
    def model_of(definition):
        for node in definition.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                if node.targets[0].id in ("_name", "_inherit"):
                    return node.value.value.replace(".", "_")
        return None

    def test_only_the_flows_send_requests(self):
        sent = {}
        for folder in set(LAYERS) - {"sci", "sandbox"}:
            for path, tree in modules(folder):
                for node in ast.walk(tree):
                    if isinstance(node, ast.Attribute) and node.attr in SENDING:
                        if self.is_api(node.value):
                            where = path.relative_to(ROOT).as_posix()
                            sent.setdefault(node.attr, set()).add(where)
        self.assertEqual(sent, {name: {file} for name, file in SENDING.items()})

    @staticmethod
    def is_api(node):
        return getattr(node, "id", getattr(node, "attr", None)) == "api"

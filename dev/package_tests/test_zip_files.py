"""What a release holds, without Odoo."""

import ast
import json
import re
import zipfile

import pytest
from lib import places, shipped

#: What no shipped file may import.
OURS_ALONE = {"dev", "sandbox", "tests", "lib", "testbed"}
ADDON, SANDBOX = shipped.addon_files(), shipped.sandbox_files()


def read(name):
    return (places.CHECKOUT / name).read_text()


def parsed(files):
    return [(name, ast.parse(read(name))) for name in files if name.endswith(".py")]


def test_of_each_file_it_is_decided_whether_it_ships():
    assert shipped.undecided() == []


def test_each_word_of_the_list_means_something():
    names = (*shipped.ADDON, *shipped.STAYS, *shipped.SANDBOX)
    gone = [name for name in names if not (places.CHECKOUT / name).exists()]
    # There is none before the first release that moves data.
    assert gone in ([], ["migrations"])


def test_the_addon_is_a_folder_of_its_name_and_nothing_else():
    assert all(name.startswith(f"{places.ADDON}/") for name in ADDON)
    assert f"{places.ADDON}/__manifest__.py" in ADDON


def test_no_test_no_tool_and_no_sandbox_ships_with_the_addon():
    ours = re.compile(r"(^|/)(tests?|dev|sandbox|readme|\.\w+)/|(^|/)(test_|conftest)")
    assert [name for name in ADDON.values() if ours.search(name)] == []


def test_the_sandbox_ships_without_its_tests():
    assert [name for name in SANDBOX.values() if "tests" in name] == []
    (root,) = {name.split("/")[0] for name in SANDBOX}
    tops = {name.removeprefix(f"{root}/").split("/")[0] for name in SANDBOX}
    assert tops == {"README.rst", "LICENSE", "cases.json", "sandbox"}


def test_the_sandbox_ships_with_the_cases_of_the_certification(tmp_path):
    _addon, sandbox = shipped.build(tmp_path)
    with zipfile.ZipFile(sandbox) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/cases.json"))
        cases = json.loads(archive.read(name))
    assert "PAIR-03" in {case["id"] for case in cases}
    # Its README names the fields that every case has.
    for field in set.intersection(*map(set, cases)):
        assert f"``{field}``" in read("sandbox/README.rst")


@pytest.mark.parametrize("files", [ADDON, SANDBOX], ids=["addon", "sandbox"])
def test_nothing_that_ships_imports_what_does_not(files):
    allowed = {"sandbox"} if files is SANDBOX else set()
    for name, tree in parsed(files.values()):
        for node in ast.walk(tree):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or alias.name for alias in node.names]
            tops = {module.split(".")[0] for module in modules}
            assert not tops & (OURS_ALONE - allowed), name


def test_what_the_manifest_names_ships():
    manifest = ast.literal_eval(read("__manifest__.py"))
    named = [*manifest["data"], *manifest["images"]]
    for entries in manifest["assets"].values():
        for entry in entries:
            path = entry if isinstance(entry, str) else entry[-1]
            if path.startswith(f"{places.ADDON}/static/src/") and "*" not in path:
                named.append(path.removeprefix(f"{places.ADDON}/"))
    assert set(named) <= set(ADDON.values())
    assert manifest["images"][0] == "static/description/banner.png"


def test_two_builds_have_the_same_bytes(tmp_path):
    first, second = (shipped.build(tmp_path / name) for name in ("a", "b"))
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes()


def test_the_files_are_named_after_the_version_and_hold_what_is_on_disk(tmp_path):
    addon, sandbox = shipped.build(tmp_path)
    version = shipped.version()
    assert addon.name == f"pos_mx51_sci-{version}.zip"
    assert sandbox.name == f"mx51_sci_sandbox-{version}.zip"
    with zipfile.ZipFile(addon) as archive:
        assert archive.namelist() == sorted(ADDON)
        for target, name in ADDON.items():
            assert archive.read(target) == (places.CHECKOUT / name).read_bytes()


def test_the_version_is_below_1_while_mx51_has_not_certified_it():
    manifest = ast.literal_eval(read("__manifest__.py"))
    assert re.fullmatch(r"19\.0\.0\.\d+\.\d+", manifest["version"])
    assert manifest["development_status"] == "Beta"

"""``python -m playbook.certify``: plays the cases and writes the run sheet."""

import contextlib
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from lib import console, places
from lib.certify import parser
from lib.console import Stop, say
from playwright.sync_api import Error
from testbed.sandbox import API_KEY, PART_A

from . import accessibility, at_register, mx51, report, screens, seen  # noqa: F401
from . import cases as all_cases
from .at_terminal import Person, SandboxTerminal, Simulator
from .credentials import of_environment
from .exchanges import as_fixture
from .sentences import Unmet, is_expectation, play
from .stage import TERMINALS, raised

PASS, FAIL = "pass", "falls short"
RECORDED = Path(__file__).with_name("recorded")
NEEDS_MX51, NOT_HERE = "needs mx51", "sandbox only"


@dataclass
class Result:
    """What came of a case."""

    case: all_cases.Case
    verdict: str
    what: str = ""
    #: (step, what came instead; empty if it is so)
    steps: list = field(default_factory=list)
    pictures: list = field(default_factory=list)
    exchanges: list = field(default_factory=list)
    comment: str = ""
    seconds: float = 0


def main(arguments):
    options = parser().parse_args(arguments)
    cases = _chosen(options)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _mx51(options) as (sci, terminals):
        with raised(Path(folder), sci, terminals) as stage:
            stage.secrets = lambda: _secrets(stage, options)
            results = [_result(stage, case, options) for case in cases]
        (places.LOGS / "certify-odoo.log").write_text(stage.server.log())
    files = report.write(options, results, time.monotonic() - begun)
    if options.record:
        files += _record(results, options)
    return _say_results(results, files)


def _chosen(options):
    cases = all_cases.load()
    if unknown := set(options.cases) - {case.id for case in cases}:
        raise Stop(f"There is no case {', '.join(sorted(unknown))}.")
    return [
        case
        for case in cases
        if (not options.cases or case.id in options.cases)
        and (not options.quick or case.is_quick)
    ]


@contextlib.contextmanager
def _mx51(options):
    """Who stands for mx51, and who is at its terminals."""
    if options.against:
        of_environment()  # says what is missing
        variables = {"MX51_SCI_PAIRING_API_URL": options.against}
        real = SimpleNamespace(addon_environment=lambda: variables)
        yield real, {key: Person(name) for key, name in TERMINALS.items()}
        return
    sandbox = Simulator()
    try:
        yield sandbox, {key: SandboxTerminal(sandbox, key) for key in TERMINALS}
    finally:
        sandbox.stop()


def _secrets(stage, options):
    key, part_a = of_environment() if options.against else (API_KEY, PART_A)
    found = {"The Pairing API key": key, "Part A": part_a}
    if part_b := stage.pairing()["signing_secret_part_b"]:
        found["Part B"] = part_b
    return found


# -- playing --------------------------------------------------------------------------


def _result(stage, case, options):
    if case.needs:
        return Result(case, NEEDS_MX51, case.needs, comment=case.comment)
    if case.only_sandbox and options.against:
        return Result(case, NOT_HERE, case.only_sandbox, comment=case.comment)
    say(f"  {case.id:<10} {case.title}")
    result = Result(case, PASS, comment=case.comment)
    begun = time.monotonic()
    try:
        stage.pair() if case.begins == "paired" else stage.unpair()
        stage.mark = stage.exchanges.count()
        stage.look = lambda page: _look(stage, result, page)
        _play(stage, result)
        if not result.pictures and stage.page:
            stage.look(stage.page)
    finally:
        result.seconds = time.monotonic() - begun
        result.exchanges = stage.exchanges.since(stage.mark)
        _tidy(stage, result)
    if stage.errors:
        result.verdict = FAIL
        result.what = "\n".join([result.what, *stage.errors]).strip()
        stage.errors.clear()
    if result.verdict == FAIL:
        say(f"             falls short: {result.what}")
    if options.against:
        result.comment = _ask_for_comment(result)
    return result


def _play(stage, result):
    """Expectations that are not met are noted; what cannot be done ends the case."""
    for step in result.case.steps:
        what = ""
        try:
            play(stage, step)
        except Unmet as error:
            what = str(error)
        except Exception as error:
            what = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        result.steps.append((step, what))
        if what:
            result.verdict = FAIL
            result.what = "\n".join(filter(None, [result.what, f"{step}: {what}"]))
            if not is_expectation(step):
                return


def _look(stage, result, page):
    """A picture of what is to be seen, and what is wrong with it."""
    with contextlib.suppress(Error):  # no picture is better than no result
        screens.ready(page)
        result.pictures.append(page.screenshot(type="jpeg", quality=80))
    name = f"{result.case.id} {len(result.pictures)}"
    stage.findings[name] = accessibility.examined(page, "/pos/ui" in page.url)


def _tidy(stage, result):
    """As it was before the case, whatever has become of it."""
    stage.exchanges.mend()
    if result.verdict == FAIL:
        with contextlib.suppress(Error):
            result.pictures.append(stage.page.screenshot(type="jpeg", quality=80))
        stage.forget_register()
    for terminal in stage.terminals.values():
        if isinstance(terminal, SandboxTerminal) or result.verdict == FAIL:
            terminal.tidy()
    stage.set_terminal(
        verify_signature_on_terminal=False, pos_auto_print_signature_receipt=True
    )
    stage.database.resolve_all()


def _ask_for_comment(result):
    typed = input(f"  {result.case.id}: {result.verdict}. A comment for the sheet: ")
    return " ".join(filter(None, [result.comment, typed.strip()]))


# -- afterwards -----------------------------------------------------------------------


def _record(results, options):
    """Keep the exchanges of each case that passed as a fixture."""
    RECORDED.mkdir(exist_ok=True)
    files = []
    for result in results:
        if result.verdict == PASS and result.exchanges:
            file = RECORDED / f"{result.case.id}.json"
            recorded = {
                "against": "mx51" if options.against else "the sandbox",
                "exchanges": as_fixture(result.exchanges),
            }
            text = json.dumps(recorded, indent=2, sort_keys=True, ensure_ascii=False)
            file.write_text(f"{text}\n", encoding="utf-8")
            files.append(file)
    return files


def _say_results(results, files):
    say()
    counts = {}
    for result in results:
        counts[result.verdict] = counts.get(result.verdict, 0) + 1
    say("  " + ", ".join(f"{number} {verdict}" for verdict, number in counts.items()))
    for file in files[:2]:
        say(f"  {file}")
    return 1 if counts.get(FAIL) else 0


if __name__ == "__main__":
    sys.exit(console.guarded(main, sys.argv[1:]))

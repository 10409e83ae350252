"""``python -m playbook.certify``: plays the cases and writes the run sheet."""

import contextlib
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from lib import console, places
from lib.certify import parser
from lib.console import Stop, say
from playwright.sync_api import Error
from testbed.sandbox import API_KEY, PART_A

from . import accessibility, at_register, mx51, report, screens, seen  # noqa: F401
from . import cases as all_cases
from .at_terminal import Person, SandboxTerminal, Simulator, Skipped
from .credentials import of_environment
from .exchanges import as_fixture
from .sentences import Unmet, is_expectation, play
from .stage import TERMINALS, raised

PASS, FAIL = "pass", "falls short"
SKIPPED, NOT_PLAYED = "skipped", "not played"
RECORDED = Path(__file__).with_name("recorded")
NEEDS_MX51, NOT_HERE = "needs mx51", "sandbox only"


@dataclass
class Result:
    """What came of a case.

    :ivar verdict: a pass only once all is done; "not played" until something is known
    """

    case: all_cases.Case
    verdict: str = NOT_PLAYED
    what: str = ""
    #: (step, what came instead; empty if it is so)
    steps: list = field(default_factory=list)
    pictures: list = field(default_factory=list)
    exchanges: list = field(default_factory=list)
    comment: str = ""

    def falls_short(self, what):
        self.verdict = FAIL
        self.what = "\n".join(filter(None, [self.what, what]))

    def remark(self, text):
        self.comment = " ".join(filter(None, [self.comment, text]))


def main(arguments):
    options = parser().parse_args(arguments)
    results = [Result(case, comment=case.comment) for case in _chosen(options)]
    begun, status = time.monotonic(), 1
    try:
        with tempfile.TemporaryDirectory() as folder, _mx51(options) as mx51_there:
            with raised(Path(folder), *mx51_there) as stage:
                _play_all(stage, results, options)
    finally:
        # Somebody may have stood at a terminal for hours.
        if any(result.verdict != NOT_PLAYED for result in results):
            status = _keep(results, options, time.monotonic() - begun)
    return status


def _play_all(stage, results, options):
    stage.secrets = lambda: _secrets(stage, options)
    try:
        for result in results:
            _play_case(stage, result, options)
    finally:
        (places.LOGS / "certify-odoo.log").write_text(stage.server.log())


def _chosen(options):
    cases = all_cases.load()
    if unknown := set(options.cases) - {case.id for case in cases}:
        raise Stop(f"There is no case {', '.join(sorted(unknown))}.")
    chosen = [
        case
        for case in cases
        if (not options.cases or case.id in options.cases)
        and (not options.quick or case.is_quick)
    ]
    if not chosen:
        raise Stop("None of these cases is in the quick suite.")
    return chosen


@contextlib.contextmanager
def _mx51(options):
    """Who stands for mx51, and who is at its terminals."""
    if options.against:
        key, _part_a = of_environment()
        variables = {
            "MX51_SCI_PAIRING_API_URL": options.against,
            "MX51_SCI_PAIRING_API_KEY": key,
        }
        real = SimpleNamespace(addon_environment=lambda: variables)
        say("  Type “skip” at any question to leave the case out.")
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


def _play_case(stage, result, options):
    case = result.case
    if case.needs:
        result.verdict, result.what = NEEDS_MX51, case.needs
        return
    if case.only_sandbox and options.against:
        result.verdict, result.what = NOT_HERE, case.only_sandbox
        return
    say(f"  {case.id:<10} {case.title}")
    stage.mark = stage.exchanges.count()
    with _noted(result):
        stage.pair() if case.begins == "paired" else stage.unpair()
        stage.mark = stage.exchanges.count()
        stage.look = lambda page: _look(stage, result, page)
        _play(stage, result)
        if not result.pictures and stage.page:
            stage.look(stage.page)
    result.exchanges = stage.exchanges.since(stage.mark)
    _tidy(stage, result)
    if stage.errors:
        result.falls_short("\n".join(stage.errors))
        stage.errors.clear()
    if result.verdict == NOT_PLAYED:
        result.verdict = PASS
    if result.verdict == FAIL:
        say(f"             falls short: {result.what}")
    if options.against:
        typed = input(f"  {case.id}: {result.verdict}. A comment for the sheet: ")
        result.remark(typed.strip())


@contextlib.contextmanager
def _noted(result):
    """What goes wrong is this case's affair: the next ones are played all the same."""
    try:
        yield
    except Skipped:
        if result.verdict == NOT_PLAYED:
            result.verdict = SKIPPED
    except Exception as error:
        result.falls_short(_named(error))


def _named(error):
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]


def _play(stage, result):
    """Expectations that are not met are noted; what cannot be done ends the case."""
    for step in result.case.steps:
        what = ""
        try:
            play(stage, step)
        except Skipped:
            raise
        except Unmet as error:
            what = str(error)
            if _is_so_in_other_words(stage, result, step, what):
                result.remark(f"“{step}” was judged by a person. {what}")
                what = ""
        except Exception as error:
            what = _named(error)
        result.steps.append((step, what))
        if what:
            result.falls_short(f"{step}: {what}")
            if not is_expectation(step):
                return


def _is_so_in_other_words(stage, result, step, what):
    words = result.case.sandbox_words
    return step in words and stage.terminals["front-bar"].accepts(step, what)


def _look(stage, result, page):
    """A picture of what is to be seen, and what is wrong with it."""
    with contextlib.suppress(Error):  # no picture is better than no result
        screens.ready(page)
        result.pictures.append(page.screenshot(type="jpeg", quality=80))
    name = f"{result.case.id} {len(result.pictures)}"
    stage.findings[name] = accessibility.examined(page, "/pos/ui" in page.url)


def _tidy(stage, result):
    """As it was before the case, whatever has become of it."""
    if result.verdict == FAIL:
        if stage.page:
            with contextlib.suppress(Error):
                result.pictures.append(stage.page.screenshot(type="jpeg", quality=80))
        stage.forget_register()
    settings = {
        "verify_signature_on_terminal": False,
        "pos_auto_print_signature_receipt": True,
    }
    for tidy in (
        stage.exchanges.mend,
        stage.server.set_api_key,
        *(
            terminal.tidy
            for key, terminal in stage.terminals.items()
            # A payment that nobody has touched may still be on the first one.
            if key == "front-bar" or terminal.is_touched
        ),
        stage.forget_disconnection,
        partial(stage.set_terminal, **settings),
        stage.database.resolve_all,
    ):
        with _noted(result):
            tidy()


# -- afterwards -----------------------------------------------------------------------


def _keep(results, options, seconds):
    """Write everything; return the exit status of the command."""
    files = report.write(options, results, seconds)
    if options.record:
        files += _record(results, options)
    return _say_results(results, files)


def _record(results, options):
    """Keep the exchanges of each case as a fixture, whatever came of it."""
    RECORDED.mkdir(exist_ok=True)
    files = []
    for result in results:
        if result.exchanges:
            file = RECORDED / f"{result.case.id}.json"
            recorded = {
                "against": "mx51" if options.against else "the sandbox",
                "result": result.verdict,
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
    return 1 if {FAIL, NOT_PLAYED} & set(counts) else 0


if __name__ == "__main__":
    sys.exit(console.guarded(main, sys.argv[1:]))

"""How ./dev/certify goes on when something goes wrong, and with a person at the
terminal. The stage is a bare one: no Odoo, no browser."""

import contextlib
import json
from types import SimpleNamespace

import pytest
from lib.console import Stop
from playbook import certify
from playbook.at_terminal import Person, SandboxTerminal
from playbook.cases import Case
from playbook.certify import FAIL, NOT_PLAYED, PASS, SKIPPED, Result
from playbook.exchanges import ExchangeLog

#: Cuts the network, which needs nothing of the stage but its exchanges.
CUT = "Network: cut between Odoo and mx51"
NOTHING_SENT = "mx51: gets no POST /v1/transactions"
AGAINST = SimpleNamespace(against="https://mx51.example", quick=False, record=False)
SANDBOX = SimpleNamespace(against=None, quick=False, record=False)


class BareStage:
    """What certify.py itself needs of a stage."""

    def __init__(self, folder, terminal, pairing=()):
        self.exchanges = ExchangeLog(folder / "exchanges.jsonl")
        self.terminals = {"front-bar": terminal}
        self.errors, self.findings, self.page = [], {}, None
        self.server = SimpleNamespace(set_api_key=self.did("right key"), log=str)
        self.database = SimpleNamespace(resolve_all=self.did("resolved"))
        self.done, self._pairing = [], list(pairing)

    def did(self, what):
        return lambda **_values: self.done.append(what)

    def pair(self):
        if self._pairing and (error := self._pairing.pop(0)):
            raise error

    def forget_disconnection(self):
        pass

    def set_terminal(self, **_values):
        self.done.append("set up")

    def forget_register(self):
        self.done.append("register forgotten")


class Console:
    """Somebody who answers questions; Enter where there is no answer for one."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def __call__(self, question):
        self.asked.append(question)
        for word, answer in self.answers.items():
            if word in question:
                return answer
        return ""

    def was_asked(self, text):
        return sum(text in question for question in self.asked)


def case(*steps, **values):
    texts = ("X-01", "Group", "Title", "Requirement", "Where", "mandatory")
    return Case(*texts, steps=list(steps), **values)


@pytest.fixture
def console(monkeypatch):
    found = Console()
    monkeypatch.setattr("builtins.input", found)
    return found


@pytest.fixture
def stage(tmp_path, console):
    return BareStage(tmp_path, Person("Front Bar", console))


def played(stage, *steps, options=AGAINST, **values):
    result = Result(case(*steps, **values))
    certify._play_case(stage, result, options)
    return result


# -- mishaps --------------------------------------------------------------------------


def test_a_pairing_that_fails_is_this_cases_affair(tmp_path, console):
    pairing = [Stop("Front Bar could not be paired"), None]
    stage = BareStage(tmp_path, Person("Front Bar", console), pairing)

    first = played(stage, CUT, NOTHING_SENT)
    second = played(stage, CUT, NOTHING_SENT)

    assert first.verdict == FAIL and "could not be paired" in first.what
    assert not first.steps and "register forgotten" in stage.done
    assert second.verdict == PASS


def test_a_register_that_does_not_open_is_noted(stage):
    stage.show_again = lambda: (_ for _ in ()).throw(Stop("No register, but: []"))

    result = played(stage, "Cashier: sell a flat white by card", NOTHING_SENT)

    assert result.verdict == FAIL and "No register" in result.what
    assert [step for step, _what in result.steps] == [result.case.steps[0]]
    assert stage.done == ["register forgotten", "right key", "set up", "resolved"]


def test_what_cannot_be_tidied_keeps_nothing_else_untidy(stage):
    def unplugged(*_values):
        raise ConnectionError("unplugged")

    stage.terminals["front-bar"].tidy = unplugged

    result = played(stage, CUT, NOTHING_SENT)

    assert result.verdict == FAIL and "unplugged" in result.what
    assert stage.done == ["right key", "set up", "resolved"]


def run(monkeypatch, tmp_path, stage, *cases, options=()):
    """All of ./dev/certify on this stage."""

    @contextlib.contextmanager
    def raised(_folder, _mx51, _terminals):
        yield stage

    sandbox = SimpleNamespace(stop=lambda: None)
    monkeypatch.setattr(certify, "raised", raised)
    monkeypatch.setattr(certify, "Simulator", lambda: sandbox)
    monkeypatch.setattr(certify.all_cases, "load", lambda: list(cases))
    monkeypatch.setattr(certify, "RECORDED", tmp_path / "recorded")
    monkeypatch.setattr(certify.places, "LOGS", tmp_path)
    return certify.main([f"--to={tmp_path}", *options])


def test_a_run_that_is_stopped_has_its_sheet(monkeypatch, tmp_path, console):
    terminal = SandboxTerminal(None, "front-bar")
    terminal.tidy = lambda: None
    stage = BareStage(tmp_path, terminal, [None, KeyboardInterrupt()])
    cases = [case(CUT, NOTHING_SENT) for _number in range(3)]

    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, tmp_path, stage, *cases)

    sheet = (tmp_path / "certification.csv").read_text()
    assert sheet.count(f",{PASS},") == 1
    assert sheet.count(f",{NOT_PLAYED},") == 2


def test_nothing_that_was_kept_is_overwritten_by_a_run_that_never_began(
    monkeypatch, tmp_path, console
):
    stage = BareStage(tmp_path, None, [KeyboardInterrupt()])

    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, tmp_path, stage, case(CUT, NOTHING_SENT))

    assert not (tmp_path / "certification.csv").exists()


def test_exchanges_are_recorded_whatever_came_of_the_case(
    monkeypatch, tmp_path, console
):
    terminal = SandboxTerminal(None, "front-bar")
    terminal.tidy = lambda: None
    stage = BareStage(tmp_path, terminal)
    stage.pair = lambda: note(tmp_path, n=1)
    stage.exchanges.count = lambda: 0

    played_case = case(CUT, "mx51: gets no POST /v1/unpair")
    status = run(monkeypatch, tmp_path, stage, played_case, options=["--record"])

    (file,) = (tmp_path / "recorded").iterdir()
    recorded = json.loads(file.read_text())
    assert status == 1 and recorded["result"] == FAIL
    assert [one["path"] for one in recorded["exchanges"]] == ["/v1/unpair"]


def note(folder, **values):
    """As the addon exchange_log does it."""
    exchange = {
        **{"n": 1, "at": 0, "method": "POST", "url": "https://sci.example/v1/unpair"},
        **{"request_headers": {}, "request_body": None, "status": 204},
    }
    with (folder / "exchanges.jsonl").open("a") as log:
        log.write(json.dumps(exchange | values) + "\n")


# -- a person at the terminal ---------------------------------------------------------


def test_the_terminal_is_put_at_rest_after_each_case(stage, console):
    assert played(stage, CUT, NOTHING_SENT).verdict == PASS
    assert console.was_asked("Front Bar: see that it is on, connected and idle") == 1


def test_a_terminal_that_was_set_up_otherwise_is_set_up_as_before(stage, console):
    played(stage, "Terminal: is set up to ask for tips", NOTHING_SENT)
    assert console.was_asked("idle, and asks for no tip any more") == 1

    played(stage, CUT, NOTHING_SENT)
    assert console.was_asked("idle, and asks for no tip any more") == 1


def test_a_second_terminal_is_asked_about_only_where_it_was_needed(stage, console):
    stage.terminals["bistro"] = Person("Bistro", console)

    played(stage, CUT, NOTHING_SENT)
    assert not console.was_asked("Bistro")

    played(stage, "Second terminal: switch off", NOTHING_SENT)
    assert console.was_asked("Bistro: see that it is on") == 1


def test_a_case_can_be_left_out_at_any_question(stage, console):
    console.answers = {"switch it off": "Skip "}

    result = played(stage, "Terminal: switch off", NOTHING_SENT)

    assert result.verdict == SKIPPED and not result.steps
    console.answers = {}
    assert played(stage, CUT, NOTHING_SENT).verdict == PASS


def test_a_case_that_falls_short_before_it_is_left_out_falls_short(
    stage, console, monkeypatch
):
    console.answers = {"switch it off": "skip"}
    sent_anyway(stage, monkeypatch)

    assert played(stage, NOTHING_SENT, "Terminal: switch off").verdict == FAIL


def test_a_case_that_is_over_cannot_be_left_out(stage, console):
    console.answers = {"idle": "skip"}

    assert played(stage, CUT, NOTHING_SENT).verdict == PASS


@pytest.mark.parametrize(
    ("answer", "verdict"), [("y", PASS), ("n", FAIL), ("skip", SKIPPED)]
)
def test_words_of_the_sandbox_are_judged_by_a_person(
    stage, console, monkeypatch, answer, verdict
):
    console.answers = {"Does this mean the same": answer}
    words = sent_anyway(stage, monkeypatch)

    result = played(stage, NOTHING_SENT, sandbox_words=words)

    assert result.verdict == verdict
    assert console.was_asked("mx51 got POST /v1/transactions 1 times") == 1
    assert ("judged by a person" in result.comment) == (verdict == PASS)


def test_nobody_judges_what_is_not_a_matter_of_words(stage, console, monkeypatch):
    sent_anyway(stage, monkeypatch)

    assert played(stage, NOTHING_SENT).verdict == FAIL
    assert not console.was_asked("Does this mean the same")


def test_with_the_sandbox_its_words_are_what_is_expected(tmp_path, monkeypatch):
    terminal = SandboxTerminal(None, "front-bar")
    terminal.tidy = lambda: None
    stage = BareStage(tmp_path, terminal)
    words = sent_anyway(stage, monkeypatch)

    result = played(stage, NOTHING_SENT, options=SANDBOX, sandbox_words=words)

    assert result.verdict == FAIL


def sent_anyway(stage, monkeypatch):
    """Have the expectation that nothing was sent not be met; return it."""
    create = {"n": 1, "method": "POST", "url": "https://sci.example/v1/transactions"}
    monkeypatch.setattr(stage.exchanges, "since", lambda _number: [create])
    return [NOTHING_SENT]

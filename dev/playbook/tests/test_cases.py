"""The cases of the certification are whole, and cover what mx51 publishes."""

import re
from pathlib import Path

import pytest
from playbook import (  # noqa: F401 (the sentences)
    accessibility,
    at_register,
    at_terminal,
    cases,
    mx51,
    pictures,
    seen,
    sentences,
)

from sandbox.errors import PAIRING_ERRORS

ADDON = Path(__file__).resolve().parents[3]
PROTOCOL = (ADDON / "docs" / "protocol.md").read_text()
ALL = cases.load()
#: Points of the checklist that docs/protocol.md names by an id, all of which are cases.
NAMED = re.findall(r"^\| (SCI[A-Z]+\d\d) \|", PROTOCOL, re.MULTILINE)
#: Texts that mx51 wants word for word.
WORD_FOR_WORD = (
    "Simple Cloud Integration",
    "Pairing not found: Pairing not found",
    "Please check network and terminal connections and try again",
    "No active pairings found",
)
#: The mandatory points of mx51's minimum checklist, and the cases that show them.
CHECKLIST = {
    "name on the pairing screen": "BRAND-01",
    "logo on the pairing screen": "BRAND-02",
    "unpaired state": "PAIR-01",
    "test button": "PAIR-03",
    "cancel button": "PAIR-07",
    "paired state": "PAIR-03",
    "unpair button for each pairing": "PAIR-16",
    "invalid code": "PAIR-08",
    "no connection": "PAIR-09",
    "unpaired from outside": "PAIR-10",
    "NO_ACTIVE_PAIRINGS_FOUND": "TX-01",
    "Action Framework, all elements": "AF-01",
    "approved": "TX-03",
    "declined": "TX-05",
    "cancelled": "TX-07",
    "signature in the POS": "TX-10",
    "receipts": "TX-04",
    "TRANSACTION_REFUSED": "TX-09",
    "DEVICE_NOT_CONNECTED": "REC-01",
    "override": "REC-02",
    "credentials out of sight": "SEC-01",
}


#: The errors of progress-pairing that a POS can cause: this addon sends no request
#: without an API key.
CAUSED = sorted(set(PAIRING_ERRORS) - {"api_key_missing"})


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_each_step_of_a_case_can_be_played(case):
    assert not [step for step in case.steps if not sentences.meanings(step)]


@pytest.mark.parametrize("story", pictures.stories(), ids=lambda story: story["title"])
def test_each_step_of_a_story_can_be_played(story):
    steps = [step for step in story["steps"] if not pictures.name_in(step)]
    assert not [step for step in steps if not sentences.meanings(step)]


def test_no_case_has_the_id_of_another():
    ids = [case.id for case in ALL]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_a_case_is_whole(case):
    assert case.level in cases.LEVELS
    assert case.begins in ("paired", "unpaired")
    assert all((case.group, case.title, case.requirement, case.says))
    # Played and something expected of it, or openly not.
    assert bool(case.steps) != bool(case.needs)
    assert case.needs or case.expectations
    expected = [step for step in case.steps if sentences.is_expectation(step)]
    assert set(case.sandbox_words) <= set(expected)


def test_what_mx51_prints_is_in_the_words_of_the_sandbox():
    for case in ALL:
        paper = {step for step in case.steps if step.startswith("Paper:")}
        assert paper <= set(case.sandbox_words)


@pytest.mark.parametrize("code", CAUSED)
def test_each_error_of_pairing_is_answered_and_displayed(code):
    status, title = PAIRING_ERRORS[code]
    (case,) = [case for case in ALL if f"{status} {code}" in case.requirement]
    assert case.level == "mandatory"
    assert f"mx51: answers POST /v1/progress-pairing with {status}" in case.steps
    assert any(step.startswith(f"See: {title}") for step in case.steps)


@pytest.mark.parametrize("name", NAMED)
def test_what_public_material_names_is_a_case(name):
    assert any(name in (case.mx51, case.says) or name in case.says for case in ALL)


@pytest.mark.parametrize(("point", "case_id"), CHECKLIST.items())
def test_each_mandatory_point_of_the_checklist_is_played_for_each_release(
    point, case_id
):
    (case,) = [case for case in ALL if case.id == case_id]
    assert case.steps and case.level == "mandatory" and case.is_quick


@pytest.mark.parametrize("text", WORD_FOR_WORD)
def test_texts_are_expected_word_for_word(text):
    assert any(f"See: {text}" in case.steps for case in ALL)


def test_each_sentence_is_played_somewhere():
    steps = [step for case in ALL for step in case.steps]
    for story in pictures.stories():
        steps += [step for step in story["steps"] if not pictures.name_in(step)]
    assert not sentences.unused(steps)

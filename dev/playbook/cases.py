"""The cases of the certification, as ``cases.json`` has them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from .sentences import is_expectation

FILE = Path(__file__).with_name("cases.json")
#: The step at which a picture is taken.
LOOK = "Look"
LEVELS = ("mandatory", "recommended", "optional", "ours")


@dataclass
class Case:
    """One line of the run sheet.

    :ivar says: where the requirement is said, with its strength in docs/protocol.md
    :ivar begins: the state of the first terminal: ``paired`` or ``unpaired``
    :ivar needs: what only mx51 has, if the case cannot be played without
    :ivar only_sandbox: why it cannot be played at a real terminal
    :ivar sandbox_words: expectations in words of the sandbox's; of mx51's own a person
        judges whether they mean the same
    """

    id: str
    group: str
    title: str
    requirement: str
    says: str
    level: str
    steps: list = field(default_factory=list)
    mx51: str = ""
    begins: str = "paired"
    needs: str = ""
    only_sandbox: str = ""
    sandbox_words: list = field(default_factory=list)
    comment: str = ""
    quick: bool = False

    @property
    def is_quick(self):
        """Whether it is in the suite for each release."""
        return self.quick or self.level == "mandatory"

    @property
    def actions(self):
        """[(place in ``steps``, what somebody does)]; looking is for the pictures."""
        return [
            (place, step)
            for place, step in enumerate(self.steps)
            if not is_expectation(step) and step != LOOK
        ]

    @property
    def expectations(self):
        """[(place in ``steps``, what has to be after which action)]"""
        found, done = [], 0
        for place, step in enumerate(self.steps):
            if is_expectation(step):
                text = f"After {done}: {step}" if done else step
                if step in self.sandbox_words:
                    text += " (as the sandbox says it)"
                found.append((place, text))
            elif step != LOOK:
                done += 1
        return found


def load():
    return [Case(**values) for values in json.loads(FILE.read_text())]

"""Sentences that can be played, such as "Cashier: press Done"."""

import re

#: (pattern, template, function) of every sentence.
_KNOWN = []


class Unmet(AssertionError):
    """What a sentence expects did not come true; the text says what came instead."""


def sentence(template):
    """The function plays the sentences of this form; it gets the stage, and as keywords
    what stands in the place of each ``{name}``."""
    parts = re.split(r"\{(\w+)\}", template)
    # Names are the odd parts.
    pattern = "".join(
        f"(?P<{part}>.+)" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )

    def known(function):
        _KNOWN.append((re.compile(pattern), template, function))
        return function

    return known


def meanings(text):
    """[(function, keywords)] of all sentences that ``text`` may be, the one with the
    most words of its own first."""
    found = [
        (len(re.sub(r"\{\w+\}", "", template)), function, match.groupdict())
        for pattern, template, function in _KNOWN
        if (match := pattern.fullmatch(text))
    ]
    found.sort(key=lambda one: -one[0])
    return [(function, keywords) for _length, function, keywords in found]


def unused(texts):
    """The forms of sentences that none of the texts has; one about either terminal is
    one form."""
    needed = {id(meanings(text)[0][0]) for text in texts}
    forms = {}
    for _pattern, template, function in _KNOWN:
        form = template.removeprefix("Second terminal: ").removeprefix("Terminal: ")
        forms.setdefault(form, []).append(id(function))
    return [form for form, functions in forms.items() if not needed & {*functions}]


def play(stage, text):
    """Do what the sentence says.

    :raises Unmet: it expects something that is not so
    """
    function, keywords = meanings(text)[0]
    return function(stage, **keywords)


def is_expectation(text):
    """Whether it says what has to be, not what somebody does."""
    return text.startswith(("See", "mx51:", "Kept:", "Paper:", "All:"))

"""What the README says of hosts' limits is what was measured."""

import re

from lib import places

#: A number of more than one digit, with its unit if there is one, or one digit with it.
NUMBER = re.compile(r"\d[\d,.]*\d(?: (?:[kMG]B|s|ms)\b)?|\d (?:[kMG]B|s|ms)\b")


def read(path):
    return (places.CHECKOUT / path).read_text()


def test_each_number_is_in_the_guide_or_in_the_benchmark():
    said = NUMBER.findall(" ".join(read("readme/HOSTS.rst").split()))
    assert len(said) > 5
    known = read("docs/administrator.md") + read("dev/bench-results.md")
    assert [number for number in said if number not in known] == []


def test_the_limits_are_in_the_readme():
    shown = read("README.rst")
    for limit in ("Few workers", "Scheduled actions", "Restart in mid-payment"):
        assert limit in shown

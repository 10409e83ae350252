"""No secret leaves the server: neither in its log at DEBUG nor in an answer.

Runs after the others: it reads all that they have made Odoo log and answer.
"""

import re

import pytest
from testbed.rpc_client import Refused
from testbed.sandbox import API_KEY, PART_A
from testbed.shop import EFTPOS

SIGNATURE = re.compile(r"hmac-sha256|sig1=|Signature-Input:|ApiKey ", re.IGNORECASE)


@pytest.fixture(scope="module")
def secrets(database):
    """API key, Part A, and every Part B that the database still has."""
    parts = database.query(
        "SELECT signing_secret_part_b AS part_b FROM pos_sci_terminal"
        " WHERE signing_secret_part_b IS NOT NULL"
    )
    return [API_KEY, PART_A, *(row["part_b"] for row in parts)]


def test_a_whole_payment_is_in_the_log(shop, first):
    """Otherwise there would be nothing to search."""
    values, view = shop.sold("approve")
    shop.sandbox.touch("unpair")
    shop.start(shop.payment())
    shop.manager.call(EFTPOS, "action_test", [shop.terminal])

    log = first.log()
    assert view["paid"]
    assert values["payment_uuid"] in log
    for path in ("/v1/progress-pairing", "/v1/pairing-info", "/v1/transactions"):
        assert path in log


@pytest.mark.parametrize("number", [0, 1], ids=["first", "second"])
def test_no_secret_in_the_log(servers, secrets, number):
    log = servers[number].log()

    assert len(secrets) > 2
    assert [secret for secret in secrets if secret in log] == []
    assert SIGNATURE.findall(log) == []


def test_no_secret_in_an_answer(answers, secrets):
    text = "\n".join(answers)

    assert [secret for secret in secrets if secret in text] == []
    assert SIGNATURE.findall(text) == []
    assert "/v1/" not in text


@pytest.mark.parametrize("person", ["cashier", "manager", "admin"])
def test_nobody_reads_the_secret_over_rpc(shop, person):
    field = "signing_secret_part_b"
    client = getattr(shop, person)

    with pytest.raises(Refused):
        client.call(EFTPOS, "read", [shop.terminal], [field])
    with pytest.raises(Refused):
        client.call(EFTPOS, "search", [(field, "like", "a%")])
    with pytest.raises(Refused):
        client.call(EFTPOS, "write", [shop.terminal], {field: "mine"})
    assert field not in client.call(EFTPOS, "read", [shop.terminal])[0]

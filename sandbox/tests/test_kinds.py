"""The other kinds of transactions, what the terminal adds, forms, settlements."""

import datetime

import pytest
from harness import code_of

ANOTHER_DAY = datetime.date(2026, 1, 2)


def pay(sandbox, pos, transaction, **card):
    """Present a card as soon as the terminal asks for it; the last version."""
    sandbox.get("wait", terminal="front-bar", accepts_card=True)
    sandbox.touch("card", **{"outcome": "approve", **card})
    return pos.follow(transaction)


@pytest.mark.parametrize(
    ("block", "amounts"),
    [
        ("refund_details", {"refund_amount": 300}),
        ("cashout_details", {"cashout_amount": 2000, "surcharge_amount": 20}),
        (
            "purchase_with_cashout_details",
            {"purchase_amount": 500, "cashout_amount": 2000},
        ),
        ("moto_details", {"moto_amount": 900}),
        (
            "purchase_details",
            {"purchase_amount": 1000, "tip_amount": 100, "surcharge_amount": 0},
        ),
    ],
)
def test_each_kind_charges_what_was_asked_for(sandbox, pos, block, amounts):
    last = pay(sandbox, pos, pos.create({block: amounts}))
    shown = {k: v for k, v in last["result_amounts"].items() if v}
    assert shown == {k: v for k, v in amounts.items() if v}
    (charge,) = sandbox.get("charges")
    assert charge["amounts"] == amounts


def test_result_amounts_with_their_own_keys_only(sandbox, pos):
    sandbox.set(result_amounts="own")
    last = pay(sandbox, pos, pos.purchase(100))
    assert last["result_amounts"] == {"purchase_amount": 100}


def test_a_tip_and_a_surcharge_of_the_terminal(sandbox, pos):
    sandbox.touch("config", tip_prompt=True, surcharge_rate=150)
    transaction = pos.purchase(1000)
    sandbox.shows("tip")
    sandbox.touch("tip", amount=200)
    last = pay(sandbox, pos, transaction)
    shown = {k: v for k, v in last["result_amounts"].items() if v}
    assert shown == {
        "purchase_amount": 1000,
        "tip_amount": 200,
        "surcharge_amount": 18,
    }


def test_a_tip_of_zero_from_the_pos_suppresses_the_question(sandbox, pos):
    sandbox.touch("config", tip_prompt=True)
    pay(sandbox, pos, pos.purchase(1000, tip_amount=0))


def test_the_terminal_asks_for_the_cash_out_amount(sandbox, pos):
    details = {"purchase_with_cashout_details": {"purchase_amount": 500}}
    transaction = pos.create(details)
    sandbox.shows("cashout")
    sandbox.touch("cashout", amount=5000)
    last = pay(sandbox, pos, transaction)
    assert last["result_amounts"]["cashout_amount"] == 5000


@pytest.mark.parametrize("kind", ["moto", "cashout"])
def test_a_kind_that_the_bank_has_not_enabled(sandbox, pos, kind):
    sandbox.touch("config", **{f"{kind}_enabled": False})
    body = {f"{kind}_details": {f"{kind}_amount": 100}}
    answer = pos.call("POST", "/v1/transactions", body)
    assert code_of(answer) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("button", "status", "outcomes"),
    [
        ("approve_signature", "APPROVED", ["approved"]),
        ("decline_signature", "DECLINED", ["approved", "reversed"]),
    ],
)
def test_a_signature_is_compared_at_the_pos(sandbox, pos, button, status, outcomes):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="signature")
    waiting = pos.follow(transaction, until="AWAITING_POS")
    assert "SIGN:" in waiting["merchant_receipt"]
    form = waiting["pos_instructions"]
    assert form["auto_actions"] is None
    types = {e["type"] for e in form["action_form"]["properties"].values()}
    assert types == {"image", "text", "button"}
    answer = pos.press(waiting, button)
    assert answer.status_code == 200
    last = pos.follow(answer.json()["data"])
    assert last["result_financial_status"] == status
    assert [c["outcome"] for c in sandbox.get("charges")] == outcomes
    again = pos.press(waiting, button)
    assert code_of(again) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("form", "entry"),
    [
        ("strings", "PRINT_MERCHANT_RECEIPT"),
        ("objects", {"action": "PRINT_MERCHANT_RECEIPT"}),
    ],
)
def test_the_signature_receipt_is_printed_by_itself(sandbox, pos, form, entry):
    sandbox.set(auto_actions=form)
    transaction = pos.create(
        {
            "purchase_details": {"purchase_amount": 100},
            "pos_auto_print_signature_receipt": True,
        }
    )
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="signature")
    waiting = pos.follow(transaction, until="AWAITING_POS")
    assert waiting["pos_instructions"]["auto_actions"] == [entry]


def test_a_signature_is_compared_at_the_terminal(sandbox, pos):
    transaction = pos.create(
        {
            "purchase_details": {"purchase_amount": 100},
            "verify_signature_on_terminal": True,
            "print_merchant_receipt": True,
        }
    )
    sandbox.shows("present_card")
    sandbox.touch("card", outcome="signature")
    shown = sandbox.shows("signature")
    assert "SIGN:" in shown["slips"][0]["text"]
    sandbox.touch("signature", approved=True)
    assert pos.follow(transaction)["result_financial_status"] == "APPROVED"
    assert len(sandbox.get("terminals/front-bar")["slips"]) == 2
    assert sandbox.touch("tear_off")["slips"] == []


def test_the_certification_form_has_every_element(sandbox, pos):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    sandbox.post(f"transactions/{transaction['id']}/certification")
    shown = pos.follow(transaction, until="AWAITING_POS")
    form = shown["pos_instructions"]["action_form"]
    assert {e["type"] for e in form["properties"].values()} == {
        "text",
        "button",
        "input",
        "image",
    }
    assert {row["type"] for row in form["layout"]} == {
        "horizontal_layout",
        "vertical_layout",
    }
    inputs = {"input_name_1": "one", "input_name_2": ""}
    answer = pos.press(shown, "submit_1", inputs)
    assert answer.json()["data"]["status"] == "PENDING"
    assert sandbox.get(f"transactions/{transaction['id']}")["inputs"] == inputs
    sandbox.touch("card", outcome="approve")
    pos.follow(answer.json()["data"])


def test_any_version_can_be_played(sandbox, pos):
    transaction = pos.purchase()
    sandbox.shows("present_card")
    odd = {"message": "<b>odd</b>", "pos_instructions": None, "version": 40}
    sandbox.post(f"transactions/{transaction['id']}/play", **odd)
    shown = pos.poll(transaction, 40).json()["data"]
    assert {name: shown[name] for name in odd} == odd
    sandbox.touch("card", outcome="approve")
    assert pos.follow(shown)["version"] == 42


def test_a_version_can_be_played_for_several_at_one_instant(sandbox, pos):
    sandbox.post("settings", busy="finalised")
    ids = [pos.purchase()["id"] for _number in range(2)]
    sandbox.shows("present_card")

    sandbox.post("transactions/play", ids=ids, message="News", version=40)

    shown = [pos.poll({"id": id}, 40).json()["data"] for id in ids]
    assert [version["message"] for version in shown] == ["News", "News"]


def test_a_settlement_and_an_enquiry(sandbox, pos):
    pay(sandbox, pos, pos.purchase(1000))
    for kind, expected in (("ENQUIRY", 10), ("SETTLEMENT", 10), ("ENQUIRY", 0)):
        sandbox.touch("cancel")
        answer = pos.call("POST", "/v1/settlements", {"type": kind})
        settlement = answer.json()["data"]
        path = f"/v1/settlements/{settlement['id']}?min_version=3"
        last = pos.call("GET", path).json()["data"]
        assert last["status"] == "FINALISED"
        total = last["merchant_receipt"].rstrip().splitlines()[-1]
        assert total.startswith("TOT")
        assert total.endswith(f"AUD {expected}.00")
    answer = pos.call("GET", f"/v1/transactions/{settlement['id']}")
    assert code_of(answer) == (404, "transaction_not_found")


@pytest.mark.parametrize(
    ("layout", "line"),
    [
        ("schemes", "TOTALS"),
        ("words", "PURCHASES (1)          AUD 10.00"),
    ],
)
def test_layouts_of_the_totals(sandbox, pos, layout, line):
    sandbox.post("settings", settlement_receipt=layout)
    pay(sandbox, pos, pos.purchase(1000))
    sandbox.touch("cancel")
    assert line in enquire(pos)["merchant_receipt"].splitlines()


def test_an_enquiry_about_a_day(sandbox, pos):
    pay(sandbox, pos, pos.purchase(1000))
    for day, total in ((datetime.date.today(), "10.00"), (ANOTHER_DAY, "0.00")):
        sandbox.touch("cancel")
        parts = {"year": day.year, "month": day.month, "day": day.day}
        receipt = enquire(pos, enquiry_date=parts)["merchant_receipt"]
        assert f"ENQUIRY {day.isoformat()}" in receipt
        assert receipt.rstrip().endswith(f"AUD {total}")


def enquire(pos, **details):
    answer = pos.call("POST", "/v1/settlements", {"type": "ENQUIRY", **details})
    path = f"/v1/settlements/{answer.json()['data']['id']}?min_version=3"
    return pos.call("GET", path).json()["data"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "OTHER"},
        {"type": "ENQUIRY", "enquiry_date": {"year": 2026, "month": 13, "day": 1}},
        {"type": "ENQUIRY", "enquiry_date": {"year": 2026, "month": 1}},
        {"type": "ENQUIRY", "enquiry_date": {"year": 2026, "month": 2, "day": 30}},
    ],
)
def test_an_invalid_settlement(pos, body):
    answer = pos.call("POST", "/v1/settlements", body)
    assert code_of(answer) == (400, "invalid_request")

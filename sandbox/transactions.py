"""A transaction as mx51 keeps it: versions, views, and what a new one needs."""

import copy
import time
import uuid

from . import forms
from .errors import invalid_request
from .records import Transaction

LARGEST_AMOUNT = 99_999_999

#: kind: (name of its block, required amounts, optional amounts)
KINDS = {
    "purchase": (
        "purchase_details",
        ("purchase_amount",),
        ("tip_amount", "surcharge_amount"),
    ),
    "refund": ("refund_details", ("refund_amount",), ()),
    "cashout": ("cashout_details", ("cashout_amount",), ("surcharge_amount",)),
    "purchase_with_cashout": (
        "purchase_with_cashout_details",
        ("purchase_amount",),
        ("cashout_amount", "surcharge_amount"),
    ),
    "moto": ("moto_details", ("moto_amount",), ("surcharge_amount",)),
}
FLAGS = (
    "print_merchant_receipt",
    "prompt_customer_receipt",
    "verify_signature_on_terminal",
    "pos_auto_print_signature_receipt",
)
RESULT_AMOUNTS = (
    "purchase_amount",
    "tip_amount",
    "surcharge_amount",
    "cashout_amount",
    "refund_amount",
    "moto_amount",
)
WAITING = "Waiting for terminal to accept transaction"
#: How many versions are kept, for answers that arrive out of order.
VIEWS_KEPT = 20


def parse_create(data):
    """Kind, amounts in cents and flags of a create request.

    An amount that is null counts as left out; what is unknown is refused.

    :raises ApiError: 400 invalid_request with the reason
    """
    blocks = {block: kind for kind, (block, _, _) in KINDS.items()}
    unknown = set(data) - set(blocks) - set(FLAGS)
    if unknown:
        raise invalid_request(f"unknown field {sorted(unknown)[0]}")
    given = [block for block in blocks if data.get(block) is not None]
    if len(given) != 1:
        raise invalid_request("exactly one block of details is needed")
    flags = {name: data.get(name, False) for name in FLAGS}
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise invalid_request(f"{name} is not a boolean")
    kind = blocks[given[0]]
    return kind, _parse_amounts(kind, data[given[0]]), flags


def _parse_amounts(kind, block):
    block_name, required, optional = KINDS[kind]
    if not isinstance(block, dict):
        raise invalid_request(f"{block_name} is not an object")
    amounts = {name: value for name, value in block.items() if value is not None}
    for name, value in amounts.items():
        if name not in required + optional:
            raise invalid_request(f"{name} does not belong into {block_name}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid_request(f"{name} is not an integer number of cents")
        lowest = 1 if name in required or name == "cashout_amount" else 0
        if not lowest <= value <= LARGEST_AMOUNT:
            raise invalid_request(f"{name} is out of range")
    for name in required:
        if name not in amounts:
            raise invalid_request(f"{name} is missing")
    return {k: amounts[k] for k in RESULT_AMOUNTS if k in amounts}


def create(world, pairing, kind, amounts, flags, day=None):
    """A new transaction in its first version.

    :param day: that an enquiry is about (YYYY-MM-DD), unless the current one
    """
    transaction = Transaction(
        id=str(uuid.uuid4()),
        terminal=pairing.terminal,
        pairing=pairing.id,
        kind=kind,
        amounts=amounts,
        flags=flags,
        created_at=time.time(),
        day=day,
    )
    # The documented first answer has version 1, whatever the step is.
    _new_version(world, transaction, 1, message=WAITING)
    return transaction


def refuse(world, transaction):
    """The terminal is busy: the transaction is over in its second version."""
    _new_version(
        world,
        transaction,
        world.settings["version_step"],
        status="FINALISED",
        financial_status="CANCELLED",
        message="(TRANSACTION_REFUSED) Terminal is busy",
        form="final",
    )


def publish(world, transaction, **changes):
    """What the terminal reports becomes a new version.

    While the terminal is off or offline it is kept until mx51 can be reached.
    """
    transaction.unsent.update(changes)
    if world.terminals[transaction.terminal].reachable:
        flush(world, transaction)
    world.touch(transaction)


def flush(world, transaction):
    """Deliver what could not be reported before, without the versions in between."""
    if not transaction.unsent:
        return
    changes, transaction.unsent = transaction.unsent, {}
    _new_version(world, transaction, world.settings["version_step"], **changes)


def play(world, transaction, data):
    """Publish the last version with exactly these fields changed.

    For tests: forms, texts and values of any kind, even wrong ones.
    """
    if isinstance(data.get("status"), str):
        transaction.status = data["status"]
    if "result_financial_status" in data:
        transaction.financial_status = data["result_financial_status"]
    _new_version(world, transaction, world.settings["version_step"])
    transaction.views[-1].update(copy.deepcopy(data))
    version = data.get("version")
    if isinstance(version, int) and version > transaction.version:
        transaction.version = version


def _new_version(world, transaction, step, **changes):
    for name, value in changes.items():
        setattr(transaction, name, value)
    transaction.version += int(step)
    pairing = world.pairings[transaction.pairing]
    terminal = world.terminals[transaction.terminal]
    view = {
        "id": transaction.id,
        "version": transaction.version,
        "status": transaction.status,
        "message": transaction.message,
        "merchant_receipt": transaction.merchant_receipt,
        "customer_receipt": transaction.customer_receipt,
        "result_amounts": _result_amounts(transaction, world.settings),
        "result_financial_status": transaction.financial_status,
        "pos_instructions": forms.instructions(
            transaction, pairing, terminal, world.settings
        ),
    }
    if world.settings["nulls"] == "absent":
        view = {name: value for name, value in view.items() if value is not None}
    transaction.views.append(view)
    del transaction.views[:-VIEWS_KEPT]
    world.touch(transaction)


def _result_amounts(transaction, settings):
    amounts = transaction.result_amounts
    declined = transaction.financial_status == "DECLINED"
    if declined and settings["declined_amounts"] == "zero":
        amounts = dict.fromkeys(transaction.amounts, 0)
    if amounts is None or settings["result_amounts"] == "own":
        return amounts
    return {name: amounts.get(name, 0) for name in RESULT_AMOUNTS}

"""What a terminal does: with a transaction, a card, keys, power and time.

Every function changes the world and runs under its lock.
"""

import time

from . import bank, pairings, receipts, settlements, transactions
from .world import Refused

#: Stages in which the terminal waits for the customer, and a cancel is possible.
WAITING_STAGES = ("tip", "cashout", "present_card", "moto")
FINAL_FORM = {"status": "FINALISED", "form": "final"}


def happen(world, terminal):
    """The terminal's next event is due."""
    with world.change():
        event, terminal.due, terminal.due_at = terminal.due, None, None
        EVENTS[event](world, terminal)


def take(world, terminal, transaction):
    """A transaction reaches an idle terminal."""
    terminal.transaction = transaction.id
    _enter(world, terminal, "accepting", "accept", "accept_delay")


def is_busy(terminal):
    """Whether a create would be refused."""
    return terminal.stage not in pairings.FREE_STAGES


def current(world, terminal):
    """The transaction that the terminal is working on."""
    return world.transactions[terminal.transaction]


# -- steps of a transaction ------------------------------------------------------------


def _accept(world, terminal):
    # Unreachable: taken as soon as mx51 can reach the terminal again.
    if terminal.reachable:
        _ask(world, terminal)


def _ask(world, terminal):
    """Ask the customer for whatever is missing next."""
    transaction = current(world, terminal)
    known = {**transaction.amounts, **transaction.added}
    if transaction.is_settlement:
        _publish(world, transaction, "Settlement in progress", form="none")
        _enter(world, terminal, "settling", "settled", "processing_delay")
    elif transaction.kind == "purchase_with_cashout" and "cashout_amount" not in known:
        _wait(world, terminal, "cashout", "Waiting for cash out amount", "none")
    elif (
        transaction.kind == "purchase"
        and terminal.tip_prompt
        and "tip_amount" not in known
    ):
        # The form of this step is known to have no cancel button.
        _wait(world, terminal, "tip", "Waiting for customer to enter tip", "none")
    elif transaction.kind == "moto":
        _wait(world, terminal, "moto", "Waiting for card details", "cancel")
    else:
        text = "Waiting for customer to present card"
        _wait(world, terminal, "present_card", text, "cancel")
        _turn_to_customer(terminal, transaction)


def expect(terminal, customer):
    """A customer acts once without a further call, ``after`` seconds after the terminal
    asks for a card for this ``amount``. Other amounts are ignored.

    :param customer: amount, after, outcome (see bank.CARDS, or ``cancel``), or None
    """
    if customer and set(customer) != {"amount", "after", "outcome"}:
        raise ValueError("A customer has amount, after and outcome.")
    if customer and customer["outcome"] not in (*bank.CARDS, "cancel"):
        raise ValueError(f"outcome is cancel or one of {', '.join(bank.CARDS)}.")
    terminal.customer = customer


def _turn_to_customer(terminal, transaction):
    customer = terminal.customer
    if customer and customer["amount"] == sum(transaction.amounts.values()):
        terminal.due = "customer"
        terminal.due_at = time.time() + customer["after"]


def _customer_acts(world, terminal):
    customer, terminal.customer = terminal.customer, None
    if customer and terminal.screen == "present_card":
        if customer["outcome"] == "cancel":
            cancel_by_key(world, terminal)
        else:
            present_card(world, terminal, {"outcome": customer["outcome"]})
    else:
        _enter(world, terminal, terminal.stage, "timeout", "present_card_timeout")


def enter_amount(world, terminal, name, cents):
    """The customer or merchant keys a tip or a cash-out amount."""
    stage = {"tip_amount": "tip", "cashout_amount": "cashout"}[name]
    if terminal.screen != stage:
        raise Refused("The terminal does not ask for this amount.")
    if isinstance(cents, bool) or not isinstance(cents, int) or cents < 0:
        raise Refused("An amount is a whole number of cents.")
    current(world, terminal).added[name] = cents
    _ask(world, terminal)


def present_card(world, terminal, card):
    """The customer presents a card (or the merchant keys it, for MOTO).

    :param card: outcome (see bank.CARDS), response_code?, approved_amount?
    """
    if terminal.screen not in ("present_card", "moto"):
        raise Refused("The terminal does not ask for a card.")
    if card.get("outcome") not in bank.CARDS:
        raise Refused(f"outcome is one of {', '.join(bank.CARDS)}.")
    transaction = current(world, terminal)
    transaction.card = card
    _add_surcharge(terminal, transaction)
    _publish(world, transaction, "Processing", form="none")
    slow = card["outcome"] == "slow"
    delay = "slow_delay" if slow else "processing_delay"
    _enter(world, terminal, "processing", "bank", delay)


def _add_surcharge(terminal, transaction):
    allowed = transactions.KINDS[transaction.kind][2]
    if "surcharge_amount" not in allowed or "surcharge_amount" in transaction.amounts:
        return
    if terminal.surcharge_rate:
        base = sum({**transaction.amounts, **transaction.added}.values())
        cents = round(base * terminal.surcharge_rate / 10_000)
        transaction.added["surcharge_amount"] = cents


def _bank_answers(world, terminal):
    transaction = current(world, terminal)
    card = transaction.card
    outcome = card["outcome"]
    code = card.get("response_code") or bank.CARDS[outcome]
    amounts = {**transaction.amounts, **transaction.added}
    if outcome == "unknown":
        return _lose_the_answer(world, terminal)
    if code not in bank.APPROVED_CODES:
        return finish(world, terminal, "DECLINED", bank.message(code), None)
    if card.get("approved_amount") is not None:
        amounts = bank.approved_part(amounts, card["approved_amount"])
    world.charge(transaction, amounts, "approved")
    if outcome == "unknown_charged":
        return _lose_the_answer(world, terminal)
    if outcome == "signature":
        return _ask_for_signature(world, terminal, amounts)
    return finish(world, terminal, "APPROVED", bank.message(code), amounts)


def _lose_the_answer(world, terminal):
    text = "(UNKNOWN) Transaction outcome unknown"
    finish(world, terminal, "UNKNOWN", text, None)


def _ask_for_signature(world, terminal, amounts):
    transaction = current(world, terminal)
    transaction.approved = amounts
    receipt = receipts.transaction_receipt(
        transaction, terminal, "merchant", bank.message("008"), signature=True
    )
    terminal.stage = "signature"
    if transaction.flags["verify_signature_on_terminal"]:
        put_out(terminal, receipt)
        text = "Waiting for signature verification on terminal"
        _publish(world, transaction, text, form="none")
    else:
        transactions.publish(
            world,
            transaction,
            message="Signature required",
            status="AWAITING_POS",
            form="signature",
            merchant_receipt=receipt,
        )


def decide_signature(world, terminal, approved):
    """The signature was checked, at the POS or at the terminal."""
    if terminal.stage != "signature":
        raise Refused("There is no signature to decide.")
    transaction = current(world, terminal)
    amounts, transaction.approved = transaction.approved, None
    if approved:
        return finish(world, terminal, "APPROVED", bank.message("008"), amounts)
    world.charge(transaction, amounts, "reversed")
    text = "(008) DECLINED - SIGNATURE MISMATCH"
    return finish(world, terminal, "DECLINED", text, None)


def finish(world, terminal, financial_status, message, result_amounts):
    """The transaction is over; the terminal prints what the POS asked it to."""
    transaction = current(world, terminal)
    merchant = customer = None
    if financial_status in ("APPROVED", "DECLINED"):
        transaction.result_amounts = result_amounts
        merchant, customer = (
            receipts.transaction_receipt(transaction, terminal, who, message)
            for who in ("merchant", "customer")
        )
        if transaction.flags["print_merchant_receipt"]:
            put_out(terminal, merchant)
    transactions.publish(
        world,
        transaction,
        **FINAL_FORM,
        message=message,
        financial_status=financial_status,
        result_amounts=result_amounts,
        merchant_receipt=merchant,
        customer_receipt=customer,
    )
    _enter(world, terminal, "result", "rest", "result_time")


def _settle(world, terminal):
    settlements.finish(world, terminal, current(world, terminal))
    _enter(world, terminal, "result", "rest", "result_time")


# -- cancelling and timing out -------------------------------------------------------


def cancel_by_key(world, terminal):
    """The red key: ends a pairing or a transaction, or clears a result."""
    if terminal.screen in ("pairing_code", "confirm_pairing"):
        pairings.give_up(world, terminal)
    elif terminal.screen in WAITING_STAGES:
        # A line break is known to stand in this text.
        text = "(TRANSACTION_CANCELLED)\nTransaction user cancelled"
        _cancelled(world, terminal, text)
    elif terminal.screen in pairings.FREE_STAGES:
        _rest(world, terminal)
    else:
        raise Refused("This cannot be cancelled now.")


def cancel_by_pos(world, terminal, transaction):
    """The POS asks for a cancel.

    :returns: False when it comes too late
    """
    stage = terminal.stage if terminal.transaction == transaction.id else None
    if stage == "signature":
        decide_signature(world, terminal, False)
    elif stage == "accepting" or stage in WAITING_STAGES:
        _publish(world, transaction, "Cancelling", form="none")
        terminal.due = "pos_cancel"
        terminal.due_at = time.time() + world.settings["cancel_delay"]
    else:
        return False
    return True


def _pos_cancel(world, terminal):
    _cancelled(world, terminal, "(TRANSACTION_CANCELLED) Transaction cancelled by POS")


def walk_away(world, terminal):
    """The customer has left: the terminal times out soon."""
    if terminal.screen not in WAITING_STAGES:
        raise Refused("Nobody is asked for anything.")
    terminal.due = "timeout"
    terminal.due_at = time.time() + world.settings["walk_away_delay"]


def _time_out(world, terminal):
    _cancelled(world, terminal, "(TRANSACTION_CANCELLED) Transaction timed out")


def _cancelled(world, terminal, message):
    finish(world, terminal, "CANCELLED", message, None)


def certification_submitted(world, terminal, transaction, inputs):
    """The certification form was submitted: its values become a text of the next."""
    transaction.inputs = inputs
    _publish(world, transaction, "Certification form received", form="cancel")


# -- power, connection, paper ----------------------------------------------------------


def set_power(world, terminal, on):
    """Switch the terminal on or off. Off, it forgets what it was asking for."""
    if on == terminal.power:
        return
    if not on:
        pairings.give_up(world, terminal)
        if terminal.stage in WAITING_STAGES:
            terminal.power = False
            _cancelled(
                world, terminal, "(TRANSACTION_CANCELLED) Terminal was restarted"
            )
        elif terminal.stage in pairings.FREE_STAGES:
            _rest(world, terminal)
    terminal.power = on
    _connected(world, terminal)


def set_online(world, terminal, online):
    """Flight mode off or on. The terminal itself goes on working."""
    terminal.online = online
    _connected(world, terminal)


def _connected(world, terminal):
    if not terminal.reachable:
        return
    for transaction in world.transactions.values():
        if transaction.terminal == terminal.id and transaction.unsent:
            transactions.flush(world, transaction)
    if terminal.stage == "accepting" and terminal.due is None:
        _enter(world, terminal, "accepting", "accept", "accept_delay")


def print_customer_copy(world, terminal):
    """Print the customer's receipt."""
    if terminal.screen != "result" or not terminal.transaction:
        raise Refused("There is nothing to print.")
    transaction = current(world, terminal)
    receipt = transaction.unsent.get("customer_receipt", transaction.customer_receipt)
    if not receipt:
        raise Refused("There is nothing to print.")
    put_out(terminal, receipt)


def put_out(terminal, text):
    """Paper comes out of the printer."""
    terminal.slip_count += 1
    terminal.slips.append({"n": terminal.slip_count, "text": text})
    del terminal.slips[:-6]


def tear_off(terminal):
    """Take the paper."""
    terminal.slips = []


# -- small things ----------------------------------------------------------------------


def _rest(world, terminal):
    terminal.stage = "idle"
    terminal.transaction = None
    terminal.due = terminal.due_at = None


def _code_expired(world, terminal):
    pairings.give_up(world, terminal, "expired")


def _enter(world, terminal, stage, due, duration):
    terminal.stage = stage
    terminal.due = due
    terminal.due_at = time.time() + world.settings[duration]


def _wait(world, terminal, stage, message, form):
    _publish(world, current(world, terminal), message, form=form)
    _enter(world, terminal, stage, "timeout", "present_card_timeout")


def _publish(world, transaction, message, **changes):
    transactions.publish(
        world, transaction, message=message, status="PENDING", **changes
    )


EVENTS = {
    "accept": _accept,
    "customer": _customer_acts,
    "bank": _bank_answers,
    "settled": _settle,
    "pos_cancel": _pos_cancel,
    "timeout": _time_out,
    "rest": _rest,
    "code_expired": _code_expired,
}

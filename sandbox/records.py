"""The sandbox's records: terminals, pairings, transactions. Plain data."""

from dataclasses import dataclass, field


@dataclass
class Terminal:
    """An EFTPOS terminal.

    ``stage`` is what the terminal is doing; what its screen shows follows from
    it and from the power switch. ``due`` names what happens by itself at
    ``due_at`` (epoch seconds) if nothing else happens before.
    """

    id: str
    nickname: str
    tid: str
    #: authorised, forbidden (no tenant this API key may use) or live
    tenant: str = "authorised"
    #: None: the address that the sandbox listens at
    base_url: str | None = None
    power: bool = True
    #: False: flight mode; the terminal works, but mx51 cannot reach it
    online: bool = True
    stage: str = "idle"
    due: str | None = None
    due_at: float | None = None
    #: the pairing whose code or confirmation code is on the screen
    pairing: str | None = None
    transaction: str | None = None
    #: paper hanging out of the printer, oldest first
    slips: list = field(default_factory=list)
    slip_count: int = 0
    #: the customer who acts without a further call: see terminal.expect
    customer: dict | None = None
    #: whether the terminal asks for a tip if the POS gave none
    tip_prompt: bool = False
    #: surcharge that the terminal adds if the POS gave none, in 1/100 percent
    surcharge_rate: int = 0
    #: charges until then (epoch seconds) are settled
    settled_at: float = 0.0
    cashout_enabled: bool = True
    moto_enabled: bool = True

    @property
    def screen(self):
        """The name of what the terminal's display shows."""
        if not self.power:
            return "off"
        # A transaction that the terminal has not taken yet does not show on it.
        return "idle" if self.stage == "accepting" else self.stage

    @property
    def reachable(self):
        """Whether mx51 can reach it."""
        return self.power and self.online


@dataclass
class Pairing:
    """One pairing attempt, from the code on the terminal to its end.

    ``state``: ``initial`` (code shown), ``confirming`` (progressed by the POS),
    ``active``, or how it ended: ``expired``, ``revoked`` (given up on the
    terminal), ``unpaired``, ``replaced``.
    """

    id: str
    terminal: str
    code: str
    created_at: float
    state: str = "initial"
    key_id: str | None = None
    part_b: str | None = None
    confirmation_code: str | None = None
    nickname: str = ""
    base_url: str | None = None
    confirmed_at: float | None = None


@dataclass
class Transaction:
    """One transaction or settlement, with each version it has been published in.

    Amounts are integers in cents. ``unsent`` holds what the terminal has to
    report while mx51 cannot be reached. ``views`` are the versions as mx51 answers
    them.
    """

    id: str
    terminal: str
    pairing: str
    kind: str
    amounts: dict
    flags: dict
    created_at: float
    version: int = 0
    status: str = "PENDING"
    message: str = ""
    financial_status: str | None = None
    result_amounts: dict | None = None
    merchant_receipt: str | None = None
    customer_receipt: str | None = None
    #: the day that an enquiry is about (YYYY-MM-DD), unless the current one
    day: str | None = None
    #: the form that mx51 shows: see forms.py
    form: str = "none"
    #: the card presented to the terminal: outcome, response_code, …
    card: dict | None = None
    #: what the terminal itself added: tip_amount, surcharge_amount, …
    added: dict = field(default_factory=dict)
    #: what the bank has approved while the signature is still to be checked
    approved: dict | None = None
    inputs: dict | None = None
    unsent: dict = field(default_factory=dict)
    views: list = field(default_factory=list)

    @property
    def path(self):
        """The transaction's path under the base URL."""
        collection = "settlements" if self.is_settlement else "transactions"
        return f"/v1/{collection}/{self.id}"

    @property
    def is_settlement(self):
        return self.kind in ("settlement", "enquiry")

    @property
    def is_final(self):
        return self.status == "FINALISED"

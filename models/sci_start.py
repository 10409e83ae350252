"""``sci_start``: what is asked for, and whether it may begin (``ledger-states.md``,
"Start")."""

import dataclasses

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..sci.messages import AMOUNTS, KINDS, create_request
from . import sci_ledger as ledger
from .credentials import MissingCredentials
from .pos_payment_method import MX51_SCI
from .sci_arguments import accessible, is_id
from .sci_ledger import signed_total
from .sci_refund import allowance, original_of
from .sci_texts import error_view
from .short_transactions import Conflict

#: Kinds that a register offers only when it is set up to; the setting's name.
OPTIONAL_KINDS = {
    "cashout": "sci_cashout",
    "purchase_with_cashout": "sci_cashout",
    "moto": "sci_moto",
}
#: In one statement with the insert: here the cashier waits.
_OPEN_SESSION = """(
    SELECT id FROM pos_session
     WHERE config_id = %s AND state <> 'closed' AND rescue IS NOT TRUE
     ORDER BY id DESC LIMIT 1)"""


@dataclasses.dataclass(frozen=True)
class StartRequest:
    """What a register asks for, checked against its user's rights.

    From the browser come uuids, the attempt (1, raised by Retry only), the kind, the
    amounts in minor units and the choice of a terminal; never URLs or states.
    """

    payment_uuid: str
    attempt: int
    order_uuid: str
    config_id: int
    payment_method_id: int
    terminal_id: int | None
    terminal_given: bool
    kind: str
    amounts: dict
    original_payment_uuid: str | None

    @classmethod
    def from_values(cls, env, values):
        """:raises AccessError: a register, method or terminal of somebody else
        :raises UserError: values that no register sends"""
        values = values if isinstance(values, dict) else {}
        for key in ("payment_uuid", "order_uuid"):
            if not _is_identifier(values.get(key)):
                raise UserError(env._("%s is missing.", key))
        attempt = values.get("attempt")
        if type(attempt) is not int or attempt < 1:
            raise UserError(env._("%s is missing.", "attempt"))
        amounts = values.get("amounts")
        original = values.get("original_payment_uuid")
        config = accessible(
            env, "pos.config", values.get("config_id"), "company_id", "sci_terminal_id"
        )
        method = _method(env, values.get("payment_method_id"), config)
        given = values.get("terminal_id") or False
        terminal = (
            accessible(env, "pos.sci.terminal", given)
            if given
            else _own_terminal(config, method)
        )
        if terminal and terminal.company_id != config.company_id:
            raise AccessError(env._("This terminal belongs to another company."))
        return cls(
            payment_uuid=values["payment_uuid"],
            attempt=attempt,
            order_uuid=values["order_uuid"],
            config_id=config.id,
            payment_method_id=method.id,
            terminal_id=terminal.id or None,
            terminal_given=bool(given),
            kind=str(values.get("kind") or ""),
            amounts=dict(amounts) if isinstance(amounts, dict) else {},
            original_payment_uuid=original if _is_identifier(original) else None,
        )

    def refusal_view(self, code, message):
        """The public view of a refusal that is no row."""
        return {
            "id": False,
            "payment_uuid": self.payment_uuid,
            "attempt": self.attempt,
            "order_uuid": self.order_uuid,
            "kind": self.kind,
            "status": "not_sent",
            "financial_status": False,
            "version": 0,
            "message": "",
            "amounts": self.amounts,
            "result_amounts": False,
            "merchant_receipt": False,
            "customer_receipt": False,
            "pos_instructions": False,
            "error": {"code": code, "message": message, "hint": ""},
            "paid": False,
            "unresolved": False,
        }


def _method(env, method_id, config):
    method = env["pos.payment.method"].search(
        [
            ("id", "=", method_id if is_id(method_id) else 0),
            ("config_ids", "in", config.ids),
            ("use_payment_terminal", "=", MX51_SCI),
        ]
    )
    if not method:
        accessible(env, "pos.payment.method", method_id)
        raise UserError(env._("This payment method does not use an EFTPOS terminal."))
    return method


def _is_identifier(value):
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()


def _whole_amounts(amounts):
    """What of ``amounts`` a ledger can keep."""
    return {
        name: amount
        for name, amount in amounts.items()
        if name in AMOUNTS and type(amount) is int and abs(amount) < 2**53
    }


def _own_terminal(config, method):
    """The register's own terminal, else the method's only one."""
    if config.sci_terminal_id:
        return config.sci_terminal_id
    terminals = method.sci_terminal_ids
    return terminals if len(terminals) == 1 else terminals.browse()


@dataclasses.dataclass(frozen=True)
class Go:
    """A committed draft that may go on: all that the requests to mx51 need."""

    row_id: int
    api: object
    body: dict
    terminal_id: int
    pairing_id: str


def begin(env, request, asked_first=False):
    """Find the row of this attempt, or insert it. The work of one short transaction.

    :param asked_first: mx51 was asked about the attempt that was marked as not paid
    :return: ``(row, what)``, ``what`` being a :class:`Go`, ``"ask_first"``,
        ``"different_request"`` or ``None`` (nothing is sent)
    """
    attempts = env["pos.sci.transaction"].search(
        [("payment_uuid", "=", request.payment_uuid)], order="attempt desc"
    )
    config = env["pos.config"].browse(request.config_id)
    config = config.with_context(prefetch_fields=False)
    config.fetch(["company_id", "currency_id"])
    last = attempts[:1]
    if last and last.company_id != config.company_id:
        raise AccessError(env._("This payment belongs to another company."))
    for row in attempts:
        ledger.reap(env, row)
    if request.attempt <= last.attempt:
        row = attempts.filtered(lambda row: row.attempt == request.attempt) or last
        return row, None if _same(row, request) else "different_request"
    # Any attempt: one that a person has answered for may be approved late.
    standing = attempts.filtered(lambda row: row._unresolved or row._paid)[:1]
    if standing:
        contradicted = standing.override_outcome == "no"
        return standing, "contradicted" if contradicted else None
    if request.attempt != last.attempt + 1:
        raise UserError(env._("Attempt %s was never made.", request.attempt - 1))
    doubtful = attempts.filtered(
        lambda row: row.sci_id and row.status not in ("FINALISED", "not_sent")
    )[:1]
    if doubtful and not asked_first:
        return doubtful, "ask_first"
    return _no_row(env, request) or _insert(env, request, config)


def _no_row(env, request):
    """A refusal that cannot become a row: no terminal, no known kind."""
    none = env["pos.sci.transaction"]
    if request.kind not in KINDS:
        text = env._("This kind of card transaction is not available.")
        return none, request.refusal_view("wrong_kind", text)
    if request.terminal_id:
        return None
    method = env["pos.payment.method"].browse(request.payment_method_id)
    if method.sci_terminal_ids:
        text = env._("Choose the terminal for this payment.")
        return none, request.refusal_view("terminal_required", text)
    text = env._("No active pairings found")
    return none, request.refusal_view("not_paired", text)


def _same(row, request):
    return (
        (row.order_uuid, row.kind, row.amounts)
        == (request.order_uuid, request.kind, _whole_amounts(request.amounts))
    ) and (not request.terminal_given or row.terminal_id.id == request.terminal_id)


def _insert(env, request, config):
    terminal = env["pos.sci.terminal"].browse(request.terminal_id)
    terminal._touch()
    Transaction = env["pos.sci.transaction"]
    of_order = Domain("order_uuid", "=", request.order_uuid)
    met = Domain("terminal_id", "=", terminal.id) | of_order
    rivals = Transaction.search(Transaction._unresolved_domain() & met)
    for row in rivals:
        ledger.reap(env, row)
    original = env["pos.sci.transaction"]
    if request.kind == "refund" and request.original_payment_uuid:
        original = original_of(env, request.original_payment_uuid, config.company_id)
    api, refusal = None, _refusal(env, request, config, terminal, original, rivals)
    if not refusal:
        try:
            api = terminal._api()
        except MissingCredentials as exc:
            error = error_view(env, exc)
            refusal = "no_credentials", error["message"]
    values = {
        "payment_uuid": request.payment_uuid,
        "attempt": request.attempt,
        "order_uuid": request.order_uuid,
        "kind": request.kind,
        "amounts": _whole_amounts(request.amounts),
        "company_id": config.company_id.id,
        "currency_id": config.currency_id.id,
        "terminal_id": terminal.id,
        "pairing_id": terminal.pairing_id or None,
        "config_id": config.id,
        "session_id": SQL(_OPEN_SESSION, config.id),
        "payment_method_id": request.payment_method_id,
        "original_id": original.id or None,
        "amount": signed_total(_whole_amounts(request.amounts))
        / 10**config.currency_id.decimal_places,
        "status": "not_sent" if refusal else "draft",
    }
    if refusal:
        values.update(error_code=refusal[0], error_message=refusal[1])
    row_id = ledger.insert(env, values)
    if not row_id:
        raise Conflict("another request was first")
    row = env["pos.sci.transaction"].browse(row_id)
    if refusal:
        return row, None
    body = create_request(request.kind, request.amounts, terminal._receipt_flags())
    return row, Go(row_id, api, body, terminal.id, terminal.pairing_id)


def _refusal(env, request, config, terminal, original, rivals):
    """``(code, sentence)`` when this may not leave, else ``None``.

    :param rivals: rows of the terminal or of the order that were unresolved
    """
    setting = OPTIONAL_KINDS.get(request.kind)
    if setting and not config[setting]:
        return "wrong_kind", env._("This register is not set up for that.")
    try:
        create_request(request.kind, request.amounts)
    except ValueError:
        return "wrong_amount", env._("This amount cannot be sent to a terminal.")
    order = env["pos.order"].search_fetch(
        [("uuid", "=", request.order_uuid)], ["uuid", "state"], limit=1
    )
    if order and order.state != "draft":
        return "order_finished", env._("This order is finished already.")
    if _differs_from_order(env, request, config):
        return "wrong_amount", env._("The amount differs from the one of the order.")
    if request.kind == "refund":
        refusal = _refund_refusal(env, request, config, original)
        if refusal:
            return refusal
    if terminal.currency_id != config.currency_id:
        return "wrong_currency", env._(
            "%(terminal)s takes %(theirs)s, this register sells in %(ours)s.",
            terminal=terminal.name,
            theirs=terminal.currency_id.name,
            ours=config.currency_id.name,
        )
    rivals = rivals.filtered(lambda row: row._unresolved)
    occupants = rivals.filtered(lambda row: row._occupying)
    if request.order_uuid in (rivals - occupants).mapped("order_uuid"):
        return "order_unresolved", env._(
            "Another card payment of this order has no result yet. Resolve it first."
        )
    if terminal._is_claimed():
        return "terminal_busy", env._(
            "%s is being paired or unpaired. Try again in a moment.", terminal.name
        )
    if terminal.state != "paired":
        return "not_paired", env._("No active pairings found")
    occupant = occupants.filtered(lambda row: row.terminal_id == terminal)[:1]
    if occupant:
        return "terminal_busy", env._(
            "%(terminal)s is taking a payment on register %(register)s.",
            terminal=terminal.name,
            register=occupant.config_id.name,
        )
    return None


def _refund_refusal(env, request, config, original):
    wanted = request.amounts["refund_amount"]
    if not request.original_payment_uuid:
        is_manager = env.user.has_group("point_of_sale.group_pos_manager")
        if config.sci_free_refund and is_manager:
            return None
        return "refund_limit", env._("A refund needs the card payment it belongs to.")
    if not original:
        return "refund_limit", env._("The card payment to refund was not found.")
    if original.currency_id != config.currency_id:
        return "wrong_currency", env._(
            "The card payment to refund was taken in %s.", original.currency_id.name
        )
    left = allowance(original)
    if wanted > left:
        unit = 10**config.currency_id.decimal_places
        return "refund_limit", env._(
            "At most %(amount)s of this card payment can be refunded.",
            amount=config.currency_id.format(max(left, 0) / unit),
        )
    return None


def _differs_from_order(env, request, config):
    """The order is on the server before its payment leaves; a browser that asks for
    another amount than it has synced is not believed. A tip that is asked for is part
    of the line; a surcharge comes on top."""
    payment = env["pos.payment"].search_fetch(
        [("uuid", "=", request.payment_uuid)], ["amount", "pos_order_id"], limit=1
    )
    if not payment:
        return False
    if payment.pos_order_id.uuid != request.order_uuid:
        return True
    asked = {k: v for k, v in request.amounts.items() if k != "surcharge_amount"}
    minor_units = round(payment.amount * 10**config.currency_id.decimal_places)
    return minor_units != signed_total(asked)

"""``sci_start``: find the row of an attempt, or insert it (``docs/ledger.md``
"Start")."""

import dataclasses

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..sci.currency import exponent_of
from ..sci.messages import KINDS, create_request
from ..server.credentials import CannotSign
from ..server.sentences import error_view
from ..server.short_transactions import Conflict
from . import dues, fetching, override, refund, rows, terminals, transitions
from .amounts import in_currency, signed_total
from .prompts import without_prompts
from .refusals import Case, refusal_of
from .states import NOT_FINAL, binds
from .view import refusal_view

#: Both in one statement with the insert: here the cashier waits.
_OPEN_SESSION = """(
    SELECT id FROM pos_session
     WHERE config_id = %s AND state <> 'closed' AND rescue IS NOT TRUE
     ORDER BY id DESC LIMIT 1)"""
_NAME_OF_USER = """(
    SELECT name FROM res_partner
     WHERE id = (SELECT partner_id FROM res_users WHERE id = %s))"""


@dataclasses.dataclass(frozen=True)
class ReadyToSend:
    """A committed draft that may go on: all that the requests to mx51 need."""

    row_id: int
    api: object
    body: dict
    terminal_id: int
    pairing_id: str


@dataclasses.dataclass(frozen=True)
class PollFirst:
    """An earlier attempt may have been approved although a person stated that it was
    not paid: mx51 has to be asked about this row first."""

    row_id: int


@dataclasses.dataclass(frozen=True)
class Existing:
    """This row is the answer; nothing is sent.

    :param error: code of :func:`~.steps.view`, or ``None``
    """

    row_id: int
    error: str | None = None


@dataclasses.dataclass(frozen=True)
class NotARow:
    """A refusal that cannot become a row, as the public view of it."""

    view: dict


def begin(env, request, polled_first=False):
    """Find the row of this attempt, or insert it. The work of one short transaction.

    :param request: :class:`~.request.StartRequest`
    :param polled_first: mx51 was asked about the attempt that was stated as not paid
    :return: one of the four classes above
    """
    known = rows.around(env, request)
    attempts = known.filtered(lambda row: row.payment_uuid == request.payment_uuid)
    attempts = attempts.sorted("attempt", reverse=True)
    config = env["pos.config"].browse(request.config_id)
    terminal = env["pos.sci.terminal"].browse(request.terminal_id)
    fetching.fetch_register(config, terminal)
    if terminal and terminal.company_id != config.company_id:
        raise AccessError(env._("This terminal belongs to another company."))
    last = attempts[:1]
    if last and last.company_id != config.company_id:
        raise AccessError(env._("This payment belongs to another company."))
    for row in attempts:
        transitions.expire(env, row)
    if request.attempt <= last.attempt:
        row = attempts.filtered(lambda row: row.attempt == request.attempt) or last
        return Existing(row.id, None if request.is_of(row) else "different_request")
    # Any attempt: one whose outcome was stated may be approved late.
    standing = attempts.filtered(binds)[:1]
    if standing:
        contradicted = standing.override_outcome == "no"
        return Existing(standing.id, "contradicted" if contradicted else None)
    if request.attempt != last.attempt + 1:
        raise UserError(env._("Attempt %s was never made.", request.attempt - 1))
    doubtful = attempts.filtered(lambda row: row.sci_id and NOT_FINAL.holds(row))[:1]
    if doubtful and not polled_first:
        return PollFirst(doubtful.id)
    refusal = _without_row(env, request, config)
    return refusal or _insert(env, request, config, terminal, known)


def _without_row(env, request, config):
    """A refusal without a terminal, a known kind or currency, which a row needs."""
    if request.kind not in KINDS:
        text = env._("This kind of card transaction is not available.")
        return NotARow(refusal_view(request, "wrong_kind", text))
    if exponent_of(config.currency_id.name) is None:
        text = env._("%s is no currency that terminals know.", config.currency_id.name)
        return NotARow(refusal_view(request, "wrong_currency", text))
    if request.terminal_id:
        return None
    method = env["pos.payment.method"].browse(request.payment_method_id)
    if method.sci_terminal_ids:
        text = env._("Choose the terminal for this payment.")
        return NotARow(refusal_view(request, "terminal_required", text))
    text = env._(
        "This register has no EFTPOS terminal. A manager can choose one in its "
        "settings."
    )
    return NotARow(refusal_view(request, "no_terminal", text))


def _insert(env, request, config, terminal, known):
    order = dues.serialise(env, request.order_uuid)
    terminals.serialise(terminal)
    for row in known:
        transitions.expire(env, row)
    fetching.fetch_order(order)
    original, refunded = known.browse(), None
    if request.kind == "refund":
        sales = refund.sales_of(env, config.company_id, request.order_uuid)
        refund.serialise(env, sales)
        original = sales.original(request.original_payment_uuid)
        refunded = sales, original
    case = Case(config, terminal, order, known, refunded)
    api, refusal = None, refusal_of(env, request, case)
    if not refusal:
        try:
            api = terminals.api_of(terminal)
        except CannotSign as exc:
            error = error_view(env, exc)
            refusal = error["code"], error["message"]
    if refunded and not original:
        override.use_permit(env, config)
    values = _values(request, config, terminal, original)
    values["status"] = "not_sent" if refusal else "draft"
    values["result"] = "not_sent" if refusal else "running"
    values["cashier"] = _cashier(order)
    if refusal:
        values.update(error_code=refusal[0], error_message=refusal[1])
    row_id = rows.insert(env, values)
    if not row_id:
        raise Conflict("another request was first")
    if refusal:
        return Existing(row_id)
    flags = terminals.receipt_flags(terminal)
    amounts = without_prompts(request, case)
    body = create_request(request.kind, amounts, flags)
    return ReadyToSend(row_id, api, body, terminal.id, terminal.pairing_id)


def _cashier(order):
    """Who has the order at the register: with ``pos_hr`` an employee, else a user."""
    name = "cashier" in order._fields and order.cashier
    return name or SQL(_NAME_OF_USER, order.user_id.id or order.env.uid)


def _values(request, config, terminal, original):
    amounts = request.storable_amounts
    exponent = exponent_of(config.currency_id.name)
    return {
        "payment_uuid": request.payment_uuid,
        "attempt": request.attempt,
        "order_uuid": request.order_uuid,
        "kind": request.kind,
        "amounts": amounts,
        "company_id": config.company_id.id,
        "currency_id": config.currency_id.id,
        "exponent": exponent,
        "terminal_id": terminal.id,
        "pairing_id": terminal.pairing_id or None,
        "config_id": config.id,
        "session_id": SQL(_OPEN_SESSION, config.id),
        "payment_method_id": request.payment_method_id,
        "original_id": original.id or None,
        "amount": in_currency(signed_total(amounts), exponent),
    }

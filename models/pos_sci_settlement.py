"""Settlement and enquiry: the day's totals of a terminal (protocol notes 5)."""

import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sci.errors import Incomplete, NothingNew, SciError
from ..sci.messages import FINALISED
from .credentials import MissingCredentials
from .sci_arguments import the_one
from .sci_ledger import SENDING_DIES_AFTER
from .sci_texts import error_view
from .short_transactions import ShortTransactions, end_transaction

_logger = logging.getLogger(__name__)

#: Seconds that a manager waits for the totals; after that they come by themselves.
WAIT = 10
#: Seconds that mx51 may hold each of the requests meanwhile.
HOLD = 5
UNFINISHED = ("sending", "PENDING", "AWAITING_POS")


class PosSciSettlement(models.Model):
    """One settlement or enquiry of one terminal.

    A settlement closes the day at the bank. Like a payment it is on disk before it
    leaves, is sent once, and is then asked about until it has ended.
    """

    _name = "pos.sci.settlement"
    _description = "EFTPOS settlement"
    _order = "id desc"
    _rec_name = "sci_id"

    kind = fields.Selection(
        [("settlement", "Settlement"), ("enquiry", "Settlement enquiry")],
        required=True,
        readonly=True,
    )
    terminal_id = fields.Many2one(
        "pos.sci.terminal", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="terminal_id.company_id", store=True, index=True
    )
    pairing_id = fields.Char("Pairing ID", readonly=True)
    sci_id = fields.Char("Settlement ID", readonly=True)
    status = fields.Selection(
        [
            ("sending", "Sending to the terminal"),
            ("PENDING", "In progress"),
            ("AWAITING_POS", "Waiting"),
            ("FINALISED", "Finished"),
            ("unknown", "No answer"),
            ("not_sent", "Not sent"),
        ],
        required=True,
        readonly=True,
    )
    financial_status = fields.Selection(
        [
            ("APPROVED", "Approved"),
            ("DECLINED", "Declined"),
            ("CANCELLED", "Cancelled"),
            ("UNKNOWN", "Unknown"),
        ],
        "Outcome",
        readonly=True,
    )
    version = fields.Integer(readonly=True)
    message = fields.Char(readonly=True)
    receipt = fields.Text(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    finalised_at = fields.Datetime(readonly=True)

    _sci_id = models.UniqueIndex("(sci_id)")
    _one_per_terminal = models.UniqueIndex(
        "(terminal_id) WHERE status IN ('sending', 'PENDING', 'AWAITING_POS')"
    )

    def _compute_display_name(self):
        for row in self:
            kind = dict(self._fields["kind"]._description_selection(self.env))
            row.display_name = f"{kind[row.kind]} {row.terminal_id.name}"

    @api.model
    def _start(self, terminal, kind):
        """Run a settlement or an enquiry on a terminal that the user may change.

        :return: the new row
        :raises UserError: nothing was sent, for this reason
        """
        view = terminal.check_pairing()
        if view["error"]:
            raise UserError(view["error"]["message"])
        short = ShortTransactions(self.env)
        end_transaction(self.env)
        row_id, sci, refusal = short.run(_begin, terminal.id, kind)
        if refusal:
            raise UserError(refusal)
        try:
            answer = sci.create_settlement(kind)
        except SciError as exc:
            _logger.info("Settlement %s: %s", row_id, exc)
            short.run_stubbornly(_not_created, row_id, exc)
        else:
            short.run_stubbornly(_answered, row_id, answer)
            _wait(short, row_id)
        return self.browse(row_id)

    def action_check(self):
        """Ask once more, before the scheduled action does."""
        the_one(self).check_access("read")
        short = ShortTransactions(self.env)
        end_transaction(self.env)
        _ask(short, self.id)
        return True

    @api.model
    def _sweep(self):
        """Finish the rows that nobody waits for."""
        short = ShortTransactions(self.env)
        for row_id in short.run(_unfinished):
            try:
                _ask(short, row_id)
            except Exception:
                _logger.exception("Could not look after settlement %s", row_id)


def _wait(short, row_id):
    give_up_at = time.monotonic() + WAIT
    while _ask(short, row_id) and time.monotonic() < give_up_at:
        pass


def _ask(short, row_id):
    """Ask for the next version; mx51 holds the request until there is one.

    :return: whether there is more to ask about
    """
    sci, sci_id, version = short.run(_look, row_id)
    if not sci:
        return False
    try:
        answer = sci.get_settlement(sci_id, version + 1, HOLD)
    except (NothingNew, Incomplete):
        return True
    except SciError as exc:
        _logger.info("Settlement %s: %s", row_id, exc)
        return False
    short.run_stubbornly(_answered, row_id, answer)
    return answer.status != FINALISED


# -- work of one short transaction each ----------------------------------------------


def _begin(env, terminal_id, kind):
    """The row, committed before its request leaves.

    :return: ``(id, API, None)`` or ``(None, None, reason)``
    """
    terminal = env["pos.sci.terminal"].browse(terminal_id)
    terminal._touch()
    if terminal.state != "paired":
        return None, None, env._("No active pairings found")
    if terminal._is_claimed():
        return (
            None,
            None,
            env._(
                "%s is being paired or unpaired. Try again in a moment.", terminal.name
            ),
        )
    register = env["pos.sci.transaction"]._occupants(terminal).get(terminal_id)
    if register:
        return (
            None,
            None,
            env._(
                "%(terminal)s is taking a payment on register %(register)s.",
                terminal=terminal.name,
                register=register,
            ),
        )
    Settlement = env["pos.sci.settlement"]
    others = Settlement.search(
        [("terminal_id", "=", terminal_id), ("status", "in", UNFINISHED)]
    )
    _reap(env, others)
    if others.filtered(lambda row: row.status in UNFINISHED):
        return None, None, env._("%s is busy with its totals.", terminal.name)
    row = Settlement.create(
        {
            "kind": kind,
            "terminal_id": terminal_id,
            "pairing_id": terminal.pairing_id,
            "status": "sending",
            "sent_at": fields.Datetime.now(),
        }
    )
    return row.id, terminal._api(), None


def _unfinished(env):
    return env["pos.sci.settlement"].search([("status", "in", UNFINISHED)]).ids


def _locked(env, row_id):
    env.cr.execute(
        "SELECT id FROM pos_sci_settlement WHERE id = %s FOR UPDATE",
        [row_id],
        log_exceptions=False,
    )
    return env["pos.sci.settlement"].browse(row_id)


def _reap(env, rows):
    """Requests that died, and what has not ended in a day."""
    now = env.cr.now()
    for row in rows:
        age = (now - row.sent_at).total_seconds()
        limit = SENDING_DIES_AFTER if row.status == "sending" else 24 * 3600
        if row.status in UNFINISHED and age > limit:
            row.status = "unknown"


def _look(env, row_id):
    """``(API or None, id, version)`` of a row to ask about."""
    row = _locked(env, row_id)
    _reap(env, row)
    askable = row.status in UNFINISHED and row.sci_id
    if not askable or row.pairing_id != row.terminal_id.pairing_id:
        return None, None, None
    try:
        return row.terminal_id._api(), row.sci_id, row.version
    except MissingCredentials:
        return None, None, None


def _not_created(env, row_id, exc):
    row = _locked(env, row_id)
    if row.status == "sending":
        status = "not_sent" if exc.did_nothing else "unknown"
        row.write({"status": status, "message": error_view(env, exc)["message"]})


def _answered(env, row_id, answer):
    """Keep a new version."""
    row = _locked(env, row_id)
    final = answer.status == FINALISED
    is_new = answer.version > row.version and row.sci_id in (False, answer.id)
    if row.status == FINALISED or not is_new:
        return
    row.write(
        {
            "sci_id": answer.id,
            "version": answer.version,
            "status": answer.status,
            "financial_status": answer.financial_status,
            "message": answer.message or row.message,
            "receipt": answer.merchant_receipt or row.receipt,
            "finalised_at": fields.Datetime.now() if final else False,
        }
    )

"""Pairing: code → confirmation → test → paired, and back (seed; ``design.md`` 3).

No method here holds a transaction open while mx51 is asked. A request that changes
a pairing is claimed first (``claimed_at``), committed, and sent once: Odoo runs an
RPC again after a serialization failure, and then the claim or the state is found.
"""

import logging
from datetime import timedelta

from odoo import fields, models

from ..sci.client import PairingApi, clock_offset
from ..sci.errors import NoActivePairings, SciError
from ..sci.urls import UnsafeUrl
from . import credentials
from . import sci_ledger as ledger
from .credentials import MissingCredentials
from .pos_sci_terminal import PAIRING_FIELDS
from .sci_arguments import the_one
from .sci_texts import credentials_text, error_view
from .short_transactions import ShortTransactions, end_transaction

_logger = logging.getLogger(__name__)

#: Pairing API and SCI API are not in lockstep: for this long after a pairing
#: ``no_active_pairings_found`` is not believed to be a loss (protocol notes 2.5).
LOCKSTEP_GRACE = timedelta(seconds=60)
#: One screen at a time asks; longer than that takes (seconds).
LOOK_LIFETIME = 12
LONGEST_NICKNAME = 100

NO_ERROR = {"last_error": False, "last_error_code": False, "last_error_hint": False}


class PosSciTerminal(models.Model):
    _inherit = "pos.sci.terminal"

    # -- what the pairing screen calls ---------------------------------------------

    def pairing_view(self):
        """What the pairing screen shows; asks nobody."""
        the_one(self).check_access("read")
        return self._pairing_view()

    def check_pairing(self):
        """Look whether the pairing is active, when its screen opens and while the
        terminal is awaited. Notices a loss; never finishes a pairing."""
        the_one(self).check_access("read")
        if self.state == "unpaired":
            lost = self.last_error_code == NoActivePairings.code
            return self._pairing_view(error=None if lost else False)
        short = ShortTransactions(self.env)
        if not short.run(_claim_look, self.id):
            return self._pairing_view()
        try:
            return self._look(finish=False)
        finally:
            short.run(_release_look, self.id)

    def action_test(self):
        """The merchant's Test button: asks pairing-info, finishes a pairing."""
        the_one(self).check_access("write")
        if self.state == "unpaired":
            return self._pairing_view()
        return self._look(finish=True)

    def action_pair(self, pairing_code, pairing_nickname=None):
        """Exchange the code shown on the terminal for a pairing.

        :param pairing_code: text; leading zeros count, blanks do not
        :param pairing_nickname: optional label of this pairing
        :return: the pairing view; what mx51 objects to is in its ``error``
        """
        the_one(self).check_access("write")
        code = "".join(_plain(pairing_code).split())
        nickname = _plain(pairing_nickname)
        if not code:
            return self._with_error(
                "invalid_request", self.env._("Enter the code shown on the terminal.")
            )
        try:
            url, api_key = credentials.pairing_credentials()
            api = PairingApi(url, api_key)
        except MissingCredentials as exc:
            return self._pairing_view(error=error_view(self.env, exc))
        except UnsafeUrl as exc:
            return self._with_error(
                "no_credentials", self.env._("MX51_SCI_PAIRING_API_URL: %s", exc)
            )
        short = ShortTransactions(self.env)
        claim, refusal = short.run(_claim, self.id, ["unpaired"])
        if refusal:
            return self._refused(refusal)
        end_transaction(self.env)
        try:
            pairing = api.progress_pairing(code, nickname)
        except SciError as exc:
            values = _error_values(error_view(self.env, exc))
        else:
            values = {
                **{name: getattr(pairing, name) for name in PAIRING_FIELDS[:-1]},
                **NO_ERROR,
                "pairing_nickname": pairing.pairing_nickname or nickname,
                "state": "confirming",
                "currency_id": self.company_id.currency_id.id,
                "can_forget": False,
            }
        short.run_stubbornly(_release, self.id, claim, values)
        return self._fresh_view(short)

    def action_cancel_pairing(self):
        """Give up a pairing that is not confirmed yet; leaves no half pairing on
        mx51's side (certification SCIPAIRING07)."""
        return self._unpair("confirming")

    def action_unpair(self):
        """Remove the pairing. Without an answer the terminal stays paired here."""
        return self._unpair("paired")

    def action_forget(self):
        """Forget the pairing here only, after an unpairing that got no answer."""
        the_one(self).check_access("write")
        if not self.can_forget:
            return self._pairing_view()
        short = ShortTransactions(self.env)
        claim, refusal = short.run(_claim, self.id, ["confirming", "paired"])
        if refusal:
            return self._refused(refusal)
        short.run(_release, self.id, claim, _unpaired_values())
        return self._fresh_view(short)

    # -- how it is done ------------------------------------------------------------

    def _unpair(self, state):
        the_one(self).check_access("write")
        if self.state != state:
            return self._pairing_view()
        try:
            api = self._api()
        except MissingCredentials as exc:
            return self._pairing_view(error=error_view(self.env, exc))
        short = ShortTransactions(self.env)
        claim, refusal = short.run(_claim, self.id, [state])
        if refusal:
            return self._refused(refusal)
        end_transaction(self.env)
        try:
            api.unpair()
            values = _unpaired_values()
        except NoActivePairings:
            values = _unpaired_values()
        except SciError as exc:
            hint = self.env._(
                "The terminal is still paired. Try again, or forget the pairing here "
                "and remove it on the terminal."
            )
            error = error_view(self.env, exc, hint=hint)
            values = {**_error_values(error), "can_forget": True}
        short.run_stubbornly(_release, self.id, claim, values)
        return self._fresh_view(short)

    def _look(self, finish):
        """Ask pairing-info and keep what it says.

        :param finish: whether an active pairing that was ``confirming`` is done
        """
        try:
            api = self._api()
        except MissingCredentials as exc:
            return self._pairing_view(error=error_view(self.env, exc))
        pairing_id = self.pairing_id
        short = ShortTransactions(self.env)
        end_transaction(self.env)
        error, confirmed = False, False
        try:
            api.pairing_info()
        except NoActivePairings as exc:
            outcome = short.run(
                not_active, self.id, pairing_id, error_view(self.env, exc)
            )
            if outcome == "confirming" and finish:
                text = self.env._("Not confirmed on the terminal yet.")
                error = {"code": "not_confirmed", "message": text, "hint": ""}
                short.run(_keep_error, self.id, pairing_id, error)
            elif outcome == "paired":
                hint = self.env._("It was paired a moment ago. Try again in a minute.")
                error = error_view(self.env, exc, hint=hint)
            else:
                error = None
        except SciError as exc:
            error = error_view(self.env, exc)
            if finish:
                short.run(_keep_error, self.id, pairing_id, error)
        else:
            short.run(_active, self.id, pairing_id, finish)
            confirmed = True
        return self._fresh_view(short, error=error, confirmed=confirmed)

    def _refused(self, refusal):
        code, terminal_state = refusal
        if code == "unresolved_transaction":
            return self._with_error(
                code,
                self.env._(
                    "A payment on this terminal has no result yet. Resolve it first."
                ),
            )
        if code == "in_progress":
            return self._with_error(
                code, self.env._("Another request for this terminal is on its way.")
            )
        if terminal_state == "paired":
            return self._with_error(
                code, self.env._("This terminal is paired. Unpair it first.")
            )
        return self._fresh_view(ShortTransactions(self.env))

    def _with_error(self, code, message):
        return self._pairing_view(error={"code": code, "message": message, "hint": ""})

    def _fresh_view(self, short, **kwargs):
        """The view after own transactions: this request's snapshot is older."""
        self.env.invalidate_all(flush=False)
        return short.run(
            lambda env: (
                env(user=short.uid)[self._name].browse(self.id)._pairing_view(**kwargs)
            )
        )

    def _pairing_view(self, error=None, confirmed=False):
        """:param error: shown instead of the stored one; ``False`` shows none"""
        terminal = self.sudo()
        if error is None:
            error = terminal.last_error_code and {
                "code": terminal.last_error_code,
                "message": terminal.last_error or "",
                "hint": terminal.last_error_hint or "",
            }
        try:
            credentials.pairing_credentials()
            missing = False
        except MissingCredentials as exc:
            missing = credentials_text(self.env, exc)
        confirming = terminal.state == "confirming"
        registers = terminal.config_ids | terminal.payment_method_ids.config_ids
        return {
            "id": terminal.id,
            "name": terminal.name,
            "state": terminal.state,
            "pairing_nickname": terminal.pairing_nickname or "",
            "pairing_id": terminal.pairing_id or "",
            "confirmation_code": confirming and terminal.confirmation_code,
            "tid": terminal.tid or "",
            "terminal_nickname": terminal.terminal_nickname or "",
            "paired_at": _iso(terminal.paired_at),
            "last_checked_at": _iso(terminal.last_checked_at),
            "error": error or False,
            "confirmed": confirming and confirmed,
            "can_pair": self.has_access("write"),
            "can_forget": terminal.can_forget,
            "credentials_error": missing,
            "sandbox": terminal.sandbox,
            "registers": registers.mapped("name"),
            "payment_methods": terminal.payment_method_ids.mapped("name"),
            "suggested_nickname": terminal.pairing_nickname
            or terminal.config_ids[:1].name
            or terminal.name,
        }


def _plain(text):
    """What a person typed, as one printable line."""
    text = text if isinstance(text, str) else ""
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_NICKNAME]


def _iso(moment):
    return moment and moment.isoformat() + "Z"


def _error_values(error):
    return {
        "last_error": error["message"],
        "last_error_code": error["code"],
        "last_error_hint": error["hint"],
    }


def _unpaired_values():
    """Also the secret is erased: nothing waits for an answer under it."""
    gone = dict.fromkeys(PAIRING_FIELDS, False)
    return {**gone, **NO_ERROR, "state": "unpaired", "can_forget": False}


# -- work of one short transaction each ----------------------------------------------


def _locked(env, terminal_id, pairing_id=None):
    """The terminal, locked against other changes of its pairing; empty when it is
    not under ``pairing_id`` any more."""
    env.cr.execute(
        "SELECT pairing_id FROM pos_sci_terminal WHERE id = %s FOR UPDATE",
        [terminal_id],
        log_exceptions=False,
    )
    row = env.cr.fetchone()
    if not row or (pairing_id and row[0] != pairing_id):
        return env["pos.sci.terminal"]
    return env["pos.sci.terminal"].browse(terminal_id)


def _claim_look(env, terminal_id):
    """Only who gets this asks: with a silent mx51 the screens of one terminal would
    hold the workers of the whole shop."""
    env.cr.execute(
        "UPDATE pos_sci_terminal SET looked_at = clock_timestamp() AT TIME ZONE 'UTC'"
        " WHERE id = %s AND (looked_at IS NULL OR looked_at <"
        " clock_timestamp() AT TIME ZONE 'UTC' - make_interval(secs => %s))"
        " RETURNING id",
        [terminal_id, LOOK_LIFETIME],
        log_exceptions=False,
    )
    return bool(env.cr.fetchone())


def _release_look(env, terminal_id):
    env.cr.execute(
        "UPDATE pos_sci_terminal SET looked_at = NULL WHERE id = %s",
        [terminal_id],
        log_exceptions=False,
    )


def _claim(env, terminal_id, states):
    """Compare-and-set before a request that changes the pairing leaves.

    :return: ``(claim, None)`` or ``(None, (reason, state))``
    """
    terminal = _locked(env, terminal_id)
    if terminal.state not in states:
        return None, ("wrong_state", terminal.state)
    if terminal._is_claimed():
        return None, ("in_progress", terminal.state)
    for row in env["pos.sci.transaction"]._unresolved_on(terminal):
        ledger.reap(env, row)
    if env["pos.sci.transaction"]._unresolved_on(terminal):
        return None, ("unresolved_transaction", terminal.state)
    terminal.claimed_at = claim = env.cr.now().replace(microsecond=0)
    return claim, None


def _release(env, terminal_id, claim, values):
    """Keep what the request brought, unless somebody else has claimed meanwhile."""
    terminal = _locked(env, terminal_id)
    if terminal.claimed_at != claim:
        _logger.warning("Terminal %s was claimed by somebody else", terminal_id)
        return
    secret = values.pop("signing_secret_part_b", None)
    terminal.write({**values, "claimed_at": False})
    if secret is not None:
        # Not through the ORM, whose failing queries are logged.
        env.cr.execute(
            "UPDATE pos_sci_terminal SET signing_secret_part_b = %s WHERE id = %s",
            [secret or None, terminal_id],
            log_exceptions=False,
        )


def _active(env, terminal_id, pairing_id, finish):
    """pairing-info answered 200."""
    terminal = _locked(env, terminal_id, pairing_id)
    if terminal.state not in ("confirming", "paired"):
        return
    now = fields.Datetime.now()
    values = {
        "last_checked_at": now,
        "can_forget": False,
        "clock_offset": round(clock_offset(terminal.api_base_url)),
    }
    if terminal.state == "paired" or finish:
        values.update(NO_ERROR)
    if terminal.state == "confirming" and finish:
        values.update(state="paired", paired_at=now)
    terminal.write(values)


def not_active(env, terminal_id, pairing_id, error):
    """pairing-info answered ``no_active_pairings_found``.

    ``confirming``: not confirmed yet. ``paired``: lost, unless it was paired a moment
    ago. The secret stays for transactions that still wait for an answer under it.

    :return: the terminal's state afterwards
    """
    terminal = _locked(env, terminal_id, pairing_id)
    now = fields.Datetime.now()
    settled = not terminal.paired_at or terminal.paired_at <= now - LOCKSTEP_GRACE
    if terminal.state == "paired" and settled:
        _logger.info("The pairing of terminal %s is gone", terminal_id)
        terminal.write(
            {**_error_values(error), "state": "unpaired", "last_checked_at": now}
        )
    return terminal.state


def _keep_error(env, terminal_id, pairing_id, error):
    terminal = _locked(env, terminal_id, pairing_id)
    if terminal.state != "unpaired":
        terminal.write(_error_values(error))

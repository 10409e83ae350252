"""What a register asks for when it starts a payment."""

import dataclasses

from odoo.exceptions import UserError

from ..sci.messages import AMOUNTS
from ..server.arguments import accessible, is_id
from ..server.odoo_adapter import CARD_METHODS
from . import fetching


@dataclasses.dataclass(frozen=True)
class StartRequest:
    """The values of ``sci_start``, checked against the user's rights.

    From the browser come uuids, the attempt (1, raised by Retry only), the kind, the
    amounts in minor units and the choice of a terminal; never URLs or states. Which
    terminals a register may use, ``refusals.py`` checks.
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
        """:raises AccessError: a register, method or terminal the user may not use
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
            env, "pos.config", values.get("config_id"), *fetching.REGISTER
        )
        method = _method(env, values.get("payment_method_id"), config)
        given = values.get("terminal_id") or False
        terminal = (
            accessible(env, "pos.sci.terminal", given)
            if given
            else usual_terminal(config, method)
        )
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

    @property
    def storable_amounts(self):
        """What of the amounts a row can keep."""
        return {
            name: amount
            for name, amount in self.amounts.items()
            if name in AMOUNTS and type(amount) is int and abs(amount) < 2**53
        }

    def is_of(self, row):
        """Whether ``row`` was started by a request for the same."""
        same_terminal = row.terminal_id.id == self.terminal_id
        return (
            (row.order_uuid, row.kind, row.amounts)
            == (self.order_uuid, self.kind, self.storable_amounts)
        ) and (not self.terminal_given or same_terminal)


def _method(env, method_id, config):
    # Of its twenty fields, few are of interest.
    Method = env["pos.payment.method"].with_context(prefetch_fields=False)
    domain = [
        ("id", "=", method_id if is_id(method_id) else 0),
        ("config_ids", "in", config.ids),
        *CARD_METHODS,
    ]
    method = Method.search_fetch(domain, fetching.METHOD)
    if not method:
        accessible(env, "pos.payment.method", method_id)
        raise UserError(env._("This payment method does not use an EFTPOS terminal."))
    return method


def _is_identifier(value):
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()


def usual_terminal(config, method):
    """The register's own terminal, else the method's only one, unless that stands
    beside other registers."""
    if config.sci_terminal_id:
        return config.sci_terminal_id
    terminals = method.sci_terminal_ids
    is_only = len(terminals) == 1 and not terminals.sudo().config_ids
    return terminals if is_only else terminals.browse()

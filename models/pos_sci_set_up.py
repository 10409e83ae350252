from odoo import api, models
from odoo.exceptions import UserError

from ..ledger import override
from ..pairing.view import pairing_view
from ..server.arguments import accessible, clean_text
from ..support import check, set_up

LONGEST_NAME = 60


class PosSciSetUp(models.AbstractModel):
    """What the screen *Set up EFTPOS* asks for; managers only."""

    _name = "pos.sci.set.up"
    _description = "Set up EFTPOS"

    @api.model
    def overview(self, config_id=None):
        """What there is, what is missing, and the form for a terminal that is not made
        yet; see :func:`~..support.set_up.overview`.

        :param config_id: the register that somebody wants a terminal for
        """
        self._check_manager()
        wanted = config_id and accessible(self.env, "pos.config", config_id)
        blank = self.env["pos.sci.terminal"].new({"state": "unpaired"})
        return {
            **set_up.overview(self.env, wanted),
            "form": {**pairing_view(blank), "id": False, "name": ""},
            "findings": check.shop_findings(self.env),
            "is_administrator": self.env.is_system(),
        }

    @api.model
    def name_terminal(self, name, terminal_id=None):
        """Name the terminal that a pairing code was entered for, and make it if need
        be; see :func:`~..support.set_up.name_terminal`."""
        self._check_manager()
        name = clean_text(name)[:LONGEST_NAME] or self.env._("Terminal")
        known = terminal_id and accessible(self.env, "pos.sci.terminal", terminal_id)
        set_up.look_after(self.env)
        return set_up.name_terminal(self.env, name, known)

    @api.model
    def paired(self, terminal_id):
        """A terminal has just been paired here: give it to the register beside it.

        :return: the overview; with a ``problem``, where that cannot be
        """
        self._check_manager()
        terminal, problem = accessible(self.env, "pos.sci.terminal", terminal_id), ""
        try:
            with self.env.cr.savepoint():
                set_up.suggest(terminal)
        except UserError as exc:
            problem = exc.args[0]
        return {**self.overview(), "problem": problem}

    @api.model
    def tick(self, terminal_id, config_id, is_used):
        """Whether a register uses a terminal.

        :return: the overview
        """
        self._check_manager()
        terminal = accessible(self.env, "pos.sci.terminal", terminal_id)
        register = accessible(self.env, "pos.config", config_id)
        (set_up.use if is_used is True else set_up.leave)(register, terminal)
        return self.overview()

    def _check_manager(self):
        override.check_user(self.env, self.env._("Only a manager may set up EFTPOS."))

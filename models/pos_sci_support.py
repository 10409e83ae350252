import base64

from odoo import api, models
from odoo.exceptions import AccessError

from ..server.waiting import WAYS
from ..support import bundle, check


class PosSciSupport(models.AbstractModel):
    """What the screen *Set-up check* asks for; administrators only."""

    _name = "pos.sci.support"
    _description = "EFTPOS set-up check"

    @api.model
    def check_setup(self, way=None, problem=None):
        """See :func:`~..support.check.findings`."""
        self._check_administrator()
        return check.findings(self.env, *_seen(way, problem))

    @api.model
    def build_bundle(self, way=None, problem=None):
        """The support bundle, base64 of a ZIP archive."""
        self._check_administrator()
        found = check.findings(self.env, *_seen(way, problem))
        return base64.b64encode(bundle.build(self.env, found)).decode()

    def _check_administrator(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may check the set-up."))


def _seen(way, problem):
    """What a browser says it has seen, as far as that can be."""
    way = way if isinstance(way, str) and way in dict(WAYS) else None
    return way, problem if type(problem) is int else None

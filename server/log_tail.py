"""The last lines that the addon has logged in this process, for the support bundle:
in containers, nobody but the host reads Odoo's log."""

import collections
import logging

#: How many lines are kept.
KEPT = 200

_lines = collections.deque(maxlen=KEPT)


class _Tail(logging.Handler):
    def emit(self, record):
        try:
            _lines.append(self.format(record))
        except Exception:
            self.handleError(record)


def lines():
    """The last lines, the oldest first."""
    return list(_lines)


def start():
    """Keep lines from now on; once for each process."""
    logger = logging.getLogger(__name__.partition(".server.")[0])
    if not any(isinstance(handler, _Tail) for handler in logger.handlers):
        handler = _Tail()
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        )
        logger.addHandler(handler)

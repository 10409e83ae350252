"""The last lines that the addon has logged in this process, for the support bundle:
in containers, nobody but the host reads Odoo's log. One server may serve several
databases, so each line is kept with its database."""

import collections
import logging
import threading

#: How many lines are kept.
KEPT = 200

_lines = collections.deque(maxlen=KEPT)


class _Tail(logging.Handler):
    def emit(self, record):
        try:
            _lines.append((current_database(), self.format(record)))
        except Exception:
            self.handleError(record)


def current_database():
    """Name of the database that this thread works for, ``None`` where Odoo has not said
    so."""
    return getattr(threading.current_thread(), "dbname", None)


def lines(dbname):
    """The last lines about this database and about none, the oldest first."""
    return [line for about, line in list(_lines) if about in (dbname, None)]


def start():
    """Keep lines from now on; once for each process."""
    logger = logging.getLogger(__name__.partition(".server.")[0])
    if not any(isinstance(handler, _Tail) for handler in logger.handlers):
        handler = _Tail()
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        )
        logger.addHandler(handler)

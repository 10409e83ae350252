"""Waiting for mx51 without holding the shop (``design.md`` 5)."""

from odoo import http
from odoo.http import request


class SciController(http.Controller):
    """The same two calls on two paths: proxies send ``/websocket`` to the evented
    process, where waiting is free; the other path works anywhere.

    ``save_session=False``: the cursor is closed before mx51 is awaited, and a session
    could not be saved through a closed one.
    """

    @http.route(
        ["/websocket/mx51_sci/poll", "/mx51_sci/poll"],
        type="jsonrpc",
        auth="user",
        save_session=False,
    )
    def poll(self, id, version):  # noqa: A002 (the name on the wire)
        """The public view of a row that is newer than ``version``, and ``held``."""
        row = request.env["pos.sci.transaction"].browse(id)
        flow = row._flow()
        _release_cursor()
        return flow.poll(row.id, version)

    @http.route(
        ["/websocket/mx51_sci/start", "/mx51_sci/start"],
        type="jsonrpc",
        auth="user",
        save_session=False,
    )
    def start(self, values):
        """``sci_start`` without holding a cursor."""
        flow, start_request = request.env["pos.sci.transaction"]._start_flow(values)
        _release_cursor()
        return flow.start(start_request)


def _release_cursor():
    """Give the database connection back; ``request.env`` is not used afterwards."""
    request.env.cr.commit()
    request.env.cr.close()

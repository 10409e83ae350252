"""Waiting for mx51 without holding up the shop (``docs/architecture.md`` "Waiting")."""

from odoo import http
from odoo.http import request

from ..server import waiting
from ..server.arguments import is_id

#: Bytes; forms and amounts are far shorter.
LONGEST_BODY = 1024 * 1024


def _route(call, auth="user"):
    """The same call on two paths: proxies send ``/websocket`` to the evented process,
    where waiting is free; the other path works anywhere.

    ``save_session=False``: the cursor is closed before mx51 is awaited, and a session
    could not be saved through a closed one.
    """
    return http.route(
        [f"/websocket/mx51_sci/{call}", f"/mx51_sci/{call}"],
        type="jsonrpc",
        auth=auth,
        save_session=False,
        max_content_length=_body_length,
    )


def _body_length(_controller):
    """Some proxies send ``Connection: upgrade`` with all of ``/websocket``. Then the
    evented process does not mark where a body ends, and would read for ever."""
    length = request.httprequest.content_length
    return LONGEST_BODY if length is None else min(length, LONGEST_BODY)


class SciController(http.Controller):
    """The model's methods of these names, without a cursor while mx51 is awaited."""

    @_route("start")
    def start(self, values):
        """The public view of the row that ``values`` started or found."""
        flow, start_request = request.env["pos.sci.transaction"]._start_flow(values)
        begun = flow.begin_start(request.env, start_request)
        _release_cursor()
        return flow.start(start_request, begun)

    @_route("poll")
    def poll(self, id, version, hold=True, finish=True):  # noqa: A002 (on the wire)
        """The public view of a row that is newer than ``version``; ``held`` tells
        whether it was waited for, ``way`` in which kind of process.

        :param hold: whether the browser can spare a connection for it
        :param finish: whether an approval's order is finished before the answer
        """
        row = _row(id)
        flow = row._flow()
        way = waiting.way()
        # A payment's first polls are enough to learn it from.
        is_first = version in (0, 1)
        register_id = is_first and _register_not_yet_seen(row, way)
        begun = flow.begin_poll(request.env, id, version)
        _release_cursor()
        if register_id:
            flow.short.run(_remember_way, register_id, way)
        view = flow.poll(id, version, hold is not False, finish is not False, begun)
        return {**view, "way": way}

    @_route("way")
    def way(self):
        """The kind of process that answers, for an administrator's set-up check."""
        request.env["pos.sci.support"]._check_administrator()
        return waiting.way()

    @_route("cancel")
    def cancel(self, id):  # noqa: A002
        flow = _row(id)._flow()
        _release_cursor()
        return flow.cancel(id)

    @_route("submit")
    def submit(self, id, version, button_key, inputs=None):  # noqa: A002
        flow = _row(id)._flow()
        _release_cursor()
        return flow.submit(id, version, button_key, inputs)

    @_route("override")
    def override(self, id, successful, reason, employee_id=None, pin=None):  # noqa: A002
        record = _row(id)._checked_override(successful, reason, employee_id, pin)
        _release_cursor()
        return record()


def _register_not_yet_seen(row, way):
    """:return: id of the row's register if it was served in another way before, else
    ``False``"""
    register = row.sudo().config_id.with_context(prefetch_fields=False)
    return register.sci_way != way and register.id


def _remember_way(env, register_id, way):
    env["pos.config"]._sci_remember_way(register_id, way)


def _row(row_id):
    return request.env["pos.sci.transaction"].browse(row_id if is_id(row_id) else ())


def _release_cursor():
    """Give the database connection back; ``request.env`` is not used afterwards."""
    request.env.cr.commit()
    request.env.cr.close()

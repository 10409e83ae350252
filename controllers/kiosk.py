"""Card payments at a kiosk of ``pos_self_order``: public routes, so tokens decide."""

from odoo import http
from odoo.http import request

from ..kiosk import access, payment
from ..server.arguments import is_id
from .main import _release_cursor, _route


class SciKioskController(http.Controller):
    """Each call names the kiosk by its token, the order by its uuid and token."""

    @_route("kiosk/start", auth="public")
    def start(self, access_token, order_uuid, order_token, payment_method_id, known=0):
        """Charge what the order owes, or find the payment that does; see
        :func:`~..kiosk.payment.customer_view`.

        :param known: id of the last row that the kiosk has seen
        """
        order = _order(access_token, order_uuid, order_token)
        method = access.method_of(order.config_id, payment_method_id)
        row, values = payment.prepare(order, method, known if is_id(known) else 0)
        if row:
            flow = _flow(order, row)
            return _answer(order, flow, lambda: flow.view(row.id))
        flow, started = order.env["pos.sci.transaction"]._start_flow(values)
        return _answer(order, flow, lambda: flow.start(started))

    @_route("kiosk/poll", auth="public")
    def poll(self, access_token, order_uuid, order_token, version, state=None):
        """:param state: what the kiosk shows now"""
        order = _order(access_token, order_uuid, order_token)
        row = payment.last_row(order)
        if not row:
            return payment.not_started_view(order.env)
        flow = _flow(order, row)
        return _answer(order, flow, lambda: flow.poll(row.id, version), state)

    @_route("kiosk/cancel", auth="public")
    def cancel(self, access_token, order_uuid, order_token):
        order = _order(access_token, order_uuid, order_token)
        row = payment.last_row(order)
        if not row:
            return payment.not_started_view(order.env)
        flow = _flow(order, row)
        return _answer(order, flow, lambda: flow.cancel(row.id))


def _order(access_token, order_uuid, order_token):
    register = access.register_of(request.env, access_token)
    return access.order_of(register, order_uuid, order_token)


def _flow(order, row):
    """As the kiosk's user, whose access is checked."""
    return order.env["pos.sci.transaction"].browse(row.id)._flow()


def _answer(order, flow, work, state=None):
    """Do ``work`` without the request's cursor.

    :param state: what the kiosk shows: staff is called once it is told to
    """
    number = order.tracking_number
    order.env.flush_all()
    _release_cursor()
    view = work()
    shown = flow.short.run(payment.customer_view, view, number)
    if shown["state"] == "staff" and state != "staff":
        flow.short.run(payment.call_staff, view["id"])
    return shown

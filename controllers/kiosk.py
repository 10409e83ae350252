"""Card payments at a kiosk of ``pos_self_order``: public routes, so tokens decide."""

from odoo import http
from odoo.http import request

from ..kiosk import access, payment
from ..kiosk.view import customer_view, said, sentences
from ..server.arguments import is_id
from .main import _release_cursor, _route


class SciKioskController(http.Controller):
    """Each call names the kiosk by its token, the order by its uuid and token, and is
    answered with :func:`~..kiosk.view.customer_view`."""

    @_route("kiosk/start", auth="public")
    def start(self, access_token, order_uuid, order_token, payment_method_id, known=0):
        """Charge what the order owes, or find the payment that does.

        :param known: id of the last row that the kiosk has seen
        """
        register = access.register_of(request.env, access_token)
        order = access.order_of(register, order_uuid, order_token)
        method = access.method_of(register, payment_method_id)
        texts = _texts(register)
        if not order:
            return said(texts, "order_cancelled")
        known = known if is_id(known) else 0
        try:
            row, values = payment.prepare(order, register, method, known)
        except payment.Refusal as refusal:
            return said(texts, refusal.sentence, order.tracking_number)
        if row:
            row_id, flow = row.id, _flow(order, row)
            return _answer(order, flow, texts, lambda flow: flow.view(row_id))
        flow, begun = register.env["pos.sci.transaction"]._start_flow(values)
        shown = _answer(order, flow, texts, lambda flow: flow.start(begun))
        if shown["state"] in ("waiting", "staff"):
            flow.short.run(payment.announce_start, shown["id"])
        return shown

    @_route("kiosk/poll", auth="public")
    def poll(
        self, access_token, order_uuid, order_token, version, state=None, hold=True
    ):
        """:param state: what the server has said last
        :param hold: whether the page can wait for it
        """
        return _of_last_row(
            access.register_of(request.env, access_token),
            order_uuid,
            order_token,
            lambda flow, row_id: flow.poll(row_id, version, hold is not False),
            state,
        )

    @_route("kiosk/cancel", auth="public")
    def cancel(self, access_token, order_uuid, order_token):
        return _of_last_row(
            access.register_of(request.env, access_token),
            order_uuid,
            order_token,
            lambda flow, row_id: flow.cancel(row_id),
        )


def _texts(register):
    """All sentences, in the language that the customer has chosen on the page."""
    chosen = request.cookies.get("frontend_lang")
    return sentences(access.in_language(register, chosen).env)


def _of_last_row(register, order_uuid, order_token, work, state=None):
    order = access.order_of(register, order_uuid, order_token)
    texts = _texts(register)
    if not order:
        return said(texts, "order_cancelled")
    row = payment.last_row(register.env, register, order.uuid)
    if not row:
        return said(texts, "not_made")
    row_id, flow = row.id, _flow(order, row)
    return _answer(order, flow, texts, lambda flow: work(flow, row_id), state)


def _flow(order, row):
    """As the kiosk's user, whose access is checked."""
    return order.env["pos.sci.transaction"].browse(row.id)._flow()


def _answer(order, flow, texts, work, state=None):
    """Do ``work`` without the request's cursor.

    :param texts: :func:`~..kiosk.view.sentences`
    :param state: what the server has said last: staff is called once
    """
    number, uuid = order.tracking_number, order.uuid
    order.env.flush_all()
    _release_cursor()
    view = work(flow)
    shown = flow.short.run(customer_view, view, texts, number)
    if shown["state"] == "staff" and state != "staff":
        flow.short.run(payment.call_staff, view["id"])
    if shown["state"] == "not_paid":
        flow.short.run(payment.release, uuid)
    return shown

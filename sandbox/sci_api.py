"""The SCI API: signed calls under the base URL of a pairing."""

import re
import time
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from . import errors, pairings, settlements, signatures, terminal, transactions
from .server import json_response

UUID = r"[0-9a-f-]{36}"
COLLECTION = r"(?P<collection>transactions|settlements)"
#: After how many seconds each held poll looks whether its client is still there.
LOOK = 5.0


class SciApi:
    """One method for each call. The world's lock is held, except while polling."""

    def __init__(self, world):
        self.world = world
        one = rf"/v1/{COLLECTION}/(?P<id>{UUID})"
        self._routes = [
            # method, path, function, whether the POST needs no body
            ("GET", r"/v1/pairing-info", self.pairing_info, False),
            ("POST", r"/v1/unpair", self.unpair, True),
            ("POST", rf"/v1/{COLLECTION}", self.create, False),
            ("GET", one, self.poll, False),
            ("POST", rf"{one}/cancel", self.cancel, True),
            ("POST", rf"{one}/actions/(?P<action>[a-z/]+)", self.submit, False),
        ]

    def answer(self, request):
        """The answer to a call, and the verdict on its signature for the log.

        :returns: (Response, verdict)
        :raises ApiError: with the attribute ``verdict``, when it got so far
        """
        function, bodyless, arguments = self._route(request)
        with self.world.changed:
            pairing, verdict = self._authenticate(request, bodyless)
        try:
            return function(request, pairing, **arguments), verdict
        except errors.ApiError as error:
            error.verdict = verdict
            raise

    def _route(self, request):
        for method, path, function, bodyless in self._routes:
            found = re.fullmatch(path, request.path)
            if found and method == request.method:
                return function, bodyless, found.groupdict()
        raise errors.route_not_found()

    # -- the caller ------------------------------------------------------------

    def terminal_of(self, request):
        """The id of the terminal that a call is about, if it says so; unverified."""
        key_id = signatures.key_id(request)
        with self.world.changed:
            pairing = key_id and self.world.pairing_by(key_id=key_id)
        return pairing.terminal if pairing else None

    def _authenticate(self, request, bodyless):
        try:
            key_id = signatures.verify(
                request,
                lambda key_id: self._secret_of(key_id, request.host),
                self.world.settings,
                bodyless,
            )
        except signatures.NotValid as reason:
            error = errors.no_valid_signatures()
            error.verdict = f"refused: {reason}"
            raise error from None
        verdict = "valid"
        pairing = self.world.pairing_by(key_id=key_id)
        may_unpair = request.path == "/v1/unpair" and pairing.state == "confirming"
        if pairing.state != "active" and not may_unpair:
            error = errors.no_active_pairings()
            error.verdict = verdict
            raise error
        return pairing, verdict

    def _secret_of(self, key_id, host):
        """Part A and Part B put together as text, at the pairing's own base URL."""
        pairing = self.world.pairing_by(key_id=key_id)
        if not pairing or urlsplit(pairing.base_url).netloc != host.lower():
            return None
        return self.world.signing_secret_part_a + pairing.part_b

    # -- pairing -------------------------------------------------------------------

    def pairing_info(self, request, pairing):
        if time.time() < pairing.confirmed_at + self.world.settings["pairing_lag"]:
            raise errors.no_active_pairings()
        device = self.world.terminals[pairing.terminal]
        return json_response(
            {
                "data": {
                    "pairing_id": pairing.id,
                    "pairing_nickname": pairing.nickname,
                    "tid": device.tid,
                    "terminal_nickname": device.nickname,
                }
            }
        )

    def unpair(self, request, pairing):
        self._no_body(request)
        pairings.unpair_by_pos(self.world, pairing)
        return Response(status=204)

    # -- transactions and settlements ----------------------------------------------

    def create(self, request, pairing, collection):
        data = self._object(request)
        if collection == "settlements":
            (kind, day), amounts, flags = settlements.parse(data), {}, {}
        else:
            (kind, amounts, flags), day = transactions.parse_create(data), None
        device = self.world.terminals[pairing.terminal]
        self._check_enabled(device, kind)
        offline_error = self.world.settings["offline_create"] == "error"
        if not device.reachable and offline_error:
            raise errors.device_not_connected()
        if terminal.is_busy(device):
            return self._busy(pairing, kind, amounts, flags)
        transaction = transactions.create(
            self.world, pairing, kind, amounts, flags, day
        )
        terminal.take(self.world, device, transaction)
        return json_response({"data": transaction.views[-1]})

    def _busy(self, pairing, kind, amounts, flags):
        choice = self.world.settings["busy"]
        if choice != "finalised":
            raise errors.transaction_refused(upper=choice == "error_upper")
        transaction = transactions.create(self.world, pairing, kind, amounts, flags)
        transactions.refuse(self.world, transaction)
        return json_response({"data": transaction.views[-1]})

    @staticmethod
    def _check_enabled(device, kind):
        if kind == "moto" and not device.moto_enabled:
            raise errors.invalid_request("MOTO is not enabled on the terminal")
        if "cashout" in kind and not device.cashout_enabled:
            raise errors.invalid_request("cash out is not enabled on the terminal")

    def poll(self, request, pairing, collection, id):
        """Hold until there is ``min_version``. Called without the lock."""
        world = self.world
        wanted = request.query.get("min_version", "0")
        if not wanted.isdecimal():
            raise errors.invalid_request("min_version is not a number")
        transaction = self._find(pairing, collection, id)
        device = world.terminals[pairing.terminal]
        offline_error = world.settings["offline_poll"] == "error"

        def there():
            if transaction.version >= int(wanted):
                return "there"
            if not device.reachable and offline_error:
                return "offline"
            return "unpaired" if pairing.state != "active" else None

        end = time.monotonic() + (world.settings["poll_hold"] or world.hold)
        found = None
        while not found and time.monotonic() < end and request.connected():
            found = world.hold_until(there, min(LOOK, end - time.monotonic()))
        if found == "offline":
            raise errors.device_not_connected()
        if found == "unpaired":
            raise errors.no_active_pairings()
        if found != "there" and world.settings["quiet_poll"] == "timeout":
            raise errors.not_within_timeout()
        with world.changed:
            return json_response({"data": transaction.views[-1]})

    def cancel(self, request, pairing, collection, id):
        self._no_body(request)
        transaction = self._find(pairing, collection, id)
        if not self._cancel(pairing, transaction):
            if self.world.settings["cancel_too_late"] == "error":
                raise errors.too_late()
        if self.world.settings["cancel_response"] == "version":
            return json_response({"data": {"version": transaction.version}})
        return json_response({"data": transaction.views[-1]})

    def _cancel(self, pairing, transaction):
        device = self.world.terminals[pairing.terminal]
        if not transaction.is_final and not device.reachable:
            raise errors.device_not_connected()
        return terminal.cancel_by_pos(self.world, device, transaction)

    def submit(self, request, pairing, collection, id, action):
        """A button of a form was pressed: its inputs, if any, by name."""
        transaction = self._find(pairing, collection, id)
        inputs = self._object(request) if request.body else {}
        if action not in self._submits(transaction):
            raise errors.invalid_request("this action is not offered any more")
        device = self.world.terminals[pairing.terminal]
        if not device.reachable:
            raise errors.device_not_connected()
        if action == "cancel":
            terminal.cancel_by_pos(self.world, device, transaction)
        elif action.startswith("signature/"):
            approved = action.endswith("approve")
            terminal.decide_signature(self.world, device, approved)
        else:
            terminal.certification_submitted(self.world, device, transaction, inputs)
        return json_response({"data": transaction.views[-1]})

    @staticmethod
    def _submits(transaction):
        """The actions that the last view offers, even if it was played."""
        instructions = transaction.views[-1].get("pos_instructions") or {}
        form = instructions.get("action_form") or {}
        urls = [
            button.get("submit_url") or ""
            for button in (form.get("properties") or {}).values()
        ]
        return [url.partition("/actions/")[2] for url in urls]

    # -- small things --------------------------------------------------------------

    def _find(self, pairing, collection, id):
        transaction = self.world.transactions.get(id)
        if (
            not transaction
            or transaction.pairing != pairing.id
            or transaction.is_settlement != (collection == "settlements")
        ):
            raise errors.transaction_not_found()
        return transaction

    @staticmethod
    def _object(request):
        try:
            return request.json()
        except ValueError as error:
            raise errors.invalid_request("the body is not a JSON object") from error

    @staticmethod
    def _no_body(request):
        if request.body not in (b"", b"{}"):
            raise errors.invalid_request("a body is not expected")

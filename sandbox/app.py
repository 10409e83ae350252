"""From a request to its answer: the APIs, the control API, the page."""

import copy
import ipaddress
import json
import logging
import mimetypes
import secrets
import time
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from . import pairing_api
from .control import Control
from .errors import ApiError
from .sci_api import SciApi
from .server import json_response

PAGE = Path(__file__).parent / "page"
#: The page loads nothing from elsewhere and cannot be put into a frame.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}
_logger = logging.getLogger("sandbox")


class Application:
    """Answers requests. One instance serves every address the sandbox listens at."""

    def __init__(self, world):
        self.world = world
        self.sci = SciApi(world)
        self.control = Control(world)

    def __call__(self, request):
        """The answer and the fault to play with it (or None)."""
        if request.path.startswith("/control/"):
            return self._local(request, self.control.answer), None
        if request.method == "GET" and not request.path.startswith("/v1/"):
            page = self._page(request.path)
            if page:
                return self._local(request, lambda _: page), None
        return self._api(request)

    def now(self):
        return time.time() + self.world.settings["clock_offset"]

    # -- the two APIs --------------------------------------------------------------

    def _api(self, request):
        terminal = self.sci.terminal_of(request)
        fault = self.world.faults.take(request.method, request.target, terminal)
        started = time.monotonic()
        response, verdict = None, None
        if fault and fault.action == "delay":
            time.sleep(fault.seconds)
        if not fault or fault.act:
            response, verdict = self._act(request)
        if fault and fault.action == "old_version":
            response = self._older(response, fault.back)
        self.world.exchanges.add(
            request,
            status=self._status_seen(fault, response),
            signature=verdict,
            fault=fault.action if fault else None,
            acted=response is not None,
            ms=round((time.monotonic() - started) * 1000),
            response_body=response.get_data() if response else b"",
        )
        return response, fault

    def _act(self, request):
        try:
            if (request.method, request.path) == ("POST", "/v1/progress-pairing"):
                with self.world.change():
                    return pairing_api.progress_pairing(self.world, request), "api key"
            if request.method == "GET":
                return self.sci.answer(request)
            with self.world.change():
                return self.sci.answer(request)
        except ApiError as error:
            return self._envelope(error), error.verdict
        except Exception:
            _logger.exception("%s %s failed.", request.method, request.path)
            error = ApiError(500, "internal_error", "Internal server error")
            return self._envelope(error), None

    def _envelope(self, error):
        body = {"code": error.code, "message": error.message}
        if self.world.settings["error_request_id"]:
            body["request_id"] = f"req_{secrets.token_hex(8)}"
        return json_response({"error": body}, error.status)

    @staticmethod
    def _status_seen(fault, response):
        """The status that reaches the client; None when there is no answer."""
        if fault and fault.action in ("drop_before", "drop_after", "hang"):
            return None
        if fault and fault.action == "status":
            return fault.status
        return response.status_code if response else None

    def _older(self, response, back):
        """A transaction as it was ``back`` versions before."""
        data = json.loads(response.get_data() or b"{}").get("data")
        transaction = self.world.transactions.get((data or {}).get("id"))
        if not transaction:
            return response
        with self.world.changed:
            view = transaction.views[max(0, len(transaction.views) - 1 - back)]
            return json_response({"data": copy.deepcopy(view)})

    # -- page and control API ------------------------------------------------------

    def _local(self, request, answer):
        """Refuse foreign host names and origins.

        A web page elsewhere could point its own host name at 127.0.0.1.
        """
        origin = request.header("Origin")
        if not is_loopback(urlsplit(f"//{request.host}").hostname):
            return json_response({"error": "Only as 127.0.0.1 or localhost."}, 403)
        if origin and not is_loopback(urlsplit(origin).hostname):
            return json_response({"error": "Only from pages of this machine."}, 403)
        response = answer(request)
        if origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
            response.headers["Vary"] = "Origin"
        return response

    @staticmethod
    def _page(path):
        file = PAGE / ("index.html" if path == "/" else path.lstrip("/"))
        if file.parent != PAGE or not file.is_file():
            return None
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Response(file.read_bytes(), content_type=kind, headers=PAGE_HEADERS)


def is_loopback(host):
    """Whether a host name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False

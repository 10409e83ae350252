"""``python -m benchmark.upstream``: as much of four payment services as Odoo's addons
need to take one payment after the other.

Each answer takes ``delay`` seconds. ``POST /control/decide`` approves all payments and
answers with the time of that decision; ``/control/reset`` forgets everything.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import requests


class World:
    def __init__(self):
        self.delay, self.decided, self.webhook = 0.0, False, None
        self.asked = {}

    # -- control ----------------------------------------------------------------------

    def control(self, what, data):
        if what == "set":
            self.delay = data["delay"]
        elif what == "reset":
            self.decided, self.webhook = False, data.get("webhook")
        elif what == "decide":
            self.decided = True
            decided_at = time.time()
            if self.webhook:
                threading.Thread(target=self._call_webhook).start()
            return {"at": decided_at}
        return {}

    def _call_webhook(self):
        """Viva tells the merchant's server itself."""
        time.sleep(self.delay)
        event = {
            "TerminalId": self.asked["terminalId"],
            "MerchantTrns": self.asked["merchantReference"],
        }
        data = {"EventTypeId": 1796, "EventData": event}
        requests.post(self.webhook, json=data, timeout=30)

    # -- the services -----------------------------------------------------------------

    def answer(self, method, path, data):
        """(status, answer); a call that is not known here is a bug of the benchmark."""
        if path == "/connect/token":
            return 200, {"access_token": "token"}
        if path == "/api/messages/config/token":
            return 200, {"Key": "key"}
        if path.startswith("/ecr/v1/"):
            return self._viva(path, data)
        if path.startswith("/api/3.0/p2padapter/"):
            return 200, self._razorpay(path, data)
        if path.startswith("/API/CloudBasedIntegration/V1/"):
            return 200, self._pine_labs(path)
        return 200, self._dpo(path, data)

    def _viva(self, path, data):
        if path.endswith("transactions:sale"):
            self.asked = data
            return 200, None
        if not self.decided:
            return 202, {"detail": "processing"}
        session = path.rpartition("/")[2].replace("%20", " ")
        return 200, {
            "success": True,
            "sessionId": session,
            "transactionId": "1",
            "applicationLabel": "Visa",
        }

    def _razorpay(self, path, data):
        if path.endswith("/pay"):
            self.asked = data
            return {"success": True, "p2pRequestId": "1"}
        pending = {"status": "IN_PROGRESS", "messageCode": "P2P_DEVICE_RECEIVED"}
        done = {
            "status": "AUTHORIZED",
            "messageCode": "P2P_DEVICE_TXN_DONE",
            "externalRefNumber": self.asked["externalRefNumber"],
            "nameOnCard": "A/B",
            "createdTime": int(time.time() * 1000),
            "p2pRequestId": "1",
        }
        return {"success": True, **(done if self.decided else pending)}

    def _pine_labs(self, path):
        reference = {"ResponseCode": 0, "PlutusTransactionReferenceID": 1}
        if path.endswith("UploadBilledTransaction"):
            return {**reference, "ResponseMessage": "APPROVED"}
        if not self.decided:
            waiting = {"ResponseCode": 1001, "ResponseMessage": "TXN UPLOADED"}
            return {**reference, **waiting}
        tags = {"Transaction Date": "03122024", "Transaction Time": "063515"}
        return {
            **reference,
            "ResponseMessage": "TXN APPROVED",
            "TransactionData": [{"Tag": k, "Value": v} for k, v in tags.items()],
        }

    def _dpo(self, path, data):
        if path.endswith("get-status"):
            if not data.get("sourceId"):
                return {"displayText": "NO TXN / SYSTEM IDLE"}
            done = {"complete": True, "success": True, "sourceid": data["sourceId"]}
            return done if self.decided else {"complete": False}
        if path.endswith("get-result"):
            date = {"TransactionDate": "03/12/2024", "TransactionTime": "06:35"}
            return {"success": True, **date}
        return {"success": True}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body, path = self.rfile.read(length), urlsplit(self.path).path
        is_json = body.startswith(b"{")
        data = json.loads(body) if is_json else {}
        if path.startswith("/control/"):
            status, answer = 200, world.control(path.rpartition("/")[2], data)
        else:
            time.sleep(world.delay / 2)
            status, answer = world.answer(self.command, path, data)
            time.sleep(world.delay / 2)
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = _serve

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    world = World()
    server = Server(("127.0.0.1", 0), Handler)
    print(f"Upstream at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()

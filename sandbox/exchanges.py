"""The log of requests to the two APIs and their answers. Holds no secrets."""

import collections
import json
import time

KEPT = 1000
#: Fields whose values never get into the log.
SECRET_FIELDS = {"signing_secret_part_b"}
LONGEST_BODY = 20_000


class Exchanges:
    """The last exchanges, numbered from 1. In memory only."""

    def __init__(self, world):
        self._world = world
        self._kept = collections.deque(maxlen=KEPT)
        self.count = 0

    def add(self, request, **facts):
        """Note an exchange.

        :param request: the :class:`sandbox.server.ApiRequest`
        :param facts: status, response_body (bytes), signature (verdict), …
        """
        with self._world.changed:
            self.count += 1
            self._kept.append(
                {
                    "n": self.count,
                    "at": time.time(),
                    "method": request.method,
                    "path": request.target,
                    "host": request.host,
                    "request_body": readable(request.body),
                    **facts,
                    "response_body": readable(facts.get("response_body") or b""),
                }
            )
            self._world.revision += 1
            self._world.changed.notify_all()

    def after(self, number):
        """Exchanges numbered above ``number``, oldest first."""
        with self._world.changed:
            return [e for e in self._kept if e["n"] > number]

    def clear(self):
        self._kept.clear()
        self.count = 0


def readable(body):
    """A body as JSON with secrets masked, else as text; None when empty."""
    if not body:
        return None
    try:
        return _masked(json.loads(body))
    except ValueError:
        return body.decode("utf-8", "replace")[:LONGEST_BODY]


def _masked(value):
    if isinstance(value, dict):
        return {
            key: "(secret)" if key in SECRET_FIELDS else _masked(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return value

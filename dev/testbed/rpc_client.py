"""A browser's session with Odoo, without the browser."""

import itertools
import json

import requests

from .concurrency import PATIENCE


class RpcClient:
    """A session, valid at every server of the database; several threads may share it.

    :param answers: gets the text of every answer
    """

    def __init__(self, server, login, answers):
        self._answers = answers
        self._server = server
        self._number = itertools.count(1)
        answer = self._post(
            f"{server.url}/web/session/authenticate",
            {"db": server.database, "login": login, "password": login},
            {},
        )
        assert "error" not in answer.json(), answer.text
        self.cookies = {"session_id": answer.cookies["session_id"]}

    def _post(self, url, params, cookies):
        answer = requests.post(
            url,
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "id": next(self._number),
                "params": params,
            },
            cookies=cookies,
            timeout=2 * PATIENCE,
        )
        self._answers.append(answer.text)
        return answer

    def json(self, path, params, at=None, evented=False):
        """Call a route.

        :param at: the server; by default the one that made the session
        :raises Refused: Odoo answered with an error
        """
        server = at or self._server
        url = server.evented_url if evented else server.url
        answer = self._post(url + path, params, self.cookies).json()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def call(self, model, method, *args, at=None, **kwargs):
        """Call a method of a model."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.json(f"/web/dataset/call_kw/{model}/{method}", params, at=at)


class Refused(Exception):
    """Odoo answered with an error; ``name`` is its exception."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        super().__init__(data.get("message") or json.dumps(error))

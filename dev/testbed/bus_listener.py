"""The bus of a register, as another tab of it receives it."""

import json
from urllib.parse import urlsplit

import websocket

from .concurrency import PATIENCE


class BusListener:
    """Receives the messages of a register's channel.

    :param token: the register's access token
    :param last: id of the last message that is of no interest any more
    """

    def __init__(self, server, client, token, last):
        self._token = token
        address = urlsplit(server.evented_url)
        self._socket = websocket.create_connection(
            f"ws://{address.netloc}/websocket",
            cookie=f"session_id={client.cookies['session_id']}",
            origin=server.url,
            timeout=PATIENCE,
        )
        data = {"channels": [token], "last": last}
        self._socket.send(json.dumps({"event_name": "subscribe", "data": data}))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._socket.close()

    def wait_for(self, name, wanted=lambda payload: True):
        """Wait for such a message; return its payload.

        :raises websocket.WebSocketTimeoutException: there was none
        """
        while True:
            for notification in json.loads(self._socket.recv()):
                message = notification["message"]
                if message["type"] == f"{self._token}-{name}":
                    if wanted(message["payload"]):
                        return message["payload"]

"""A network link that can be cut, or forget its connections: TCP from one port of this
machine to another."""

import socket
import threading


class TcpLink:
    """Passes bytes on between a port that it opens and ``target``, until cut.

    :param target: port of this machine
    """

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends = []
        self._passages = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._ends += [near, far]
            forgotten = threading.Event()
            self._passages.append((near, forgotten))
            for pair in ((near, far), (far, near)):
                args = (*pair, forgotten)
                threading.Thread(target=_pump, args=args, daemon=True).start()

    def forget(self):
        """Pass on nothing more of the connections that are open, as a router does that
        has forgotten them: neither end notices.

        :return: how many they were
        """
        passages, self._passages = self._passages, []
        is_open = [near.fileno() != -1 for near, _forgotten in passages]
        for _near, forgotten in passages:
            forgotten.set()
        return sum(is_open)

    def cut(self):
        """Refuse connections from now on, and break those that are open."""
        for end in (self._listener, *self._ends):
            _close(end)


def _pump(source, sink, forgotten):
    try:
        while data := source.recv(65536):
            if forgotten.is_set():
                return
            sink.sendall(data)
    except OSError:
        pass
    if forgotten.is_set():
        return
    _close(source)
    _close(sink)


def _close(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()

"""An HTTP proxy between browser and Odoo that refuses, delays and loses.

Faults are made on real connections, because browsers handle broken ones in ways of
their own: they repeat a request by themselves when a connection that was open breaks.
"""

import asyncio
import contextlib
import re
import threading

import aiohttp
from aiohttp import web

from .concurrency import PATIENCE

#: Headers about one connection.
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade"}
#: In every message of the bus about a payment.
ABOUT_PAYMENTS = "MX51_SCI_TRANSACTION"


class Rule:
    """What happens to the requests whose path matches, until the rule ends.

    :param how: ``refuse``: Odoo does not get them; ``lose``: Odoo acts, its answer is
        lost; ``truncate``: half of the answer arrives; ``slow``: the answer arrives
        when the rule ends
    """

    def __init__(self, how, path):
        self.how, self._path = how, re.compile(path)
        self._applied, self._ended = threading.Semaphore(0), threading.Event()

    def matches(self, path):
        return self._path.search(path)

    def apply(self):
        self._applied.release()
        return self.how

    def wait_for_request(self):
        """Wait until it has applied to one more request."""
        assert self._applied.acquire(timeout=PATIENCE), f"no request for {self._path}"

    def end(self):
        self._ended.set()

    async def wait(self):
        while not self._ended.is_set():
            await asyncio.sleep(0.02)


class Proxy:
    """Passes everything on to ``target``, a URL, except for what its rules say."""

    target = None

    def __init__(self):
        self.rules = []
        #: Whether messages of the bus about payments are dropped.
        self.bus_is_silent = False
        self._port = 0
        self._is_cut = False
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._run(self._start())
        self.url = f"http://127.0.0.1:{self._port}"

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self):
        self._client = aiohttp.ClientSession(
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None),
        )
        self._runner = web.ServerRunner(web.Server(self._handle))
        await self._runner.setup()
        await self._listen()

    async def _listen(self):
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    async def _close(self):
        await self._site.stop()
        for transport in self._open():
            transport.abort()

    def _open(self):
        """The transports of the browser's connections, idle ones included."""
        connections = self._runner.server.connections
        return [one.transport for one in connections if one.transport]

    def stop(self):
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _end(self):
        await self._close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await self._client.close()

    # -- faults -----------------------------------------------------------------------

    @contextlib.contextmanager
    def rule(self, how, path):
        """Apply a :class:`Rule` within this block."""
        rule = Rule(how, path)
        self.rules.append(rule)
        try:
            yield rule
        finally:
            self.rules.remove(rule)
            rule.end()

    def cut(self):
        """Break all connections, and accept no new one."""
        self._run(self._close())
        self._is_cut = True

    def mend(self):
        self._run(self._listen())
        self._is_cut = False

    def heal(self):
        """No fault any more."""
        self.bus_is_silent = False
        if self._is_cut:
            self.mend()

    # -- passing on -------------------------------------------------------------------

    async def _handle(self, request):
        is_bus = request.headers.get("Upgrade", "").lower() == "websocket"
        return await (self._pass_bus if is_bus else self._pass)(request)

    async def _pass(self, request):
        body = await request.read()
        rule = next((rule for rule in self.rules if rule.matches(request.path)), None)
        how = rule and rule.apply()
        if how == "refuse":
            return self._abort(request)
        answer = await self._forward(request, body)
        if how == "slow":
            await rule.wait()
        if how == "truncate":
            await answer.prepare(request)
            request.transport.write(answer.body[: len(answer.body) // 2])
        return self._abort(request) if how in ("lose", "truncate") else answer

    def _abort(self, request):
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _forward(self, request, body):
        """Odoo's whole answer."""
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP}
        async with self._client.request(
            request.method,
            self.target + request.raw_path,
            headers=headers,
            data=body,
            allow_redirects=False,
        ) as answer:
            kept = [(k, v) for k, v in answer.headers.items() if k.lower() not in HOP]
            return web.Response(
                status=answer.status, headers=kept, body=await answer.read()
            )

    async def _pass_bus(self, request):
        near = web.WebSocketResponse()
        await near.prepare(request)
        headers = {k: request.headers[k] for k in ("Cookie", "Origin", "Host")}
        url = self.target + request.raw_path
        async with self._client.ws_connect(url, headers=headers) as far:
            both = self._pump(near, far), self._pump(far, near)
            pumps = [asyncio.ensure_future(pump) for pump in both]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
        return near

    async def _pump(self, source, sink):
        async for message in source:
            if self.bus_is_silent and ABOUT_PAYMENTS in message.data:
                continue
            await sink.send_str(message.data)

"""Chromium, driven over its debugging port."""

import json
import shutil
import subprocess
import time

import websocket


class Page:
    """One page in a headless Chromium."""

    def __init__(self, folder, width=1366, height=768):
        program = shutil.which("chromium") or shutil.which("google-chrome")
        assert program, "Chromium is needed to look at the page; install chromium."
        self.process = subprocess.Popen(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--window-size={width},{height}",
                f"--user-data-dir={folder}",
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in self.process.stderr:
            if "DevTools listening on" in line:
                address = line.split()[-1]
                break
        self.socket = websocket.create_connection(address, timeout=20)
        self.count = 0
        self.session = None
        self.errors = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        self.send("Runtime.enable")
        self.send("Log.enable")

    def send(self, method, **params):
        """A command of the DevTools protocol and its result."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.errors.append(answer["params"])
            if answer.get("id") == self.count:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url):
        self.send("Page.navigate", url=url)

    def evaluate(self, expression):
        """The value of an expression of JavaScript in the page."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, expression, timeout=10):
        """The value of an expression as soon as it is true."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            value = self.evaluate(expression)
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"Did not become true: {expression}")

    def text(self, selector):
        """The text of an element as soon as it is there."""
        return self.wait(f"document.querySelector({selector!r})?.textContent")

    def touch(self, selector):
        """Touch an element as soon as it can be touched."""
        usable = f"{selector}:not(:disabled)"
        self.wait(f"document.querySelector({usable!r})?.checkVisibility()")
        self.evaluate(f"document.querySelector({selector!r}).click()")

    def close(self):
        self.socket.close()
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

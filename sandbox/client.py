"""Start a sandbox as a process of its own, and call its control API.

For the tests of whoever integrates with it. Needs ``requests``.
"""

import os
import subprocess
import sys
from pathlib import Path

import requests

API_KEY = "api-key-of-the-client"
SIGNING_SECRET_PART_A = "part-a-of-the-client"
#: Seconds within which the control API answers.
TIME_LIMIT = 60
#: Where ``python -m sandbox`` works.
ROOT = Path(__file__).resolve().parents[1]


class Sandbox:
    """A running sandbox; see README.rst for the control API.

    ``url`` is its address. A call that the sandbox refuses raises AssertionError with
    its sentence.

    :param options: of its command line, without ``--port``
    """

    #: More arguments for ``subprocess.Popen``.
    popen_options = {}
    #: More environment variables, such as ``TZ`` for the time on receipts.
    variables = {}

    def __init__(self, *options):
        self._options = [str(option) for option in options]
        self.start()

    def start(self, port=0):
        """Start it; or, after `stop`, again at the port that it had."""
        command = [sys.executable, "-m", "sandbox", "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *self._options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "MX51_SANDBOX_API_KEY": API_KEY,
                "MX51_SANDBOX_SIGNING_SECRET_PART_A": SIGNING_SECRET_PART_A,
                **self.variables,
            },
            **self.popen_options,
        )
        # "Sandbox ready at URL"
        self.url = self.process.stdout.readline().split()[-1]

    def stop(self):
        """End it at once; only a ``--state`` file keeps what it knew."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def addon_environment(self):
        """The variables with which the addon finds this sandbox."""
        return {
            "MX51_SCI_PAIRING_API_URL": self.url,
            "MX51_SCI_PAIRING_API_KEY": API_KEY,
            "MX51_SCI_SIGNING_SECRET_PART_A": SIGNING_SECRET_PART_A,
        }

    def get(self, path, **query):
        return self._control("GET", path, params=query).json()

    def post(self, path, /, **data):
        return self._control("POST", path, json=data).json()

    def _control(self, method, path, **content):
        url = f"{self.url}/control/{path}"
        answer = requests.request(method, url, timeout=TIME_LIMIT, **content)
        assert answer.ok, answer.text
        return answer

    def set(self, **settings):
        return self.post("settings", **settings)

    def touch(self, verb, terminal="front-bar", **data):
        """Do what a person does at a virtual terminal."""
        return self.post(f"terminals/{terminal}/{verb}", **data)

    def shows(self, screen, terminal="front-bar", timeout=10):
        """Wait until the terminal shows this screen, at most ``timeout`` seconds."""
        return self.get("wait", terminal=terminal, screen=screen, timeout=timeout)

    def fault(self, action, path="/v1/", **fields):
        """Make the next calls whose path matches go wrong."""
        return self.post("faults", action=action, path=path, **fields)

    def clear_faults(self):
        self._control("DELETE", "faults")

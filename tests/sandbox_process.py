"""The sandbox as a process of its own, and a hand at its terminals."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import requests

ADDON = Path(__file__).resolve().parents[1]
API_KEY = "api-key-of-the-tests"
PART_A = "part-a-of-the-tests"


class Sandbox:
    """A running sandbox, whose second terminal has a base URL of its own. ``stop()``
    ends it; its state is forgotten.

    :param hold: seconds that it holds a poll
    """

    def __init__(self, hold=1):
        self._folder = tempfile.TemporaryDirectory()
        state = Path(self._folder.name) / "sandbox.sqlite"
        command = [sys.executable, "-m", "sandbox", "--port", "0", "--second-port", "0"]
        self._process = subprocess.Popen(
            [*command, "--state", str(state), "--hold", str(hold)],
            cwd=ADDON,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "MX51_SANDBOX_API_KEY": API_KEY,
                "MX51_SANDBOX_SIGNING_SECRET_PART_A": PART_A,
            },
        )
        self.url = self._process.stdout.readline().split()[-1]
        self._http = requests.Session()

    def stop(self):
        self._http.close()
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def environment(self, **changes):
        """Patch of ``os.environ`` with the addon's credentials for this sandbox."""
        values = {
            "MX51_SCI_PAIRING_API_URL": self.url,
            "MX51_SCI_PAIRING_API_KEY": API_KEY,
            "MX51_SCI_SIGNING_SECRET_PART_A": PART_A,
            **changes,
        }
        return patch.dict(os.environ, values)

    def get(self, path, **query):
        return self._answer(
            self._http.get(f"{self.url}/control/{path}", params=query, timeout=30)
        )

    def control(self, verb, **body):
        return self._answer(
            self._http.post(f"{self.url}/control/{verb}", json=body, timeout=30)
        )

    def terminal(self, action="", terminal="front-bar", **body):
        """Do something on a virtual terminal."""
        return self.control(f"terminals/{terminal}/{action}", **body)

    def fault(self, path, action, method="POST", times=1, **details):
        return self.control(
            "faults", path=path, method=method, times=times, action=action, **details
        )

    def clear_faults(self):
        self._http.delete(f"{self.url}/control/faults", timeout=30)

    def requests_to(self, path_end, method="POST"):
        """The exchanges of the API whose path ends so, oldest first."""
        return [
            exchange
            for exchange in self.get("exchanges")
            if exchange["method"] == method
            and exchange["path"].split("?")[0].endswith(path_end)
        ]

    @staticmethod
    def _answer(response):
        response.raise_for_status()
        return response.json()

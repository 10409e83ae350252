"""Where every command in dev/ starts: find a Python that Odoo 19 runs on, then go on.

Written for any Python 3, so that even an old one prints the sentence below.
"""

import os
import sys

SUPPORTED = ((3, 10), (3, 11), (3, 12), (3, 13))


def main(module):
    """Run `lib.<module>.main(arguments)` under a supported Python."""
    if sys.version_info[:2] not in SUPPORTED:
        _start_again_under_a_supported_python()
    sys.dont_write_bytecode = True
    import importlib

    command = importlib.import_module("lib." + module)
    console = importlib.import_module("lib.console")
    sys.exit(console.guarded(command.main, sys.argv[1:]))


def _start_again_under_a_supported_python():
    for major, minor in reversed(SUPPORTED):
        name = "python%d.%d" % (major, minor)
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            python = os.path.join(folder, name)
            if os.access(python, os.X_OK) and _answers(python):
                os.execv(python, [python] + sys.argv)
    sys.exit(
        "Python 3.10, 3.11, 3.12 or 3.13 is needed, and python3 is %d.%d: install one "
        "of them, then run this again." % sys.version_info[:2]
    )


def _answers(python):
    """Whether it starts: version managers leave stubs on PATH that do not."""
    import subprocess

    return (
        subprocess.call(
            [python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        == 0
    )

"""``python -m release_check ADDON LAST NAME PICTURES``.

ADDON and LAST are the addons folders of the release and of the one before it, which is
called NAME; screenshots go to the folder PICTURES.
"""

import sys
from pathlib import Path

from lib.console import guarded, say
from testbed.sandbox import Sandbox

from . import empty_odoo, last_release


def main(arguments):
    addon, last, name, pictures = arguments
    addon, last, pictures = Path(addon), Path(last), Path(pictures)
    problems = []
    sandbox = Sandbox()
    try:
        problems += empty_odoo.check(addon, sandbox, pictures)
        problems += last_release.check(last, name, addon, sandbox, pictures.parent)
    finally:
        sandbox.stop()
    for problem in problems:
        say(f"\n{problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(guarded(main, sys.argv[1:]))

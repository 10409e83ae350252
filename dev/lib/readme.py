"""./dev/readme: makes README.rst and the store page of the fragments in readme/."""

import argparse

from . import debian, packages, places
from .console import run


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev/readme", description=__doc__)
    parser.parse_args(arguments)
    debian.install(packages.missing_for_venv())
    run(
        [packages.python(packages.LINTERS), "-B", "-m", "readme_pages"],
        "The pages cannot be made:",
        cwd=places.CHECKOUT / "dev",
    )

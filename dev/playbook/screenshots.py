"""``python -m playbook.screenshots``: makes the pictures of ``pictures.json``."""

import io
import sys
import tempfile
from pathlib import Path

from lib import console, picture_state, places
from lib.console import Stop, say
from lib.screenshots import parser
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import accessibility, at_register, mx51, pictures, screens, seen  # noqa: F401
from .at_terminal import SandboxTerminal, Simulator
from .sentences import play
from .stage import TERMINALS, raised

#: Of a picture's palette: screens have few colours, and files stay small. Refined, or
#: the colours of what is small would be those of what is large.
PALETTE = {"colors": 256, "kmeans": 2, "dither": Image.Dither.NONE}


def main(arguments):
    options = parser().parse_args(arguments)
    wanted = set(options.names) or set(pictures.names())
    if unknown := wanted - set(pictures.names()):
        raise Stop(f"There is no picture {', '.join(sorted(unknown))}.")
    mark = picture_state.now()
    sandbox = Simulator()
    terminals = {key: SandboxTerminal(sandbox, key) for key in TERMINALS}
    try:
        with tempfile.TemporaryDirectory() as folder:
            with raised(Path(folder), sandbox, terminals) as stage:
                stage.sandbox = sandbox
                for story in pictures.stories():
                    if wanted & set(pictures.of_story(story)):
                        _tell(stage, story, mark)
    finally:
        sandbox.stop()
    return 0


def _tell(stage, story, mark):
    """Play one story, and take its pictures.

    :param mark: of the screens' state, for their files
    """
    stage.pair() if story.get("begins", "paired") == "paired" else stage.unpair()
    stage.mark = stage.exchanges.count()
    for step in story["steps"]:
        if name := pictures.name_in(step):
            keep(_taken(stage.page), places.CHECKOUT / pictures.file_of(name), mark)
            say(f"  {pictures.file_of(name)}")
        else:
            play(stage, step)
    stage.exchanges.mend()
    for terminal in stage.terminals.values():
        terminal.tidy()
    stage.forget_register()
    stage.database.resolve_all()


def _taken(page):
    screens.ready(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)  # until what faded in has done so
    return Image.open(io.BytesIO(page.screenshot(animations="disabled")))


def keep(image, file, mark):
    """Write a picture, and of which state of the screens it is."""
    small = image.convert("RGB").quantize(**PALETTE)
    info = PngInfo()
    info.add_text(picture_state.NAME, mark)
    file.parent.mkdir(parents=True, exist_ok=True)
    small.save(file, optimize=True, pnginfo=info)


if __name__ == "__main__":
    sys.exit(console.guarded(main, sys.argv[1:]))

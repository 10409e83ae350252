from . import controllers
from . import models
from . import wizards

from .server import log_tail
from .uninstall import uninstall_hook

log_tail.start()

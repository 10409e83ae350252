from . import controllers
from . import models
from . import wizards

from .uninstall import uninstall_hook

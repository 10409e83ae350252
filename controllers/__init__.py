from . import kiosk
from . import main

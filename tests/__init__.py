from . import test_client
from . import test_messages
from . import test_pairing
from . import test_payment
from . import test_recovery
from . import test_security
from . import test_signing

from . import pos_sci_receipt_mail
from . import pos_sci_resolve

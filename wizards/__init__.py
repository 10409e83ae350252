from . import pos_sci_resolve

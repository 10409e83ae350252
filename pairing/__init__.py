"""How a terminal is paired and unpaired. Defines no Odoo model and imports none."""

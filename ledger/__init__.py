"""What happens to a card transaction. Defines no Odoo model and imports none."""

"""Simple Cloud Integration, the protocol: plain Python and requests.

Imports nothing of Odoo and knows no database.
"""

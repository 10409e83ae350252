"""A stand-in for mx51's Simple Cloud Integration and two of its EFTPOS terminals.

A process of its own for development and tests: it imports nothing of Odoo and
nothing of the addon, so that a misreading of the protocol on one side is not
hidden by the same misreading on the other. See README.rst.
"""

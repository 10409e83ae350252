"""Everything that runs in process tests, chaos and benchmark: real Odoo servers, the
sandbox as mx51, nginx, a shop, a browser, and what comes between them.

Each thing exists once, here; whoever uses it may subclass it.
"""

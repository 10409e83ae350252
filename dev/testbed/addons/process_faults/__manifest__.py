{
    "name": "Faults inside an Odoo process",
    "summary": "Loaded by the process tests with --load, never installed",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "pos_mx51_sci maintainers",
    "license": "LGPL-3",
    "depends": ["web"],
    "installable": False,
    "post_load": "arm",
}

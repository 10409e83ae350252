{
    "name": "A log of the exchanges with mx51",
    "summary": "Loaded by ./dev/certify with --load, never installed",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "pos_mx51_sci maintainers",
    "license": "LGPL-3",
    "depends": ["web"],
    "installable": False,
    "post_load": "arm",
}

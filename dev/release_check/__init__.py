"""Tries the files of a release: as the stranger who installs them, and as the shop that
updates to them."""

"""Card payments while everything fails; run by ``./dev/chaos``."""

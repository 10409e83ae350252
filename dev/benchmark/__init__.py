"""What a card payment costs; run by ``./dev/bench``."""

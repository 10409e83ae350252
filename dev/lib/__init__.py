"""The developer tooling. Standard library only: it has to run on an empty machine."""

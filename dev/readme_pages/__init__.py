"""README.rst and the store page, made of the fragments in readme/."""

"""What merchants, cashiers and customers do, written down as plain sentences and played
in Chromium: the cases of the certification and the pictures of the guides.

``cases.json`` and ``pictures.json`` hold the sentences, the modules named after who
acts say what each one does, and ``screens.py`` alone knows the screens' elements.
"""

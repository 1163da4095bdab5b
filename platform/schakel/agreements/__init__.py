"""*Samenwerkingsafspraken* between primary and secondary care: text, start, last confirmation, and their events."""

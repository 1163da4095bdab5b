"""*Samenwerkingsafspraken* between the lines: text, since when, last confirmed, on which table they lie."""

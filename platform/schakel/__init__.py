"""Schakel: wat tussen eerste en tweede lijn gevraagd, beloofd of geoordeeld wordt, raakt niet kwijt."""

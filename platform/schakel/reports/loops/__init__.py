"""Invariants over the complete database (`flask lussen controleer`): nothing asked, promised or ruled gets lost."""

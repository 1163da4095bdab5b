"""Invariants over the whole database (`flask lussen controleer`): nothing asked, promised or ruled gets lost."""

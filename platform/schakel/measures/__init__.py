"""Measures and commitments: decided, carried out, checked, effective, embedded; without any link to a case."""

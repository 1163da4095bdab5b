"""Measures and commitments: decided, carried out, checked, effective, embedded; without any path to a case."""

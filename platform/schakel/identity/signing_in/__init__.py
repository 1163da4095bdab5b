"""Signing in: tries that are counted, visits, the end of sessions."""

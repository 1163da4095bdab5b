"""Signing in: counted attempts, visits, the end of sessions."""

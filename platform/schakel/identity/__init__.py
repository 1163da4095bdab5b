"""Organisations, people, accounts, roles with scope and dates, deputies, sign-in."""

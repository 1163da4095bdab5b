"""Roles over organisations, and deputies."""

"""Roles over organisations, and deputies who stand in for somebody."""

"""Deleting registrations after their retention period."""

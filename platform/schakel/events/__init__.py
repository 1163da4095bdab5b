"""Meetings of every kind: agenda, organisers, room, publishing and moving."""

"""Changing an action point beside its workflow: its date, owner, texts and evidence."""

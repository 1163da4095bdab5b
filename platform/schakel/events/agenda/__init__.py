"""The agenda of an event, its parallel sessions, its room and its steps."""

"""The agenda of an event, its parallel sessions, its capacity and its steps."""

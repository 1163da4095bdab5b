"""The coordinator's pages: create, change, publish, move and cancel an event."""

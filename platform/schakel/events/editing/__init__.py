"""The coordinator's pages: make, change, publish, move and cancel a meeting."""
